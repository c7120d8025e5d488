/** A part of a page that is parsed on its own. */
export interface Segment {
  readonly source: string;
  /** Number of lines of the page before it. */
  readonly linesBefore: number;
}

/**
 * Parsing time grows faster than the text, so a page is cut where the syntax allows it once a
 * segment has this many characters. Most pages are one segment.
 */
const TARGET = 64_000;

/** A segment longer than this may even be cut between the items of a list. */
const LONG = 2 * TARGET;

const FENCE = /^[ \t]*(?:(?:>|[-+*]|\d{1,9}[.)])[ \t]+)*(`{3,}(?=[^`]*$)|~{3,})/;

/** The start and the end of HTML blocks that may contain empty lines. */
const RAW_BLOCKS: readonly (readonly [opens: RegExp, closes: RegExp])[] = [
  [/^ {0,3}<!--/, /-->/],
  [/^ {0,3}<(?:script|style|pre|textarea)\b/i, /<\/(?:script|style|pre|textarea)>/i],
];

/** A line that, after an empty line, cannot continue a list, a quotation or a code block. */
const STARTS_BLOCK = /^[^\s\-+*>\d:`~<|]/;

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
  if (source.length <= TARGET) return [{ source, linesBefore: 0 }];
  const segments: Segment[] = [];
  const scanner = createScanner();
  let [start, startLine, line, offset] = [0, 0, 0, 0];
  let isAfterEmpty = false;
  while (offset < source.length) {
    const newline = source.indexOf("\n", offset);
    const end = newline < 0 ? source.length : newline;
    const text = source.slice(offset, Math.min(end, offset + 2000));
    const size = offset - start;
    const isCut =
      (isAfterEmpty && STARTS_BLOCK.test(text)) || (size > LONG && STARTS_ITEM.test(text));
    if (size > TARGET && isCut && !scanner.isOpen()) {
      segments.push({ source: source.slice(start, offset), linesBefore: startLine });
      [start, startLine] = [offset, line];
    }
    scanner.read(text);
    isAfterEmpty = text.trim() === "";
    [line, offset] = [line + 1, end + 1];
  }
  return [...segments, { source: source.slice(start), linesBefore: startLine }];
}

/** Whether a segment is too long to parse, because `segmentsOf` found no place to cut it. */
export const isTooLong = (source: string): boolean => source.length > 4 * TARGET;

/** Deepest nesting of lists and quotations that is parsed; time and stack grow with the depth. */
const DEEPEST = 60;

const MARKS = /^[ \t]*(?:(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))[ \t]*)+/;

/** Whether lists and quotations are nested too deeply to parse. */
export function isTooDeep(source: string): boolean {
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

const DEFINITION = /^ {0,3}\[([^\]\n]+)\]:[ \t]*\S.*$/gm;

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
  const used = new Set<string>();
  for (const [, label = ""] of source.matchAll(/\[([^[\]]+)\]/g)) {
    const line = lines.get(labelOf(label));
    if (line !== undefined) used.add(line);
  }
  const scanner = createScanner();
  for (const line of source.split("\n")) scanner.read(line);
  return used.size === 0 || scanner.isOpen() ? source : `${source}\n\n${[...used].join("\n")}\n`;
}
