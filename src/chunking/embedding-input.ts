import type { Chunk } from "../types.ts";

/** What stands between two headings of a trail. */
const TRAIL_SEPARATOR = " > ";

/** What stands between the trail and the text. */
const TRAIL_END = "\n\n";

/** The heading trail in one line: the title first, and only once when the first heading repeats it. */
export function headingTrail(title: string, headings: readonly string[]): string {
  const names = headings[0] === title ? headings : [title, ...headings];
  return names.filter((name) => name !== "").join(TRAIL_SEPARATOR);
}

/** What is really embedded: heading trail, empty line, text. Never shown to a reader. */
export function embeddingInput(chunk: Pick<Chunk, "title" | "headings" | "text">): string {
  const trail = headingTrail(chunk.title, chunk.headings);
  return trail === "" ? chunk.text : trail + TRAIL_END + chunk.text;
}
