import type { Code, Heading, Nodes, Root } from "mdast";
import { partialAt } from "../words/source-line.ts";
import type { Page } from "../words/types.ts";
import type { SlugSource } from "./anchors.ts";
import {
  codeBlock,
  flowBlock,
  headingBlock,
  mathBlock,
  tableBlock,
  textBlocks,
  type Block,
  type CodeBlock,
  type FlowBlock,
  type NestedHeading,
} from "./blocks.ts";
import { decodedMarkdown, plainOf } from "./character-references.ts";
import { containerTitle } from "./containers.ts";
import { dedentEdits } from "./dedent.ts";
import { definitionsOf } from "./definitions.ts";
import { plainHeading, slugSource } from "./heading-text.ts";
import { hiddenAmong } from "./hidden-html.ts";
import { htmlParts, htmlText, type HtmlHeading } from "./html-text.ts";
import { onOneLine } from "./inline-text.ts";
import { asPlainLine, asPlainLines } from "./plain-line.ts";
import { columnOf, endOf, startOf } from "./columns.ts";
import * as jsx from "./jsx-text.ts";
import * as edits from "./source-edits.ts";

/** A page as a flat list of blocks, with every heading that the host's slugger sees. */
export interface PageBlocks {
  readonly blocks: readonly Block[];
  readonly headings: readonly SlugSource[];
}

/** Collects the blocks and headings of a page, one segment after another. */
export interface BlockSink {
  readonly blocks: Block[];
  readonly headings: SlugSource[];
}

/** The text from which blocks are read. */
export interface BlockSource {
  /** Markdown whose line ends are line feeds. */
  readonly source: string;
  /** Source line of the first line of `source`. */
  readonly firstLine: number;
  readonly page: Pick<Page, "slugger" | "host" | "format" | "bodyLine" | "sourceLines">;
  /** Whether `source` is display text, which holds nothing that hosts leave out. */
  readonly isShown?: boolean;
}

interface Reader extends BlockSource, BlockSink {
  readonly context: edits.EditContext;
}

const lineOf = (reader: Reader, node: Nodes): number =>
  reader.firstLine + (node.position?.start.line ?? 1) - 1;

const lastLineOf = (reader: Reader, node: Nodes): number =>
  reader.firstLine + (node.position?.end.line ?? 1) - 1;

/** The display text of a node, line by line as in the source. */
function shownText(reader: Reader, node: Nodes): string {
  const { source, context } = reader;
  const [start, end] = [startOf(node), endOf(node)];
  const changes = edits.editsOf(node, context);
  dedentEdits(source, start, end, columnOf(source, node), changes);
  const text = edits.applyEdits(source, start, end, changes);
  return changes.length === 0 ? text : text.normalize("NFC").replace(/\n[ \t]+(?=\n|$)/g, "\n");
}

const push = (reader: Reader, blocks: readonly Block[]): void => {
  for (const block of blocks) if (block.text.trim() !== "") reader.blocks.push(block);
};

const flow = (kind: FlowBlock["kind"]) => (node: Nodes, reader: Reader) => {
  const nested = nestedHeadings(node, reader);
  const block = flowBlock(kind, shownText(reader, node).trimEnd(), lineOf(reader, node));
  push(reader, [{ ...block, nested }]);
};

/** Import statements, which hosts with components remove even from plain Markdown. */
const IMPORTS = /^(?:import\s(?:[\w*${}\s,]+\sfrom\s+)?(["'])[^"'\n]+\1;?[ \t]*(?:\n|$))+$/;

function paragraph(node: Nodes, reader: Reader): void {
  const text = shownText(reader, node);
  if (!reader.isShown && text.startsWith("import") && IMPORTS.test(text)) return;
  // Where a tag was removed, a line of text must not begin a block.
  const lines = text.replace(/^[ \t].*$/gm, asPlainLine);
  push(reader, textBlocks(lines, lineOf(reader, node)));
}

/** Feeds the headings inside a node to the slugger; returns those that have text. */
function nestedHeadings(node: Nodes, reader: Reader): NestedHeading[] {
  if (node.type === "html") {
    for (const { heading: found } of htmlParts(node.value)) {
      if (found !== null) feedHtmlHeading(found, reader);
    }
  }
  if (node.type !== "heading")
    return "children" in node ? node.children.flatMap((one) => nestedHeadings(one, reader)) : [];
  const order = feedSlugger(node, reader);
  const plain = plainHeading(node, reader.source, reader.page.host);
  return plain === "" ? [] : [{ depth: node.depth, plain, order, startLine: lineOf(reader, node) }];
}

function feedSlugger(node: Heading, reader: Reader): number {
  const { headings, page, source } = reader;
  const partial = page.format === "mdx" ? partialAt(page, lineOf(reader, node)) : null;
  return headings.push({ ...slugSource(node, source, page), partial }) - 1;
}

function heading(node: Nodes, reader: Reader): void {
  if (node.type !== "heading") return;
  const order = feedSlugger(node, reader);
  const [first, last] = [node.children[0], node.children.at(-1)];
  if (first === undefined || last === undefined) return;
  const changes = edits.editsOf(node, reader.context);
  const shown = edits.applyEdits(reader.source, startOf(first), endOf(last), changes);
  const text = onOneLine(shown.normalize("NFC"));
  if (text === "") return;
  const [startLine, endLine] = [lineOf(reader, node), lastLineOf(reader, node)];
  const plain = plainHeading(node, reader.source, reader.page.host) || text;
  const shape = { text, depth: node.depth, plain, order };
  reader.blocks.push(headingBlock(shape, startLine, endLine));
}

const FENCE = /^(`{3,}|~{3,})([^\n]*)/;

function code(node: Nodes, reader: Reader): void {
  if (node.type !== "code") return;
  const [, marker, info = ""] = FENCE.exec(reader.source.slice(startOf(node), endOf(node))) ?? [];
  const startLine = lineOf(reader, node);
  const firstLine = marker === undefined ? startLine : startLine + 1;
  const place = { startLine, firstLine, endLine: lastLineOf(reader, node) };
  const fence = { marker: marker ?? "```", info: info.trimEnd() };
  push(reader, [codeBlock(fence, codeLines(node, reader), place)]);
}

/** Lines of a code node as written: undoes `maskIds`, which replaced `{#id}` by `[#id]` for MDX. */
function codeLines(node: Code, reader: Reader): string[] {
  if (node.value === "") return [];
  const lines = node.value.split("\n");
  if (!node.value.includes("[#")) return lines;
  const written = reader.source.slice(startOf(node), endOf(node)).split("\n");
  return lines.map((line, index) => {
    const id = /\{#[^\s{}]+\}[ \t]*$/.exec(written[index + 1] ?? "")?.[0] ?? "";
    return line.endsWith(`[${id.slice(1).replace("}", "]")}`)
      ? line.slice(0, line.length - id.length) + id
      : line;
  });
}

function math(node: Nodes, reader: Reader): void {
  if (node.type !== "math") return;
  const startLine = lineOf(reader, node);
  const lines = node.value === "" ? [] : node.value.split("\n");
  push(reader, [mathBlock(lines, startLine, lastLineOf(reader, node))]);
}

function table(node: Nodes, reader: Reader): void {
  push(reader, [tableBlock(shownText(reader, node).split("\n"), lineOf(reader, node))]);
}

function html(node: Nodes, reader: Reader): void {
  if (node.type !== "html") return;
  for (const part of htmlParts(node.value)) {
    const line = lineOf(reader, node) + part.linesBefore;
    const text = asPlainLines(htmlText(part.html));
    if (part.heading !== null && text.trim() !== "") htmlHeading(part.heading, text, line, reader);
    else push(reader, textBlocks(text, line, /<summary[\s>]/i.test(part.html)));
  }
}

/** Registers a heading in raw HTML; -1 for VitePress, which gives ids to Markdown headings only. */
const feedHtmlHeading = (found: HtmlHeading, { page, headings }: Reader): number =>
  page.slugger === "vitepress" ? -1 : headings.push(found) - 1;

function htmlHeading(found: HtmlHeading, shown: string, line: number, reader: Reader): void {
  const text = onOneLine(shown.normalize("NFC"));
  const plain = plainOf(text, false);
  const shape = { text, depth: found.depth, plain, order: feedHtmlHeading(found, reader) };
  reader.blocks.push(headingBlock(shape, line, line + shown.split("\n").length - 1));
}

function containerMarker(node: Nodes, reader: Reader): void {
  if (node.type !== "containerMarker") return;
  push(reader, textBlocks(decodedMarkdown(containerTitle(node.value)), lineOf(reader, node), true));
}

function element(node: Nodes, reader: Reader): void {
  if (node.type !== "mdxJsxFlowElement") return;
  const [child] = node.children;
  const endLine = child === undefined ? lastLineOf(reader, node) : lineOf(reader, child);
  const shown = textBlocks(jsx.elementText(node), lineOf(reader, node), true);
  push(
    reader,
    shown.map((block) => ({ ...block, endLine })),
  );
  const shownCode = jsx.literalAttribute(node, "code");
  if (shownCode !== "") push(reader, [attributeCode(node, shownCode, reader)]);
  if (!jsx.isSilentElement(node)) readAll(node.children, reader);
}

/** The code that a component such as `<Code code="…" lang="js" />` shows. */
function attributeCode(node: Nodes, shown: string, reader: Reader): CodeBlock {
  const startLine = lineOf(reader, node);
  const place = { startLine, firstLine: startLine, endLine: lastLineOf(reader, node) };
  const info = jsx.literalAttribute(node, "lang") || jsx.literalAttribute(node, "language");
  return codeBlock({ marker: "```", info }, shown.replace(/^\n+|\s+$/g, "").split("\n"), place);
}

function expression(node: Nodes, reader: Reader): void {
  if (node.type !== "mdxFlowExpression") return;
  push(reader, textBlocks(asPlainLines(jsx.expressionText(node.value)), lineOf(reader, node)));
}

/** How each type of node becomes blocks; a type that is not listed shows nothing. */
const READERS: Readonly<Partial<Record<Nodes["type"], (node: Nodes, reader: Reader) => void>>> = {
  heading,
  paragraph,
  code,
  math,
  table,
  html,
  list: flow("list"),
  blockquote: flow("quote"),
  footnoteDefinition: flow("text"),
  containerMarker,
  mdxJsxFlowElement: element,
  mdxJsxTextElement: paragraph,
  mdxFlowExpression: expression,
};

function readAll(nodes: readonly Nodes[], reader: Reader): void {
  const hidden = hiddenAmong(nodes);
  for (const node of nodes) {
    if (hidden.has(node)) nestedHeadings(node, reader);
    else READERS[node.type]?.(node, reader);
  }
}

/** Adds the blocks of a parsed text to `sink`, in source order. */
export function readBlocks(root: Root, from: BlockSource, sink: BlockSink): void {
  const { source, page } = from;
  const context = { source, host: page.host, definitions: definitionsOf(root) };
  readAll(root.children, { ...from, ...sink, context });
}
