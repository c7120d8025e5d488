import type { Root } from "mdast";
import type { Page } from "../words/types.ts";
import { endOf, startOf } from "./columns.ts";
import { readLines } from "./line-blocks.ts";
import { parseMarkdown } from "./markdown-tree.ts";
import { readBlocks, type BlockSink, type BlockSource, type PageBlocks } from "./read-blocks.ts";
import { definitionLines, isTooDeep, isTooLong, segmentsOf, withDefinitions } from "./segments.ts";

/** Longest MDX in characters. MDX is parsed in one piece, because a component may contain headings. */
const LONGEST_MDX = 1_000_000;

type Warn = (message: string) => void;

/** Reads the blocks of a page. Malformed Markdown causes warnings, never an error. */
export function blocksOfPage(page: Page, warn: Warn): PageBlocks {
  const source = normalised(page.body);
  const sink: BlockSink = { blocks: [], headings: [] };
  if (page.format === "mdx" && readMdx(page, source, sink, warn)) return sink;
  const segments = segmentsOf(source);
  const definitions = segments.length > 1 ? definitionLines(source) : new Map<string, string>();
  for (const segment of segments) {
    const firstLine = page.bodyLine + segment.linesBefore;
    const from = { source: segment.source, firstLine, slugger: page.slugger };
    const root = parseSegment(withDefinitions(segment.source, definitions));
    if (root !== null && readTree(root, from, sink)) continue;
    warn(
      `${page.id}:${firstLine}: nested too deeply or too long without a break; read line by line`,
    );
    readLines(segment.source, firstLine, sink);
  }
  return sink;
}

/** Removes a BOM, turns line ends into line feeds, and replaces NUL, as Markdown parsers do. */
const normalised = (body: string): string =>
  body
    .replace(/^\uFEFF/, "")
    .replace(/\r\n?/g, "\n")
    .replaceAll("\0", "\uFFFD");

/** Replaces `{#id}`, which is an error in MDX, by `[#id]`, which is as long and also read as an id. */
const maskIds = (source: string): string => source.replace(/\{#([^\s{}]+)\}(?=[ \t]*$)/gm, "[#$1]");

function readMdx(page: Page, source: string, sink: BlockSink, warn: Warn): boolean {
  const from = { source, firstLine: page.bodyLine, slugger: page.slugger };
  try {
    if (source.length > LONGEST_MDX || isTooDeep(source)) throw new Error("too long or too deep");
    const root = parseMarkdown(maskIds(source), "mdx");
    if (readTree(root, from, sink)) return true;
    throw new Error("nested too deeply");
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    warn(`${page.id}:${lineOfError(error, page)}: not valid MDX, read as Markdown: ${reason}`);
    return false;
  }
}

/** The tree of a segment, or null if it cannot be parsed or would take too long. */
function parseSegment(source: string): Root | null {
  if (isTooLong(source) || isTooDeep(source)) return null;
  try {
    const root = parseMarkdown(source, "md");
    return hasOpenMath(root, source) ? parseMarkdown(source, "mdWithoutMath") : root;
  } catch {
    return null;
  }
}

/** Whether an unclosed `$$` swallows the end of the text. */
function hasOpenMath(root: Root, source: string): boolean {
  const last = root.children.at(-1);
  if (last?.type !== "math") return false;
  return !/\n[ \t>]*\${2,}[ \t]*$/.test(source.slice(startOf(last), endOf(last)));
}

/** Adds the blocks of a tree. Returns false, and adds nothing, if it is too deep for the stack. */
function readTree(root: Root, from: BlockSource, sink: BlockSink): boolean {
  const [blocks, headings] = [sink.blocks.length, sink.headings.length];
  try {
    readBlocks(root, from, sink);
    return true;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    [sink.blocks.length, sink.headings.length] = [blocks, headings];
    return false;
  }
}

function lineOfError(error: unknown, page: Page): number {
  const line = typeof error === "object" && error !== null && "line" in error ? error.line : null;
  return typeof line === "number" ? page.bodyLine + line - 1 : page.bodyLine;
}
