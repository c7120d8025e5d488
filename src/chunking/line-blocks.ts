import { codeBlock, headingBlock, tableBlock, textBlocks, type Block } from "./blocks.ts";
import { decodedMarkdown, plainOf, withoutInvisible } from "./character-references.ts";
import { asPlainLine } from "./plain-line.ts";
import type { HostName } from "../words/types.ts";
import type { BlockSink } from "./read-blocks.ts";
import { findExplicitId } from "./anchors.ts";
import { DELIMITER_ROW } from "./table-cells.ts";

const FENCE = /^\s*(`{3,}(?=[^`]*$)|~{3,})(.*)$/;
const HEADING = /^ {0,3}(#{1,6})[ \t]+(.*)$/;
const CLOSING_MARKS = /(?<![ \t])[ \t]+#+$/;

/** List and quotation markers at the start of a line. */
const MARKS = /^[ \t]*(?:(?:>|[-+*](?=[ \t]))[ \t]*)+/;

/** The blocks of several lines, and the index of the line after them. */
interface Run {
  readonly blocks: readonly Block[];
  readonly next: number;
}

/** Reads a fence up to its closing line, or to the end if it has none. */
function readFence(lines: readonly string[], start: number, line: number): Run | null {
  const [, marker, info = ""] = FENCE.exec(lines[start] ?? "") ?? [];
  if (marker === undefined) return null;
  const closing = new RegExp(`^[ \\t]*${marker[0]}{${marker.length},}[ \\t]*$`);
  let end = start + 1;
  while (end < lines.length && !closing.test(lines[end] ?? "")) end += 1;
  const content = lines.slice(start + 1, end);
  const endLine = line + Math.min(end, lines.length - 1);
  const place = { startLine: line + start, firstLine: line + start + 1, endLine };
  const block = codeBlock({ marker, info: info.trimEnd() }, content, place);
  return { blocks: [block], next: end + 1 };
}

function readTable(lines: readonly string[], start: number, line: number): Run | null {
  const isTable = (lines[start] ?? "").includes("|") && (lines[start + 1] ?? "").includes("|");
  if (!isTable || !DELIMITER_ROW.test(lines[start + 1] ?? "")) return null;
  let end = start + 2;
  while (end < lines.length && (lines[end] ?? "").includes("|")) end += 1;
  const rows = lines.slice(start, end).map((row) => row.trim());
  return { blocks: [tableBlock(rows, line + start)], next: end };
}

function readHeading(
  lines: readonly string[],
  start: number,
  line: number,
  sink: BlockSink,
  host: HostName | null,
): Run | null {
  const [, marks, rest = ""] = HEADING.exec(lines[start] ?? "") ?? [];
  if (marks === undefined) return null;
  const written = rest.trimEnd().replace(CLOSING_MARKS, "");
  const found = findExplicitId(written, host);
  const text = decodedMarkdown(found === null ? written : written.slice(0, found.offset)).trim();
  const plain = withoutInvisible(plainOf(text, false));
  const order = sink.headings.push({ text: plain, explicitId: found?.id ?? null }) - 1;
  const shape = { text, depth: marks.length, plain, order };
  const blocks = plain === "" ? [] : [headingBlock(shape, line + start, line + start)];
  return { blocks, next: start + 1 };
}

function readText(lines: readonly string[], start: number, line: number): Run {
  let end = start + 1;
  while (end < lines.length && !FENCE.test(lines[end] ?? "") && !HEADING.test(lines[end] ?? "")) {
    if ((lines[end] ?? "").trim() === "") break;
    end += 1;
  }
  const text = lines
    .slice(start, end)
    .map((written) => asPlainLine(decodedMarkdown(written.replace(MARKS, ""))));
  return { blocks: textBlocks(text.join("\n"), line + start), next: end };
}

/**
 * Reads Markdown that cannot be parsed, line by line, as fences, tables, headings and text. Lists
 * and quotations become text.
 */
export function readLines(
  source: string,
  firstLine: number,
  sink: BlockSink,
  host: HostName | null = null,
): void {
  const lines = source.split("\n");
  for (let index = 0; index < lines.length;) {
    const run =
      readFence(lines, index, firstLine) ??
      readTable(lines, index, firstLine) ??
      readHeading(lines, index, firstLine, sink, host) ??
      readText(lines, index, firstLine);
    for (const block of run.blocks) sink.blocks.push(block);
    index = run.next;
  }
}
