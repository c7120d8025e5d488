import { codeAt } from "./code-at.ts";
import { columnsAt, isBlank, skipColumns } from "./columns.ts";
import { isShownName } from "./containers.ts";
import { isFileComment } from "./file-comment.ts";
import { inlineText } from "./inline-text.ts";
import { textOfBlocks, withoutHeadings, type ShownBlock } from "./shown-block.ts";
import { cellsOf, DELIMITER_ROW, rowText } from "./table-cells.ts";

interface Fence {
  readonly marks: string;
  /** How many containers it is in. */
  readonly depth: number;
  readonly indentation: number;
}

interface Scan {
  readonly blocks: ShownBlock[];
  /** Columns of the content of each open list item; 0 for a quotation. Outermost first. */
  readonly containers: number[];
  fence: Fence | null;
  readonly paragraph: string[];
  readonly rows: string[];
  readonly code: string[];
  /** Whether the next block begins a list item. */
  isItem: boolean;
  /** Lines left that may close math. */
  mathEnds: number;
}

/** Deeper lists and quotations are read as text: it bounds what each line costs. */
const DEEPEST = 100;

const QUOTE = / {0,3}>[ \t]?/y;
const ITEM = / {0,3}(?:[-+*]|(\d{1,9})[.)]|\[\^[^\s\]]{1,100}\]:)(?=[ \t]|$)/y;
const TASK = /\[[ xX]\][ \t]/y;
const RULE = /^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const UNDERLINE = /^ {0,3}(?:=+|-+)[ \t]*$/;
const HEADING = /^ {0,3}#{1,6}(?:[ \t]+(.*))?$/;
const CLOSING_MARKS = /(?:^|(?<![ \t])[ \t]+)#+$/;
const FENCE = /^( {0,3})(?:(`{3,})[^`]*|(~{3,}).*|(\${2,})[^$]*)$/;
const MATH_END = /^[ \t>]*\${2,}[ \t]*$/;
/** What ends a paragraph of a list or a quotation even without indentation or mark. */
const STARTS_BLOCK =
  /^ {0,3}(?:>|#{1,6}(?:[ \t]|$)|`{3}|~{3}|(?:[-+*]|\d{1,9}[.)])(?:[ \t]|$)|(?:[*_-][ \t]*){3,}$)/;

const stickyEnd = (pattern: RegExp, line: string, at: number): number => {
  pattern.lastIndex = at;
  return pattern.test(line) ? pattern.lastIndex : -1;
};

/** Whether a letter is at an offset: what begins with it is running text or a row of a table. */
const isLetterAt = (line: string, at: number): boolean => {
  const code = codeAt(line, at) | 32;
  return code >= 97 && code <= 122;
};

/** Adds the open block to the blocks. */
function flush(scan: Scan, isHeading = false): void {
  const { paragraph, rows, code } = scan;
  if (paragraph.length > 0) {
    const written = paragraph.join("\n");
    // A heading is its words: nothing in it belongs to the block beside it, and no host adds it to a box.
    add(scan, isHeading ? inlineText(written) : paragraphText(written), isHeading);
  }
  if (rows.length > 0) {
    // The header may be empty.
    const texts = rows.map(rowText).filter((text) => text !== "");
    add(scan, texts.join("\n"));
  }
  if (code.length > 0) {
    const text = code.join("\n").trimEnd();
    add(scan, text.replace(/^(?:[ \t]*\n)+/, ""));
  }
  paragraph.length = rows.length = code.length = 0;
}

function add(scan: Scan, text: string, isHeading = false): void {
  if (text.trim() === "") return;
  scan.blocks.push({ text, isHeading, isItem: scan.isItem });
  scan.isItem = false;
}

/** Labels that hosts show if the author gives a box no title. */
const LABEL = /^(?:\*\*(\w+)\*\*$|\[!(\w+)\](?=\s|$))/;

/** Attributes of the block above or below, as Kramdown and Python-Markdown write them. */
const ATTRIBUTE_LINE = /^\{:[^{}\n]*\}$/gm;

function paragraphText(written: string): string {
  const text = written.includes("{:") ? written.replace(ATTRIBUTE_LINE, "") : written;
  const match = LABEL.exec(text);
  if (match === null) return inlineText(text);
  const [label, ofBox, ofAlert] = match;
  return inlineText(isShownName(ofBox ?? ofAlert ?? "") ? text.slice(label.length) : text);
}

/** Goes past the marks of open containers; returns the offset after them and how many there were. */
function matchContainers({ containers }: Scan, line: string): readonly [at: number, count: number] {
  let at = 0;
  for (let index = 0; index < containers.length; index += 1) {
    const width = containers[index] ?? 0;
    const isIn = width > 0 && (columnsAt(line, at, width) >= width || isBlank(line, at));
    const next = isIn ? skipColumns(line, at, width) : width > 0 ? -1 : stickyEnd(QUOTE, line, at);
    if (next < 0) return [at, index];
    at = next;
  }
  return [at, containers.length];
}

function readLine(scan: Scan, line: string): void {
  const [at, matched] = matchContainers(scan, line);
  if (scan.fence !== null && matched >= scan.fence.depth)
    return readCode(scan, scan.fence, line, at);
  if (scan.fence !== null) closeFence(scan);
  const isInside = matched === scan.containers.length;
  const isEmpty = isBlank(line, at);
  if (!isInside && !isEmpty && scan.paragraph.length > 0 && !STARTS_BLOCK.test(line.slice(at))) {
    scan.paragraph.push(line.slice(at).trim());
    return;
  }
  if (!isInside || isEmpty) flush(scan);
  scan.containers.length = matched;
  if (!isEmpty) readLeaf(scan, line, openContainers(scan, line, at));
}

/** Opens the lists and quotations that begin on a line; returns the offset after their marks. */
function openContainers(scan: Scan, line: string, from: number): number {
  let at = from;
  const mayOpen = (): boolean => !isLetterAt(line, at) && columnsAt(line, at, 4) < 4;
  while (scan.containers.length < DEEPEST && mayOpen()) {
    const quote = stickyEnd(QUOTE, line, at);
    const next = quote < 0 ? openItem(scan, line, at) : quote;
    if (next < 0) break;
    if (quote >= 0) {
      flush(scan);
      scan.containers.push(0);
    }
    at = next;
  }
  return at;
}

function openItem(scan: Scan, line: string, at: number): number {
  ITEM.lastIndex = at;
  const match = ITEM.exec(line);
  if (match === null || RULE.test(line.slice(at))) return -1;
  const [{ length }, number = "1"] = match;
  const end = at + length;
  const isEmpty = isBlank(line, end);
  // In the middle of a paragraph, a year before a full stop begins no list.
  if (scan.paragraph.length > 0 && (isEmpty || Number(number) !== 1)) return -1;
  flush(scan);
  scan.isItem = true;
  const spaces = columnsAt(line, end, 5);
  const columns = isEmpty || spaces > 4 ? 1 : spaces;
  scan.containers.push(length + columns);
  const content = skipColumns(line, end, columns);
  const task = stickyEnd(TASK, line, content);
  return task < 0 ? content : task;
}

function readLeaf(scan: Scan, line: string, at: number): void {
  const rest = line.slice(at);
  if (isLetterAt(line, at) && scan.rows.length + scan.code.length === 0) {
    scan.paragraph.push(rest.trim());
    return;
  }
  const isCode = scan.paragraph.length === 0 && columnsAt(line, at, 4) === 4;
  if (isCode ? scan.rows.length > 0 : scan.code.length > 0) flush(scan);
  const heading = HEADING.exec(rest);
  if (isCode) scan.code.push(line.slice(skipColumns(line, at, 4)));
  else if (heading !== null) {
    flush(scan);
    scan.paragraph.push((heading[1] ?? "").trimEnd().replace(CLOSING_MARKS, ""));
    flush(scan, true);
  } else if (openFence(scan, rest)) return;
  else if (RULE.test(rest) || (scan.paragraph.length > 0 && UNDERLINE.test(rest))) flush(scan);
  else if (scan.rows.length > 0) scan.rows.push(rest);
  else if (!openTable(scan, rest)) scan.paragraph.push(rest.trim());
}

/** Takes the last line of the paragraph as the header of a table if the next line is its delimiter row. */
function openTable(scan: Scan, line: string): boolean {
  const header = scan.paragraph.at(-1);
  if (header === undefined || !line.includes("|") || !DELIMITER_ROW.test(line)) return false;
  if (cellsOf(header).length !== cellsOf(line).length) return false;
  scan.paragraph.pop();
  flush(scan);
  scan.rows.push(header);
  return true;
}

function openFence(scan: Scan, line: string): boolean {
  const [, indentation = "", ticks, tildes, math] = FENCE.exec(line) ?? [];
  const marks = ticks ?? tildes ?? math;
  if (marks === undefined) return false;
  if (math !== undefined && scan.mathEnds <= Number(MATH_END.test(line))) return false;
  flush(scan);
  scan.fence = {
    marks,
    depth: scan.containers.length,
    indentation: indentation.length,
  };
  return true;
}

function isEndOf({ marks }: Fence, line: string): boolean {
  const end = /^ {0,3}([`~$]+)[ \t]*$/.exec(line)?.[1] ?? "";
  return end.length >= marks.length && end === marks.charAt(0).repeat(end.length);
}

function readCode(scan: Scan, fence: Fence, line: string, at: number): void {
  if (line.includes(fence.marks, at) && isEndOf(fence, line.slice(at))) closeFence(scan);
  else scan.code.push(line.slice(skipColumns(line, at, fence.indentation)));
}

function closeFence(scan: Scan): void {
  scan.fence = null;
  if (scan.code.length > 1 && isFileComment(scan.code[0] ?? "")) scan.code.shift();
  flush(scan);
}

/** The blocks of an embedding input for Markdown, without link targets and marks. Takes linear time. */
export function shownBlocks(markdown: string): readonly ShownBlock[] {
  const lines = markdown.split("\n");
  const hasMath = markdown.includes("$$");
  const scan: Scan = {
    blocks: [],
    containers: [],
    fence: null,
    paragraph: [],
    rows: [],
    code: [],
    isItem: false,
    mathEnds: hasMath ? lines.filter((line) => MATH_END.test(line)).length : 0,
  };
  for (const line of lines) {
    readLine(scan, line);
    if (hasMath && MATH_END.test(line)) scan.mathEnds -= 1;
  }
  closeFence(scan);
  return scan.blocks;
}

/** The text of an embedding input for Markdown: words and code, without `repeated` headings. */
export const normalisedText = (markdown: string, repeated: readonly string[] = []): string =>
  textOfBlocks(withoutHeadings(shownBlocks(markdown), repeated));
