import type { Root } from "mdast";
import { sourceLine } from "../words/source-line.ts";
import type { Page } from "../words/types.ts";
import { endOf, startOf } from "./columns.ts";
import { readHtml } from "./built/read-html.ts";
import { readLines } from "./line-blocks.ts";
import { parseMarkdown } from "./markdown-tree.ts";
import { readBlocks, type BlockSink, type BlockSource, type PageBlocks } from "./read-blocks.ts";
import { definitionLines, segmentsOf, withDefinitions } from "./segments.ts";
import { withoutComments, withoutTemplateCode } from "./template-code.ts";

type Warn = (message: string) => void;

/** Reads the blocks of a page. Malformed Markdown causes warnings, never an error. */
export function blocksOfPage(page: Page, warn: Warn): PageBlocks {
  if (page.format === "html")
    return readHtml(page.body, (problem) => warn(`${page.id}: ${problem}`));
  const { slugged, shown } = sourcesOf(page);
  const blocks = readSource(page, shown, warn);
  if (slugged === shown) return blocks;
  const { headings } = readSource(page, slugged, () => {});
  return headings.length === blocks.headings.length ? { ...blocks, headings } : blocks;
}

/** The source from which the host makes ids of headings, and that from which text is read. */
function sourcesOf(page: Page): { readonly slugged: string; readonly shown: string } {
  const written = normalised(page.body);
  const body = page.host === "docusaurus" ? withoutMdxFences(written) : written;
  const shown = page.format === "mdx" ? body : withoutTemplateCode(body, page.host);
  // VitePress makes ids before Vue runs; the others run their templates before.
  const slugged = page.host === "vitepress" ? body : shown;
  return { slugged, shown: DECOMPOSED.test(shown) ? shown.normalize("NFC") : shown };
}

/** Of these characters some are not composed. Where there are none, a copy of the page would cost more. */
const DECOMPOSED = /[\u0300-\uFFFF]/;

const MDX_FENCE = /^( *)(`{3,4})mdx-code-block$/;

/** Empties the lines that open and close an `mdx-code-block`: Docusaurus reads its content as MDX. */
function withoutMdxFences(body: string): string {
  if (!body.includes("mdx-code-block")) return body;
  const lines = body.split("\n");
  const lastAt = new Map(lines.map((line, at) => [line.trimStart(), at]));
  let open: string | null = null;
  const shown = lines.map((line, at) => {
    if (open !== null) {
      if (line.trimStart() !== open) return line;
      open = null;
      return "";
    }
    const [, indentation = "", marks] = MDX_FENCE.exec(line) ?? [];
    if (marks === undefined || (lastAt.get(marks) ?? -1) < at) return line;
    open = marks;
    return indentation;
  });
  return shown.join("\n");
}

function readSource(page: Page, source: string, warn: Warn): PageBlocks {
  const sink: BlockSink = { blocks: [], headings: [] };
  if (page.format === "mdx" && readMdx(page, source, sink, warn)) return sink;
  const markdown = page.format === "mdx" ? withoutComments(source, "mdx") : source;
  const segments = segmentsOf(markdown);
  const definitions = segments.length > 1 ? definitionLines(markdown) : new Map<string, string>();
  for (const segment of segments) {
    const firstLine = page.bodyLine + segment.linesBefore;
    const from = { source: segment.source, firstLine, page };
    const root = parseSegment(withDefinitions(segment.source, definitions));
    if (root !== null && readTree(root, from, sink)) continue;
    warn(
      `${page.id}:${sourceLine(page, firstLine)}: nested too deeply, too long without a break or too dense with marks; read line by line`,
    );
    readLines(withoutComments(segment.source, "md"), firstLine, sink);
  }
  return sink;
}

/** Removes a BOM, turns line ends into line feeds, and replaces NUL, as Markdown parsers do. */
export const normalised = (body: string): string =>
  body
    .replace(/^\uFEFF/, "")
    .replace(/\r\n?/g, "\n")
    .replaceAll("\0", "\uFFFD");

/** Replaces `{#id}`, which is an error in MDX, by `[#id]`, which is as long and also read as an id. */
const maskIds = (source: string): string => source.replace(/\{#([^\s{}]+)\}(?=[ \t]*$)/gm, "[#$1]");

function readMdx(page: Page, source: string, sink: BlockSink, warn: Warn): boolean {
  const from = { source, firstLine: page.bodyLine, page };
  try {
    const root = parseMarkdown(maskIds(source), "mdx");
    if (root === null) throw new Error("too long, too deep or too dense");
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
  try {
    const root = parseMarkdown(source, "md");
    return root !== null && hasOpenMath(root, source)
      ? parseMarkdown(source, "mdWithoutMath")
      : root;
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
  return sourceLine(page, page.bodyLine + (typeof line === "number" ? line - 1 : 0));
}
