import type { Hit, SearchAnswer, Snippet } from "../words/hits.ts";
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
    ...othersOf(hit, paint).map((line) => indent + line),
  ];
}

/** Further sections of a page that are listed. A page can have hundreds, so their number says nothing. */
const MOST_OTHERS = 3;

const othersOf = ({ others = [], title }: Hit, paint: Paint): readonly string[] =>
  others
    .slice(0, MOST_OTHERS)
    .map(({ headings, url }) => `+ ${trailText(title, headings)}  ${paint("cyan", oneLine(url))}`);

/** The page's title and the headings above a section. */
export const trailText = (title: string, headings: readonly string[]): string =>
  [title, ...headings.filter((heading) => heading !== title)].map(oneLine).join(" › ");

/** Says why an answer is degraded, and how many chunks wait for a vector. */
export function notesOf(
  { degraded, pending }: Pick<SearchAnswer, "degraded" | "pending">,
  paint: Paint,
): readonly string[] {
  const wait = count(pending, "chunk waits", "chunks wait");
  const waiting = `${wait} for a vector (searches use an old one, or words only)`;
  const notes = [...(degraded === null ? [] : [degraded]), ...(pending === 0 ? [] : [waiting])];
  return notes.map((note) => paint("yellow", `Note: ${note}`));
}

/** Breaks the snippet between words into lines of this width. */
function snippetLines(snippet: Snippet, paint: Paint, width: number): readonly string[] {
  const lines: { shown: string; length: number }[] = [];
  for (const { 0: word, index } of snippet.text.matchAll(/\S+/gu)) {
    const painted = paintWord(word, index, snippet.marks, paint);
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) {
      lines.push({ shown: painted, length: word.length });
    } else {
      last.shown += ` ${painted}`;
      last.length += 1 + word.length;
    }
  }
  return lines.slice(0, SNIPPET_LINES).map(({ shown }) => shown);
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
