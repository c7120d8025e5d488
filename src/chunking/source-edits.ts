import type { Definition, Nodes, Parents } from "mdast";
import { columnOf, endOf, lineStartOf, skipColumns, startOf } from "./columns.ts";
import { containerTitle } from "./containers.ts";
import { findExplicitId } from "./anchors.ts";
import { componentTitle, htmlText, lineBreaksOf } from "./html-text.ts";

/** A replacement of source text; offsets are those of the syntax tree. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Columns of white space to remove from `start` on; several such edits on one line add up. */
  readonly columns?: number;
}

export interface EditContext {
  readonly source: string;
  readonly definitions: ReadonlyMap<string, Definition>;
}

type Handler = (node: Nodes, context: EditContext, edits: Edit[]) => void;

/** Adds edits that remove `columns` of white space at the start of each line of a range but the first. */
export function dedentEdits(
  source: string,
  start: number,
  end: number,
  columns: number,
  edits: Edit[],
): void {
  if (columns <= 0) return;
  let line = source.indexOf("\n", start) + 1;
  while (line > 0 && line < end) {
    edits.push({ start: line, end: line, text: "", columns });
    line = source.indexOf("\n", line) + 1;
  }
}

/** Offset after the tag that begins at `start`; ignores `>` inside quotes and braces. */
function tagEnd(source: string, start: number, limit: number): number {
  let braces = 0;
  let quote = "";
  for (let index = start; index < limit; index += 1) {
    const character = source[index] ?? "";
    if (quote !== "") quote = character === quote ? "" : quote;
    else if (character === '"' || character === "'" || character === "`") quote = character;
    else if (character === "{") braces += 1;
    else if (character === "}") braces -= 1;
    else if (character === ">" && braces === 0) return index + 1;
  }
  return limit;
}

const SHOWN_ATTRIBUTES = ["title", "label"];

/** Title of a component: its literal `title` or `label` in bold, or an empty string. */
export function elementTitle(node: Nodes): string {
  if (node.type !== "mdxJsxFlowElement") return "";
  for (const name of SHOWN_ATTRIBUTES) {
    for (const attribute of node.attributes) {
      if (attribute.type !== "mdxJsxAttribute" || attribute.name !== name) continue;
      if (typeof attribute.value === "string") return componentTitle(attribute.value);
    }
  }
  return "";
}

/** Text of an expression that is a plain string, such as `{" "}`; an empty string for any other. */
export function expressionText(expression: string): string {
  const [, , text = ""] = /^\s*(["'`])((?:(?!\1)[^\\$])*)\1\s*$/.exec(expression) ?? [];
  return text;
}

const replace =
  (text: (node: Nodes, source: string) => string): Handler =>
  (node, { source }, edits) =>
    edits.push({ start: startOf(node), end: endOf(node), text: text(node, source) });

const keepLines = (node: Nodes, source: string): string =>
  lineBreaksOf(source.slice(startOf(node), endOf(node)));

const SILENT_ELEMENTS = new Set(["script", "style", "template", "noscript", "svg"]);

/** Whether an element does not show its content. */
export const isSilentElement = (node: Nodes): boolean =>
  "name" in node && typeof node.name === "string" && SILENT_ELEMENTS.has(node.name);

/** Adds edits that remove the indentation of an element's content, which counts from the element's own. */
function dedentChildren(node: Parents, source: string, edits: Edit[]): void {
  const column = columnOf(source, node);
  for (const child of node.children) {
    const line = lineStartOf(source, startOf(child));
    if (line <= startOf(node)) continue;
    dedentEdits(source, line - 1, endOf(child), columnOf(source, child) - column, edits);
  }
}

const element: Handler = (node, context, edits) => {
  const { source } = context;
  const end = endOf(node);
  if (!("children" in node) || node.children.length === 0 || isSilentElement(node)) {
    edits.push({ start: startOf(node), end, text: elementTitle(node) + keepLines(node, source) });
    return;
  }
  const opened = tagEnd(source, startOf(node), end);
  const closing = source.lastIndexOf("</", end);
  const tag = source.slice(startOf(node), opened);
  edits.push({ start: startOf(node), end: opened, text: elementTitle(node) + lineBreaksOf(tag) });
  for (const child of node.children) walk(child, context, edits);
  if (node.type === "mdxJsxFlowElement") dedentChildren(node, source, edits);
  if (closing >= opened) edits.push({ start: closing, end, text: "" });
};

/** A link destination that is valid in `(…)` and in a table cell. */
function destination(url: string): string {
  if (url.startsWith("data:")) return "";
  const safe = url.replaceAll("|", "%7C").replace(/[<>\n]/g, encodeURIComponent);
  return /[\s()]/.test(safe) || safe === "" ? `<${safe}>` : safe;
}

const linkReference: Handler = (node, context, edits) => {
  if (node.type !== "linkReference") return;
  const definition = context.definitions.get(node.identifier);
  node.children.forEach((child) => walk(child, context, edits));
  if (definition === undefined) return;
  const last = node.children.at(-1);
  const [start, end] = [last === undefined ? startOf(node) + 1 : endOf(last), endOf(node)];
  const target = lineBreaksOf(context.source.slice(start, end)) + destination(definition.url);
  edits.push({ start, end, text: `](${target})` });
};

const imageReference: Handler = (node, { source, definitions }, edits) => {
  if (node.type !== "imageReference") return;
  const definition = definitions.get(node.identifier);
  if (definition === undefined) return;
  const [start, end] = [startOf(node), endOf(node)];
  const written = source.slice(start, end);
  const split = node.referenceType === "shortcut" ? -1 : written.lastIndexOf("][");
  const alternative = split < 0 ? written : written.slice(0, split + 1);
  const target = lineBreaksOf(written.slice(alternative.length)) + destination(definition.url);
  edits.push({ start, end, text: `${alternative}(${target})` });
};

/** Drops the data of inline images, which can be megabytes. */
const image: Handler = (node, { source }, edits) => {
  if (node.type !== "image" || !node.url.startsWith("data:")) return;
  const [start, end] = [startOf(node), endOf(node)];
  const written = source.slice(start, end);
  edits.push({ start, end, text: `${written.slice(0, written.lastIndexOf("](") + 1)}()` });
};

const heading: Handler = (node, context, edits) => {
  if (node.type !== "heading") return;
  node.children.forEach((child) => walk(child, context, edits));
  const last = node.children.at(-1);
  if (last === undefined) return;
  const found = findExplicitId(context.source.slice(startOf(node), endOf(last)));
  if (found === null) return;
  edits.push({ start: startOf(node) + found.offset, end: endOf(last), text: "" });
};

const HANDLERS: Readonly<Partial<Record<Nodes["type"], Handler>>> = {
  html: replace((node) => (node.type === "html" ? htmlText(node.value) : "")),
  containerMarker: replace((node) =>
    node.type === "containerMarker" ? containerTitle(node.value) : "",
  ),
  mdxTextExpression: replace((node, source) =>
    node.type === "mdxTextExpression" ? expressionText(node.value) || keepLines(node, source) : "",
  ),
  mdxFlowExpression: replace((node, source) =>
    node.type === "mdxFlowExpression" ? expressionText(node.value) || keepLines(node, source) : "",
  ),
  mdxjsEsm: replace(keepLines),
  definition: replace(keepLines),
  mdxJsxTextElement: element,
  mdxJsxFlowElement: element,
  linkReference,
  imageReference,
  image,
  heading,
};

function walk(node: Nodes, context: EditContext, edits: Edit[]): void {
  const handle = HANDLERS[node.type];
  if (handle !== undefined) handle(node, context, edits);
  else if ("children" in node) for (const child of node.children) walk(child, context, edits);
}

/** The edits that turn the source of a node into its display text. */
export function editsOf(node: Nodes, context: EditContext): Edit[] {
  const edits: Edit[] = [];
  walk(node, context, edits);
  return edits;
}

/** The source between two offsets with the edits applied; of two that overlap, the first wins. */
export function applyEdits(
  source: string,
  start: number,
  end: number,
  edits: readonly Edit[],
): string {
  if (edits.length === 0) return source.slice(start, end);
  let text = "";
  let from = start;
  for (const edit of edits.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (edit.start >= end) break;
    if (edit.start < from && edit.columns === undefined) continue;
    if (edit.start > from) text += source.slice(from, edit.start);
    from = Math.max(edit.start, from);
    text += edit.text;
    const to = edit.columns === undefined ? edit.end : skipColumns(source, from, edit.columns);
    from = Math.min(to, end);
  }
  return text + source.slice(from, end);
}
