import type { Element, Nodes } from "hast";
import { classesOf, hasClass, propertyOf, textIn } from "../../html/elements.ts";
import { isOut } from "../../html/what-is-out.ts";
import { withoutInvisible } from "../character-references.ts";
import { inlineText, onOneLine } from "../inline-text.ts";
import { footnoteLabel } from "./footnotes.ts";
import * as sink from "./inline-parts.ts";
import { formulaOf, type Formula } from "./math.ts";

const MARKS: Readonly<Record<string, sink.MarkKind>> = {
  b: "strong",
  strong: "strong",
  em: "emphasis",
  i: "emphasis",
  del: "deleted",
  s: "deleted",
  strike: "deleted",
};

/** The parts of running text. */
export function readInline(nodes: readonly Nodes[]): readonly sink.InlinePart[] {
  const parts = sink.partSink();
  for (const node of nodes) read(node, parts);
  return parts.parts;
}

function readAll({ children }: Element, parts: sink.PartSink): void {
  for (const child of children) read(child, parts);
}

function read(node: Nodes, parts: sink.PartSink): void {
  if (node.type === "text") sink.addText(parts, node.value);
  if (node.type !== "element") return;
  const formula = formulaOf(node);
  if (formula !== null) readFormula(formula, parts);
  else if (!isOut(node)) readElement(node, parts);
}

function readElement(element: Element, parts: sink.PartSink): void {
  const { tagName } = element;
  const mark = MARKS[tagName];
  if (mark !== undefined) sink.addMarked(parts, mark, "", () => readAll(element, parts));
  else (READERS[tagName] ?? readOther)(element, parts);
}

function readOther(element: Element, parts: sink.PartSink): void {
  // The parts of a card are one below the other.
  const isApart = SEPARATE.has(element.tagName) || hasClass(element, "description");
  if (isApart) sink.addText(parts, " ");
  readAll(element, parts);
  if (isApart) sink.addText(parts, " ");
}

/** Blocks, where there can only be running text. */
const SEPARATE: ReadonlySet<string> = new Set(
  "address article aside blockquote dd details div dl dt fieldset figcaption figure footer h1 h2 h3 h4 h5 h6 header hr legend li main ol p pre section summary table tbody td tfoot th thead tr ul".split(
    " ",
  ),
);

function code(element: Element, parts: sink.PartSink): void {
  sink.addCode(parts, textIn(element, isOut));
}

/** Adds a reference to a footnote; false if the element is none. */
function readNote(element: Element, parts: sink.PartSink): boolean {
  const label = footnoteLabel(element);
  if (label !== null) sink.addPart(parts, { kind: "markdown", text: `[^${label}]` });
  return label !== null;
}

function link(element: Element, parts: sink.PartSink): void {
  const target = propertyOf(element, "href") ?? "";
  if (readNote(element, parts)) return;
  if (target === "" || parts.depths.get("link") === 1) readAll(element, parts);
  else sink.addMarked(parts, "link", target, () => readAll(element, parts));
}

function raised(element: Element, parts: sink.PartSink): void {
  if (!readNote(element, parts)) readAll(element, parts);
}

function image(element: Element, parts: sink.PartSink): void {
  const alt = onOneLine(withoutInvisible(propertyOf(element, "alt") ?? ""));
  const source = propertyOf(element, "src") ?? "";
  if (alt !== "") sink.addPart(parts, { kind: "image", alt, source });
}

function lineBreak(_: Element, parts: sink.PartSink): void {
  sink.addBreak(parts);
}

/** Only a box to tick shows what it is. */
function input(element: Element, parts: sink.PartSink): void {
  if (propertyOf(element, "type") !== "checkbox" || parts.parts.length > 0) return;
  const isChecked = propertyOf(element, "checked") !== null;
  sink.addPart(parts, { kind: "markdown", text: isChecked ? "[x]" : "[ ]" });
  parts.hasSpace = true;
}

const READERS: Readonly<Record<string, (element: Element, parts: sink.PartSink) => void>> = {
  a: link,
  br: lineBreak,
  code,
  tt: code,
  sup: raised,
  img: image,
  input,
};

const wordsOf = (text: string): string => (text.match(/[\p{L}\p{N}]+/gu) ?? []).join(" ");

/** A formula as authors write it, unless Markdown would then not show all of it. */
function readFormula({ source, isTex }: Formula, parts: sink.PartSink): void {
  const line = onOneLine(source);
  if (line === "") return;
  const written = `$${line}$`;
  const isSafe = isTex && wordsOf(inlineText(written)) === wordsOf(line);
  if (isSafe) sink.addPart(parts, { kind: "markdown", text: written });
  else sink.addText(parts, isTex ? written : line);
}

/** Whether an element shows its text in bold because it is the title of a box. */
export const isBoxTitle = (element: Element): boolean =>
  classesOf(element).some((name) => BOX_TITLE.test(name));

const BOX_TITLE =
  /^(?:starlight-aside__title|custom-block-title|admonition-title|alert-heading|markdown-alert-title|blockquote-tag-title|admonitionHeading.*|sd-card-title|callout-title)$/;
