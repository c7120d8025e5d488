import {
  codeBlock,
  flowBlock,
  headingBlock,
  mathBlock,
  tableBlock,
  type Block,
  type NestedHeading,
} from "../blocks.ts";
import type { SlugSource } from "../anchors.ts";
import type { PageBlocks } from "../read-blocks.ts";
import { tableRow } from "../table-cells.ts";
import type { BlockNode } from "./block-nodes.ts";

type Of<Kind extends BlockNode["kind"]> = Extract<BlockNode, { kind: Kind }>;

/** Markdown, with the headings in it and their lines. */
interface Written {
  readonly lines: string[];
  readonly headings: { readonly heading: Of<"heading">; readonly line: number }[];
}

const FENCE = "```";

const rowsOf = ({ rows: [header = [], ...rows] }: Of<"table">): string[] => [
  tableRow(header),
  tableRow(header.map(() => "---")),
  ...rows.map((row) => tableRow(row)),
];

function codeText({ info, lines }: Of<"code">): string[] {
  const place = { startLine: 1, firstLine: 2, endLine: 2 };
  return codeBlock({ marker: FENCE, info }, lines, place).text.split("\n");
}

/** Adds `inner`, with `mark` before its first line and `indent` before each other one. */
function addInside(out: Written, inner: Written, mark: string, indent: string): void {
  for (const { heading, line } of inner.headings)
    out.headings.push({ heading, line: out.lines.length + line });
  for (const [at, line] of inner.lines.entries()) {
    if (at === 0) out.lines.push(mark + line);
    else out.lines.push(line === "" ? indent.trimEnd() : indent + line);
  }
}

/**
 * Whether an item is one paragraph, with at most lists below it. Only one that counts from 1 can begin
 * right below a paragraph.
 */
const isTight = (item: readonly BlockNode[]): boolean =>
  item.every((node, at) =>
    at === 0 ? node.kind === "text" : node.kind === "list" && (node.start ?? 1) === 1,
  );

function addList(out: Written, { items, start }: Of<"list">): void {
  const hasGaps = !items.every(isTight);
  for (const [at, item] of items.entries()) {
    const mark = start === null ? "- " : `${start + at}. `;
    if (at > 0 && hasGaps) out.lines.push("");
    addInside(out, markdownOf(item, !hasGaps), mark, " ".repeat(mark.length));
  }
}

function addLines({ lines }: Written, added: readonly string[]): void {
  for (const line of added) lines.push(line);
}

function addNode(out: Written, node: BlockNode): void {
  switch (node.kind) {
    case "heading":
      out.headings.push({ heading: node, line: out.lines.length });
      out.lines.push(`${"#".repeat(node.depth)} ${node.text}`);
      break;
    case "text":
      addLines(out, node.text.split("\n"));
      break;
    case "code":
      addLines(out, codeText(node));
      break;
    case "math":
      addLines(out, ["$$", ...node.lines, "$$"]);
      break;
    case "table":
      addLines(out, rowsOf(node));
      break;
    case "list":
      addList(out, node);
      break;
    case "quote":
      addInside(out, markdownOf(node.children), "> ", "> ");
      break;
    default: {
      const mark = `[^${node.label}]: `;
      addInside(out, markdownOf(node.children), mark, " ".repeat(mark.length));
    }
  }
}

/** The Markdown of blocks; of an item of a tight list, without empty lines. */
function markdownOf(nodes: readonly BlockNode[], isTightItem = false): Written {
  const out: Written = { lines: [], headings: [] };
  for (const [at, node] of nodes.entries()) {
    if (at > 0 && !isTightItem) out.lines.push("");
    addNode(out, node);
  }
  return out;
}

/** Turns blocks of an HTML page into those of the chunker. Lines are counted in their Markdown. */
export function pageBlocksOf(nodes: readonly BlockNode[]): PageBlocks {
  const headings: SlugSource[] = [];
  const feed = ({ id, plain }: Of<"heading">): number =>
    headings.push({ text: plain, explicitId: id }) - 1;
  const blocks: Block[] = [];
  let line = 1;
  for (const node of nodes) {
    const block = blockOf(node, line, feed);
    if (block.text.trim() === "") continue;
    blocks.push(block);
    line = block.endLine + 2;
  }
  return { blocks, headings };
}

function blockOf(node: BlockNode, line: number, feed: (heading: Of<"heading">) => number): Block {
  switch (node.kind) {
    case "heading":
      return headingBlock({ ...node, order: feed(node) }, line, line);
    case "code": {
      const endLine = line + node.lines.length + 1;
      const place = { startLine: line, firstLine: line + 1, endLine };
      return codeBlock({ marker: FENCE, info: node.info }, node.lines, place);
    }
    case "math":
      return mathBlock(node.lines, line, line + node.lines.length + 1);
    case "table":
      return tableBlock(rowsOf(node), line);
    case "text":
      return flowBlock("text", node.text, line, node.isTitle);
    default: {
      const written = markdownOf([node]);
      const kind = node.kind === "footnote" ? "text" : node.kind;
      const nested = written.headings.map(
        ({ heading: { depth, plain, ...rest }, line: at }): NestedHeading => ({
          depth,
          plain,
          order: feed({ depth, plain, ...rest }),
          startLine: line + at,
        }),
      );
      return { ...flowBlock(kind, written.lines.join("\n"), line), nested };
    }
  }
}
