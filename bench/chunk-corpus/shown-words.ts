import type { Element, Nodes } from "hast";
import { read, visibleText } from "../../test/chunking/laws/reading.ts";
import type { Chunk } from "../../src/words/types.ts";

/** Elements that show no text of the page. */
const SILENT = new Set(["script", "style", "noscript", "svg", "nav", "button"]);

/** What hosts add around the text: links to headings, names of languages, tabs that repeat code titles. */
const ADDED =
  /^(?:header-anchor|hash-link|lang|line-numbers-wrapper|tabs|data-footnote-backref|sr-only)$/;

/** Elements that part no words. */
const INLINE =
  /^(?:a|abbr|b|bdi|bdo|cite|code|del|dfn|em|i|ins|kbd|label|mark|q|s|samp|small|span|strong|sub|sup|time|u|var|wbr)$/;

const classesOf = ({ properties }: Element): readonly string[] =>
  Array.isArray(properties["className"]) ? properties["className"].map(String) : [];

const isSilent = (node: Element): boolean =>
  SILENT.has(node.tagName) ||
  "dataFootnoteRef" in node.properties ||
  classesOf(node).some((name) => ADDED.test(name));

/** Names of elements, of components too. */
const nameOf = (node: Nodes): string =>
  node.type === "element" ? node.tagName : "name" in node ? (node.name ?? "") : "";

const isInline = (node: Nodes): boolean =>
  INLINE.test(nameOf(node)) || (node.type === "mdxJsxTextElement" && /^[A-Z]/.test(nameOf(node)));

interface Reading {
  /** Whether Vue fills nothing in. */
  readonly isVerbatim: boolean;
  /** Whether alternative texts count. */
  readonly hasAlt: boolean;
}

/** Text that a rendered page shows. */
function shownText(node: Nodes, reading: Reading): string {
  if (node.type === "text")
    return reading.isVerbatim ? node.value : node.value.replace(/\{\{[\s\S]*?\}\}/g, "");
  if (!("children" in node)) return "";
  const isElement = node.type === "element";
  if (isElement && isSilent(node)) return "";
  if (isElement && node.tagName === "img" && reading.hasAlt)
    return ` ${String(node.properties["alt"] ?? "")} `;
  const isVerbatim = reading.isVerbatim || (isElement && "v-pre" in node.properties);
  const text = node.children.map((child) => shownText(child, { ...reading, isVerbatim })).join("");
  return isInline(node) ? text : ` ${text} `;
}

/** The words of a text as readers and hosts compare them, in small letters. */
const wordsOf = (text: string): string[] =>
  text
    .normalize("NFKC")
    .replace(/[\u00AD\u200B-\u200D\u2060\uFEFF]/g, "")
    .toLowerCase()
    .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];

/** Words that the host shows more often than the chunks of the page have them. */
export function unseenWords(shown: Nodes, chunks: readonly Chunk[]): string[] {
  const texts = chunks.flatMap(({ text }) => read(text, "md") ?? []).map(visibleText);
  // A host without footnotes shows their labels.
  const labels = chunks.flatMap(({ text }) => text.match(/\[\^[\w-]+\]/g) ?? []);
  const left = new Map<string, number>();
  for (const word of wordsOf([chunks[0]?.title, ...texts, ...labels].join("\n")))
    left.set(word, (left.get(word) ?? 0) + 1);
  return wordsOf(shownText(shown, { isVerbatim: false, hasAlt: false })).filter((word) => {
    const count = left.get(word) ?? 0;
    left.set(word, count - 1);
    return count <= 0;
  });
}

/** Headings of a rendered page that no section of its chunks names. */
export function unnamedHeadings(shown: Nodes, chunks: readonly Chunk[]): string[] {
  const named = new Set(
    chunks.flatMap(({ title, sections }) =>
      [title, ...sections.map(({ heading }) => heading ?? "")].map((name) =>
        wordsOf(name).join(" "),
      ),
    ),
  );
  const found: string[] = [];
  const visit = (node: Nodes): void => {
    const isHeading = node.type === "element" && /^h[1-6]$/.test(node.tagName);
    const names = [false, true].map((hasAlt) =>
      wordsOf(shownText(node, { isVerbatim: false, hasAlt })).join(" "),
    );
    const [name = ""] = names;
    if (isHeading && name !== "" && !names.some((one) => named.has(one))) found.push(name);
    if ("children" in node) node.children.forEach(visit);
  };
  visit(shown);
  return found;
}
