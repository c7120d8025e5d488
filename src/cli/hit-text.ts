import type { Hit, Snippet } from "../words/types.ts";
import { oneLine, type Paint } from "./paint.ts";

/** Lines of a snippet: a narrow terminal cuts it. */
const SNIPPET_LINES = 3;

/** A hit for people: trail, link, snippet with the query's words in bold, further hits of the page. */
export function hitText(hit: Hit, rank: number, paint: Paint, width: number): readonly string[] {
  const indent = " ".repeat(`${rank}. `.length);
  const trail = (headings: readonly string[]): string =>
    [hit.title, ...headings.filter((heading) => heading !== hit.title)].map(oneLine).join(" › ");
  return [
    `${rank}. ${paint("bold", trail(hit.headings))}`,
    `${indent}${paint("cyan", oneLine(hit.url))}`,
    ...snippetLines(hit.snippet, paint, width - indent.length).map((line) => indent + line),
    ...(hit.others ?? []).map(
      ({ headings, url }) => `${indent}+ ${trail(headings)}  ${paint("cyan", oneLine(url))}`,
    ),
  ];
}

/** The snippet in lines that fit, broken between words. */
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
