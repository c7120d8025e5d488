import type { Element, Nodes } from "hast";
import { classesOf, elementsIn, hasClass, propertyOf, textIn } from "../../html/elements.ts";
import { isOut } from "../../html/what-is-out.ts";
import { withoutInvisible } from "../character-references.ts";
import { tableParts } from "./tables.ts";

/** Elements that each hold one line of code. */
const LINE_CLASSES: ReadonlySet<string> = new Set(["ec-line", "token-line"]);

/** Classes of what hosts show beside code: line numbers and signs of a margin. */
const BESIDE: ReadonlySet<string> = new Set([
  "gutter",
  "ln",
  "lnt",
  "lineno",
  "linenos",
  "line-number",
  "line-numbers",
  "codeLineNumber",
  "buttons",
]);

/** Whether an element in code is no code. Hugo marks its line numbers by a style alone. */
const isBesideCode = (element: Element): boolean =>
  isOut(element) ||
  classesOf(element).some((name) => BESIDE.has(name)) ||
  /user-select\s*:\s*none/i.test(propertyOf(element, "style") ?? "");

/** The lines of a code block, without empty lines at its end. */
export function codeLines(pre: Element): string[] {
  const out: string[] = [];
  addCode(pre.children, out);
  const text = withoutInvisible(out.join("")).replaceAll("\0", "\uFFFD");
  return text
    .trimEnd()
    .replace(/^(?:[ \t]*\n)+/, "")
    .split("\n");
}

function addCode(nodes: readonly Nodes[], out: string[]): void {
  for (const [at, node] of nodes.entries()) {
    if (node.type === "text") {
      const isBetween = isLine(nodes[at - 1]) && node.value.trim() === "";
      if (!isBetween) out.push(node.value.replace(/\r\n?/g, "\n"));
    } else if (node.type === "element" && !isBesideCode(node)) {
      if (node.tagName === "br") out.push("\n");
      else if (isLine(node)) addLine(node, out);
      else addCode(node.children, out);
    }
  }
}

function addLine(line: Element, out: string[]): void {
  if (out.length > 0 && !out.at(-1)?.endsWith("\n")) out.push("\n");
  const inside: string[] = [];
  addCode(line.children, inside);
  const text = inside.join("");
  out.push(text.endsWith("\n") ? text : `${text}\n`);
}

const isLine = (node: Nodes | undefined): boolean =>
  node?.type === "element" &&
  (node.tagName === "p" ||
    (node.tagName === "div" && !hasClass(node, "code")) ||
    classesOf(node).some((name) => LINE_CLASSES.has(name)));

const LANGUAGE_CLASS = /^(?:language|lang|highlight|brush)[-:]([\w+#.-]+)$/;

/** Names of languages that say that there is none. */
const NO_LANGUAGE: ReadonlySet<string> = new Set([
  "plaintext",
  "text",
  "none",
  "default",
  "notranslate",
  "source",
  "fallback",
  "txt",
]);

function languageOf(element: Element): string | null {
  const named = propertyOf(element, "dataLanguage") ?? propertyOf(element, "dataLang");
  if (named !== null && named !== "") return named;
  for (const name of classesOf(element)) {
    const language = LANGUAGE_CLASS.exec(name)?.[1];
    if (language !== undefined) return language;
  }
  return hasClass(element, "mermaid") ? "mermaid" : null;
}

/** The language of code, as the nearest of its element and those around it names it. */
export function codeLanguage(pre: Element, around: readonly Element[]): string {
  const code = pre.children.find((child) => child.type === "element" && child.tagName === "code");
  const inside = code?.type === "element" ? [code, pre] : [pre];
  for (const element of [...inside, ...around.slice(-4).toReversed()]) {
    const language = languageOf(element);
    if (language !== null)
      return NO_LANGUAGE.has(language) ? "" : language.replace(/[^\w+#.-]/g, "");
  }
  return "";
}

const WRAPPER =
  /^(?:expressive-code|highlight|codehilite|nextra-code|code-block|literal-block-wrapper|highlighter-rouge|theme-code-block|vp-code-group|vp-code-block-title|language-.*|highlight-.*|codeBlockContainer.*|code-wrapper)$/;

/** Whether an element holds code and its title. */
export const isCodeWrapper = (element: Element): boolean =>
  propertyOf(element, "dataRehypePrettyCodeFigure") !== null ||
  classesOf(element).some((name) => WRAPPER.test(name));

const TITLE =
  /^(?:filename|caption-text|codeBlockTitle.*|code-title|(?:vp-)?code-block-title(?:-text)?)$/;

/** The element with the title of the code in a wrapper. */
export function codeTitle(wrapper: Element): Element | null {
  for (const element of elementsIn(wrapper, isTitleless)) {
    if (classesOf(element).some((name) => TITLE.test(name))) return element;
    if (propertyOf(element, "dataRehypePrettyCodeTitle") !== null) return element;
    if (element.tagName === "figcaption") return element;
  }
  const first = wrapper.children.find((child) => child.type === "element");
  const isNextra = hasClass(wrapper, "nextra-code") && first?.tagName === "div";
  return isNextra && !hasPre(first) ? first : null;
}

const isTitleless = (element: Element): boolean => element.tagName === "pre" || isOut(element);

/** The first code in an element; null if there is none. */
export function firstPre(element: Element): Element | null {
  for (const one of elementsIn(element, isOut)) if (one.tagName === "pre") return one;
  return null;
}

const hasPre = (element: Element): boolean => firstPre(element) !== null;

/** The words of a title, for the line that opens a fence. */
export const titleText = (title: Element): string =>
  textIn(title, isOut)
    .replace(/[\s"`]+/g, " ")
    .trim();

/**
 * The element whose text is the code: of a table of line numbers and code, the last cell's. Null if
 * the table holds something else.
 */
export function codeOfTable(table: Element): Element | null {
  const { rows } = tableParts(table);
  const cells = rows.flatMap(({ children }) => children).filter((cell) => cell.type === "element");
  const codeCells = cells.filter(({ tagName }) => tagName === "td");
  const titles = cells.filter((cell) => cell.tagName === "th" && !hasClass(cell, "filename"));
  if (codeCells.length === 0 || codeCells.length > 2 || titles.length > 0) return null;
  const [first, last] = [codeCells[0], codeCells.at(-1)];
  const hasNumbers = first !== undefined && /^[\s\d]*$/.test(textIn(first)) && hasPre(first);
  const isCode = hasNumbers || classesOf(table).some((name) => GUTTER_TABLES.has(name));
  return isCode && last !== undefined ? firstPre(last) : null;
}

/** Classes of tables of line numbers and code. */
const GUTTER_TABLES: ReadonlySet<string> = new Set([
  "highlighttable",
  "codehilitetable",
  "lntable",
  "rouge-table",
]);

/** The innermost code of an element: Jekyll writes a table of line numbers into code. */
export function innerPre(pre: Element): Element {
  let found = pre;
  for (const element of elementsIn(pre, isBesideCode))
    if (element.tagName === "pre") found = element;
  return found;
}
