import type { Element } from "hast";
import { classesOf, propertyOf, textIn } from "../../html/elements.ts";
import { isOut } from "../../html/what-is-out.ts";
import { isShownName } from "../containers.ts";
import type { BlockNode } from "./block-nodes.ts";
import * as code from "./code.ts";
import { isFootnoteItem, labelIn } from "./footnotes.ts";
import { headingDepth, headingId } from "./headings.ts";
import type { InlinePart } from "./inline-parts.ts";
import { inlineMarkdown, inlineWords } from "./inline-markdown.ts";
import { readInline } from "./inline-reader.ts";
import { addText, addTitle, inside, nodesIn, type Reader } from "./reader.ts";
import { cellsIn, isLayout, tableParts, tableRows } from "./tables.ts";

/** Lists and quotations nested deeper than this are read as running text. */
const DEEPEST = 20;

/** Many generators make a heading a link to itself. */
const isLinkToPage = (part: InlinePart): boolean =>
  part.kind === "open" && part.mark === "link" && part.target.startsWith("#");

function heading(element: Element, reader: Reader): void {
  const depth = headingDepth(element) ?? 1;
  const id = headingId(element, reader.around);
  const all = readInline(element.children);
  const parts = all.some(isLinkToPage)
    ? all.filter((part) => !("mark" in part) || part.mark !== "link")
    : all;
  if (depth > 1 && id === null && reader.survey.hasIds) return addTitle(parts, reader, true);
  const [text, plain] = [inlineMarkdown(parts, "heading").trim(), inlineWords(parts)];
  if (text !== "") reader.nodes.push({ kind: "heading", depth, text, plain: plain || text, id });
}

/** Reads a code block. */
export function pre(element: Element, reader: Reader): void {
  const inner = code.innerPre(element);
  const lines = code.codeLines(inner);
  if (lines.every((line) => line.trim() === "")) return;
  const language =
    code.codeLanguage(inner, reader.around) || code.codeLanguage(element, reader.around);
  const title = reader.titles.get(element) ?? reader.titles.get(inner);
  const info = title === undefined ? language : `${language || "text"} ${title}`;
  reader.nodes.push({ kind: "code", info, lines });
}

function table(element: Element, reader: Reader): void {
  const shown = code.codeOfTable(element);
  if (shown !== null) {
    reader.around.push(element);
    pre(shown, reader);
    reader.around.pop();
    return;
  }
  const parts = tableParts(element);
  for (const caption of parts.captions) inside(caption, reader);
  if (isLayout(parts.rows)) {
    for (const cell of parts.rows.flatMap(cellsIn)) inside(cell, reader);
    return;
  }
  const rows = tableRows(parts);
  if (rows.some((row) => row.some((cell) => cell !== "")))
    reader.nodes.push({ kind: "table", rows });
}

function list(element: Element, reader: Reader): void {
  if (element.tagName === "ol" && element.children.some(isNote)) return footnotes(element, reader);
  if (reader.depth >= DEEPEST) return inside(element, reader);
  const items: BlockNode[][] = [];
  for (const child of element.children) {
    if (child.type !== "element" || isOut(child) || reader.survey.tabs.has(child)) continue;
    // What is between two items belongs to the one before.
    const isItem = child.tagName === "li" || items.length === 0;
    const nodes = nodesIn(
      child.tagName === "li" ? child : { ...element, children: [child] },
      reader,
    );
    if (isItem) items.push(nodes);
    else for (const node of nodes) items.at(-1)?.push(node);
  }
  const start = element.tagName === "ol" ? numberOf(element) : null;
  const shown = items.filter(({ length }) => length > 0);
  if (shown.length > 0) reader.nodes.push({ kind: "list", start, items: shown });
}

const isNote = (child: Element["children"][number]): boolean =>
  child.type === "element" && isFootnoteItem(child);

function footnotes(element: Element, reader: Reader): void {
  let number = numberOf(element);
  for (const child of element.children) {
    if (child.type !== "element" || isOut(child)) continue;
    const children = nodesIn(child, reader);
    if (children.length > 0)
      reader.nodes.push({ kind: "footnote", label: String(number), children });
    number += 1;
  }
}

/** Number of the first item; Markdown has numbers of up to nine digits. */
function numberOf(ordered: Element): number {
  const start = Number.parseInt(propertyOf(ordered, "start") ?? "1", 10);
  return start >= 0 && start < 1e8 ? start : 1;
}

/** Notes as older versions of Sphinx write them: a list of labels and texts. */
function definitions(element: Element, reader: Reader): void {
  if (!classesOf(element).includes("footnote")) return inside(element, reader);
  let label: string | null = null;
  for (const child of element.children) {
    if (child.type !== "element") continue;
    const children = child.tagName === "dd" && label !== null ? nodesIn(child, reader) : [];
    if (label !== null && children.length > 0)
      reader.nodes.push({ kind: "footnote", label, children });
    label = child.tagName === "dt" ? labelIn(textIn(child)) : null;
  }
}

function quote(element: Element, reader: Reader): void {
  const isAlert = classesOf(element).some((name) => name.startsWith("blockquote-tag"));
  if (isAlert || reader.depth >= DEEPEST) return inside(element, reader);
  const children = nodesIn(element, reader);
  if (children.length > 0) reader.nodes.push({ kind: "quote", children });
}

function term(element: Element, reader: Reader): void {
  const isText = element.children.every(
    (child) => child.type !== "element" || !reader.survey.blocks.has(child),
  );
  if (isText) addTitle(readInline(element.children), reader, false);
  else inside(element, reader);
}

/** What opens a box: in bold where the generator wrote it, as in the reading of sources. */
function summary(element: Element, reader: Reader): void {
  const box = reader.around.at(-1);
  const isOfBox =
    box !== undefined &&
    classesOf(box).some((name) => name === "custom-block" || isShownName(name));
  const hasBlocks = element.children.some(
    (child) => child.type === "element" && reader.survey.blocks.has(child),
  );
  if (hasBlocks) inside(element, reader);
  else if (isOfBox) addTitle(readInline(element.children), reader, true);
  else addText(readInline(element.children), reader, true);
}

/** How each element becomes blocks; what is not listed is what is in it. */
export const READERS: Readonly<Record<string, (element: Element, reader: Reader) => void>> = {
  h1: heading,
  h2: heading,
  h3: heading,
  h4: heading,
  h5: heading,
  h6: heading,
  table,
  ul: list,
  ol: list,
  menu: list,
  dl: definitions,
  blockquote: quote,
  dt: term,
  summary,
};
