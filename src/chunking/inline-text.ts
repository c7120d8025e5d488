import { hasMarks, inlineMarks, SHOWN } from "./inline-marks.ts";
import { cumulativeUnits, tokenUnits } from "./tokens.ts";

/** Typographic signs as a keyboard writes them, because a host may make them from those. */
const STRAIGHT: Readonly<Record<string, string>> = {
  "“": '"',
  "”": '"',
  "„": '"',
  "‟": '"',
  "‘": "'",
  "’": "'",
  "‚": "'",
  "‛": "'",
  "…": "...",
};

/** Straightens quotes, dashes and ellipses. */
export const straightened = (text: string): string =>
  text.replace(/[\u2010-\u2015\u2018-\u201F\u2026]/g, (sign) => STRAIGHT[sign] ?? "-");

/** White space as one space each; a single space is not searched for, because most are. */
export const onOneLine = (text: string): string => text.replace(/[^\S ]\s*| \s+/g, " ").trim();

/** One line of what Markdown shows of running text; code stays as written. */
export function inlineText(text: string): string {
  if (!hasMarks(text)) return onOneLine(straightened(text));
  const marks = inlineMarks(text);
  let shown = "";
  for (let start = 0, end = 0; start < text.length; start = end) {
    const mark = marks[start];
    while (end < text.length && marks[end] === mark) end += 1;
    if (mark === SHOWN.space) shown += " ";
    else if (mark === SHOWN.code) shown += text.slice(start, end);
    else if (mark === SHOWN.kept) shown += straightened(text.slice(start, end));
  }
  return onOneLine(shown);
}

const ELLIPSIS_BEYOND = tokenUnits("...") - tokenUnits("…");

/** Costs of all prefixes of running text, of which only what is shown counts; see `cumulativeUnits`. */
export function shownUnits(text: string, marks: Uint8Array = inlineMarks(text)): Uint32Array {
  const isShown = (at: number): boolean => marks[at] !== SHOWN.dropped;
  let shown = "";
  for (let start = 0, end = 0; start < text.length; start = end) {
    while (end < text.length && isShown(end) === isShown(start)) end += 1;
    if (isShown(start)) shown += text.slice(start, end);
  }
  const sums = cumulativeUnits(shown.replaceAll("\n", " "));
  const units = new Uint32Array(text.length + 1);
  let [length, more] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    if (isShown(at)) length += 1;
    if (text[at] === "…") more += ELLIPSIS_BEYOND;
    units[at + 1] = (sums[length] ?? 0) + more;
  }
  return units;
}
