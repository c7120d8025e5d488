/** A part of a page that is parsed on its own. */
export interface Segment {
  readonly source: string;
  /** Number of lines of the page before it. */
  readonly linesBefore: number;
}

/**
 * remark's time grows faster than the text and its blocks, so a page is cut where the syntax allows it
 * once a segment has this many characters or lines. Most pages are one segment.
 */
const TARGET = 64_000;
const TARGET_LINES = 1500;

const FENCE = /^[ \t]*(?:(?:>|[-+*]|\d{1,9}[.)])[ \t]+)*(`{3,}(?=[^`]*$)|~{3,})/;

/** The start and the end of HTML blocks that may contain empty lines. */
const RAW_BLOCKS: readonly (readonly [opens: RegExp, closes: RegExp])[] = [
  [/^ {0,3}<!--/, /-->/],
  [/^ {0,3}<(?:script|style|pre|textarea)\b/i, /<\/(?:script|style|pre|textarea)>/i],
];

/** A line that, after an empty line, cannot continue a list, a quotation or a code block. */
const STARTS_BLOCK = /^[^\s\-+*\d:`~<|]/;

const STARTS_ITEM = /^[-+*] +\S/;

/** Tracks, line by line, whether a fence or raw HTML is open. */
function createScanner(): { isOpen(): boolean; read(line: string): void } {
  let closes: RegExp | null = null;
  return {
    isOpen: () => closes !== null,
    read(line) {
      if (closes !== null) {
        if (closes.test(line)) closes = null;
        return;
      }
      const fence = FENCE.exec(line)?.[1];
      const raw = RAW_BLOCKS.find(([opens, ends]) => opens.test(line) && !ends.test(line));
      if (fence === undefined) closes = raw?.[1] ?? null;
      else closes = new RegExp(`^[\\s>]*${fence[0]}{${fence.length},}[ \\t]*$`);
    },
  };
}

/** Cuts a page into segments that parse the same alone as within the page. */
export function segmentsOf(source: string): Segment[] {
  const isShort = source.length <= TARGET && !hasMoreLines(source, TARGET_LINES);
  if (isShort) return [{ source, linesBefore: 0 }];
  const segments: Segment[] = [];
  const scanner = createScanner();
  let [start, startLine, line, offset] = [0, 0, 0, 0];
  let isAfterEmpty = false;
  while (offset < source.length) {
    const newline = source.indexOf("\n", offset);
    const end = newline < 0 ? source.length : newline;
    const text = source.slice(offset, Math.min(end, offset + 2000));
    const fullness = Math.max((offset - start) / TARGET, (line - startLine) / TARGET_LINES);
    const isCut =
      (isAfterEmpty && STARTS_BLOCK.test(text)) || (fullness > 2 && STARTS_ITEM.test(text));
    if (fullness > 1 && isCut && !scanner.isOpen()) {
      segments.push({ source: source.slice(start, offset), linesBefore: startLine });
      [start, startLine] = [offset, line];
    }
    scanner.read(text);
    isAfterEmpty = text.trim() === "";
    [line, offset] = [line + 1, end + 1];
  }
  return [...segments, { source: source.slice(start), linesBefore: startLine }];
}

function hasMoreLines(source: string, most: number): boolean {
  let lines = 1;
  for (let at = source.indexOf("\n"); at >= 0 && lines <= most; at = source.indexOf("\n", at + 1))
    lines += 1;
  return lines > most;
}

/** Deepest nesting of lists and quotations that is parsed; time and stack grow with the depth. */
const DEEPEST = 60;

const MARKS = /^[ \t]*(?:(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))[ \t]*)+/;

/** Whether lists and quotations are nested too deeply to parse. */
function isTooDeep(source: string): boolean {
  const columns: number[] = [];
  for (const line of source.split("\n")) {
    const marks = MARKS.exec(line)?.[0];
    if (marks === undefined) continue;
    const column = marks.length - marks.trimStart().length;
    while ((columns.at(-1) ?? -1) >= column) columns.pop();
    columns.push(column);
    if (columns.length + marks.replace(/[\s\d]/g, "").length > DEEPEST) return true;
  }
  return false;
}

/** A line that begins or underlines a block. */
const BLOCK = /^[ \t]*(?:(=+|-+)[ \t]*$|>|[-+*][ \t]|\d{1,9}[.)][ \t]|\[|\${2})/;

/** A line outside paragraphs: of a table, of HTML, of a fence, or empty. */
const NO_PARAGRAPH = /\||^[ \t]*(?:[<~`]|$)/;

/** Most such lines in a segment; an underline counts for four, since remark takes as long for it. */
const MOST_BLOCKS = 4000;

const MARK = /[*_~]+|[[\]<{]|`+/g;
const REFERENCE = /&(?=[#\w])/g;

/** Most marks of emphasis, links, HTML, code and MDX in one paragraph; a character reference counts for four. */
const MOST_MARKS = 3000;

/**
 * Whether a parser would take seconds for a segment: its time grows with the square of these counts.
 * They hold for every parser, so that the chunks are the same on every machine.
 */
function isTooDense(source: string): boolean {
  if (source.length < MOST_MARKS) return false;
  const scanner = createScanner();
  let [blocks, marks] = [0, 0];
  for (const line of source.split("\n")) {
    if (!scanner.isOpen()) {
      const [start, underline] = BLOCK.exec(line) ?? [];
      if (start !== undefined) blocks += underline === undefined ? 1 : 4;
      if (start !== undefined || NO_PARAGRAPH.test(line)) marks = 0;
      if (!line.startsWith("<")) marks += count(line, MARK) + 4 * count(line, REFERENCE);
      if (blocks > MOST_BLOCKS || marks > MOST_MARKS) return true;
    }
    scanner.read(line);
  }
  return false;
}

const count = (line: string, pattern: RegExp): number => line.match(pattern)?.length ?? 0;

/** Whether a text may be parsed. If a segment is too long, `segmentsOf` found no place to cut it. */
export const isParsable = (source: string, longest: number = 4 * TARGET): boolean =>
  source.length <= longest && !isTooDeep(source) && !isTooDense(source);

const DEFINITION = /^ {0,3}\[([^\]\n]+)\]:[ \t]*(?:\n[ \t]*)?\S.*$/gm;

const labelOf = (label: string): string => label.replace(/\s+/g, " ").trim().toLowerCase();

/** Link definitions of a page as written, by normalised label. */
export function definitionLines(source: string): Map<string, string> {
  const lines = new Map<string, string>();
  for (const [line, label = ""] of source.matchAll(DEFINITION)) {
    const key = labelOf(label);
    if (!lines.has(key) && !label.startsWith("^")) lines.set(key, line);
  }
  return lines;
}

/** Appends to a segment the link definitions it refers to, unless it ends in an open fence or HTML. */
export function withDefinitions(source: string, lines: ReadonlyMap<string, string>): string {
  if (lines.size === 0) return source;
  const used = new Set<string>();
  for (const [, label = ""] of source.matchAll(/\[([^[\]]+)\]/g)) {
    const line = lines.get(labelOf(label));
    if (line !== undefined) used.add(line);
  }
  const scanner = createScanner();
  for (const line of source.split("\n")) scanner.read(line);
  return used.size === 0 || scanner.isOpen() ? source : `${source}\n\n${[...used].join("\n")}\n`;
}
