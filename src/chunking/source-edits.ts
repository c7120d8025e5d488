import type { Definition, Nodes } from "mdast";
import type { HostName } from "../words/types.ts";
import { endOf, startOf } from "./columns.ts";
import { containerTitle } from "./containers.ts";
import { decodedMarkdown, referencesIn } from "./character-references.ts";
import { dedentChildren, dedentItem, endOfDedent, type Edit } from "./dedent.ts";
import { endOfHeading } from "./heading-text.ts";
import { hiddenAmong } from "./hidden-html.ts";
import { htmlText, partsText } from "./html-text.ts";
import {
  elementText,
  expressionText,
  isSilentElement,
  literalAttribute,
  nameOf,
} from "./jsx-text.ts";
import { lineBreaksOf } from "./line-breaks.ts";

export interface EditContext {
  readonly source: string;
  readonly host: HostName | null;
  readonly definitions: ReadonlyMap<string, Definition>;
}

type Handler = (node: Nodes, context: EditContext, edits: Edit[]) => void;

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

const replace =
  (text: (node: Nodes, source: string) => string): Handler =>
  (node, { source }, edits) =>
    edits.push({ start: startOf(node), end: endOf(node), text: text(node, source) });

const keepLines = (node: Nodes, source: string): string =>
  lineBreaksOf(source.slice(startOf(node), endOf(node)));

const element: Handler = (node, context, edits) => {
  const { source } = context;
  const [start, end] = [startOf(node), endOf(node)];
  const isNextToTag = source[start - 1] === ">" || source[end] === "<";
  const shown = [elementText(node), inlineCode(literalAttribute(node, "code"))].join(" ").trim();
  const parts = shown !== "" || partsText(nameOf(node), isNextToTag);
  if (!("children" in node) || node.children.length === 0 || isSilentElement(node)) {
    edits.push({ start, end, text: shown + keepLines(node, source), parts });
    return;
  }
  const opened = tagEnd(source, start, end);
  const closing = source.lastIndexOf("</", end - 1);
  const breaks = lineBreaksOf(source.slice(start, opened));
  edits.push({ start, end: opened, text: shown + breaks, parts });
  for (const child of node.children) walk(child, context, edits);
  if (node.type === "mdxJsxFlowElement") dedentChildren(node, source, edits);
  if (closing >= opened) edits.push({ start: closing, end, text: "", parts });
};

/** Code on one line as Markdown; an empty string if there is none. */
function inlineCode(code: string): string {
  const line = code.replace(/\s+/g, " ").trim();
  return line === "" || line.includes("`") ? line : `\`${line}\``;
}

/** Shows character references as characters, and drops invisible ones. */
function decode(start: number, end: number, { source }: EditContext, edits: Edit[]): void {
  for (const found of referencesIn(source.slice(start, end)))
    edits.push({ start: start + found.start, end: start + found.end, text: found.text });
}

const text: Handler = (node, context, edits) => {
  if (node.type === "text") decode(startOf(node), endOf(node), context, edits);
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

const imageReference: Handler = (node, context, edits) => {
  if (node.type !== "imageReference") return;
  const definition = context.definitions.get(node.identifier);
  if (definition === undefined) return;
  const [start, end] = [startOf(node), endOf(node)];
  const written = context.source.slice(start, end);
  const split = node.referenceType === "shortcut" ? -1 : written.lastIndexOf("][");
  const length = split < 0 ? written.length : split + 1;
  decode(start, start + length, context, edits);
  const target = lineBreaksOf(written.slice(length)) + destination(definition.url);
  edits.push({ start: start + length, end, text: `(${target})` });
};

const image: Handler = (node, context, edits) => {
  if (node.type !== "image") return;
  const [start, end] = [startOf(node), endOf(node)];
  const targetStart = start + context.source.slice(start, end).lastIndexOf("](") + 1;
  decode(start, targetStart, context, edits);
  // The data of an inline image can be megabytes.
  if (node.url.startsWith("data:")) edits.push({ start: targetStart, end, text: "()" });
};

const heading: Handler = (node, context, edits) => {
  if (node.type !== "heading") return;
  node.children.forEach((child) => walk(child, context, edits));
  const [first, last] = [node.children[0], node.children.at(-1)];
  if (first === undefined || last === undefined) return;
  const { end } = endOfHeading(node, context.source, context.host);
  // The first of two edits that overlap wins.
  if (end < endOf(last))
    edits.unshift({ start: Math.max(startOf(first), end), end: endOf(last), text: "" });
};

const html: Handler = (node, { source }, edits) => {
  if (node.type !== "html") return;
  const [start, end] = [startOf(node), endOf(node)];
  const [, name = ""] = /^<\/?([A-Za-z][\w.:-]*)/.exec(node.value) ?? [];
  const parts = partsText(name, source[start - 1] === ">" || source[end] === "<");
  edits.push({ start, end, text: htmlText(node.value), parts });
};

const HANDLERS: Readonly<Partial<Record<Nodes["type"], Handler>>> = {
  text,
  html,
  containerMarker: replace((node) =>
    node.type === "containerMarker" ? decodedMarkdown(containerTitle(node.value)) : "",
  ),
  mdxTextExpression: replace((node, source) =>
    node.type === "mdxTextExpression" ? expressionText(node.value) || keepLines(node, source) : "",
  ),
  mdxFlowExpression: replace((node, source) =>
    node.type === "mdxFlowExpression" ? expressionText(node.value) || keepLines(node, source) : "",
  ),
  mdxjsEsm: replace(keepLines),
  definition: replace(keepLines),
  listItem: (node, context, edits) => {
    if (node.type !== "listItem") return;
    const from = edits.length;
    node.children.forEach((child) => walk(child, context, edits));
    dedentItem(node, context.source, edits, from);
  },
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
  else if ("children" in node) walkAll(node.children, context, edits);
}

const hide = replace(keepLines);

function walkAll(nodes: readonly Nodes[], context: EditContext, edits: Edit[]): void {
  const hidden = hiddenAmong(nodes);
  for (const node of nodes) (hidden.has(node) ? hide : walk)(node, context, edits);
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
  let [shown, from, isParted] = ["", start, false];
  const append = (next: string): void => {
    if (next === "") return;
    if (isParted && /\S$/.test(shown) && /^\S/.test(next)) shown += " ";
    shown += next;
    isParted = false;
  };
  for (const edit of edits.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (edit.start >= end) break;
    if (edit.start < from && edit.columns === undefined) continue;
    append(source.slice(from, Math.max(edit.start, from)));
    from = Math.max(edit.start, from);
    isParted ||= edit.parts === true;
    append(edit.text);
    isParted ||= edit.parts === true;
    const to = edit.columns === undefined ? edit.end : endOfDedent(source, from, edit);
    from = Math.min(to, end);
  }
  append(source.slice(from, end));
  return shown;
}
