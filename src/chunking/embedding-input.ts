import type { Chunk, EmbeddingInput } from "../words/types.ts";

/** Separates the headings of a trail. */
const TRAIL_SEPARATOR = " > ";

/** Separates the title from the text. */
const TITLE_END = "\n\n";

/** The heading trail in one line. The title comes first, and only once if the first heading repeats it. */
export function headingTrail(title: string, headings: readonly string[]): string {
  const names = headings[0] === title ? headings : [title, ...headings];
  return names.filter((name) => name !== "").join(TRAIL_SEPARATOR);
}

/** The embedding input of a chunk: its heading trail as the title, and its text. */
export function embeddingInput(chunk: Pick<Chunk, "title" | "headings" | "text">): EmbeddingInput {
  const trail = headingTrail(chunk.title, chunk.headings);
  return { title: trail === "" ? null : trail, text: chunk.text };
}

/** An embedding input as one text: title, empty line, text. Never shown to a reader. */
export const embeddingText = ({ title, text }: EmbeddingInput): string =>
  title === null ? text : title + TITLE_END + text;

/** The embedding input of a chunk as one text. */
export const chunkEmbeddingText = (chunk: Pick<Chunk, "title" | "headings" | "text">): string =>
  embeddingText(embeddingInput(chunk));
