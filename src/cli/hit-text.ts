import type { Hit, Snippet } from "../words/types.ts";
import { count } from "../words/amounts.ts";
import { oneLine, type Paint } from "./paint.ts";

/** Longest snippet, in lines of the terminal. */
const SNIPPET_LINES = 3;

/** A hit as text: trail, link, snippet with the query's words in bold, other hits of the page. */
export function hitText(hit: Hit, rank: number, paint: Paint, width: number): readonly string[] {
  const indent = " ".repeat(`${rank}. `.length);
  return [
    `${rank}. ${paint("bold", trailText(hit.title, hit.headings))}`,
    `${indent}${paint("cyan", oneLine(hit.url))}`,
    ...snippetLines(hit.snippet, paint, width - indent.length).map((line) => indent + line),
    ...(hit.others ?? []).map(
      ({ headings, url }) =>
        `${indent}+ ${trailText(hit.title, headings)}  ${paint("cyan", oneLine(url))}`,
    ),
  ];
}

/** The page's title and the headings above a section. */
export const trailText = (title: string, headings: readonly string[]): string =>
  [title, ...headings.filter((heading) => heading !== title)].map(oneLine).join(" › ");

/** Says how many chunks have no vector yet; nothing if none is missing. */
export const pendingNotes = (pending: number): readonly string[] =>
  pending === 0
    ? []
    : [
        `${count(pending, "chunk")} ${pending === 1 ? "has" : "have"} no vector yet (full-text search only)`,
      ];

/** Breaks the snippet between words into lines of this width. */
function snippetLines(snippet: Snippet, paint: Paint, width: number): readonly string[] {
  const lines: string[] = [];
  let line = { shown: "", length: 0 };
  for (const { 0: word, index } of snippet.text.matchAll(/\S+/gu)) {
    const needed = line.length === 0 ? word.length : line.length + 1 + word.length;
    if (line.length > 0 && needed > width) {
      lines.push(line.shown);
      line = { shown: "", length: 0 };
    }
    const space = line.length === 0 ? "" : " ";
    const painted = paintWord(word, index, snippet.marks, paint);
    line = {
      shown: line.shown + space + painted,
      length: line.length + space.length + word.length,
    };
  }
  return (line.length === 0 ? lines : [...lines, line.shown]).slice(0, SNIPPET_LINES);
}

function paintWord(word: string, at: number, marks: Snippet["marks"], paint: Paint): string {
  let shown = "";
  let done = 0;
  for (const [start, end] of marks) {
    if (start < at || end > at + word.length) continue;
    shown += paint("dim", oneLine(word.slice(done, start - at)));
    shown += paint("bold", oneLine(word.slice(start - at, end - at)));
    done = end - at;
  }
  return shown + paint("dim", oneLine(word.slice(done)));
}
