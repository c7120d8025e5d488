import type { Chunk, EmbeddingInput } from "../words/types.ts";
import { tokenUnits, unitsOfTokens } from "./tokens.ts";

export type Trail = Pick<Chunk, "title" | "headings">;

type TrailAndText = Pick<Chunk, "title" | "headings" | "text">;

const TRAIL_SEPARATOR = " > ";
const SEPARATOR_UNITS = tokenUnits(TRAIL_SEPARATOR);

/** The heading trail in one line. The title comes first, and only once if the first heading repeats it. */
export function headingTrail({ title, headings }: Trail): string {
  const names = headings[0] === title ? headings : [title, ...headings];
  return names.filter((name) => name !== "").join(TRAIL_SEPARATOR);
}

/** The embedding input of a chunk: its heading trail as the title, and its text. */
export const embeddingInput = (chunk: TrailAndText): EmbeddingInput => ({
  title: headingTrail(chunk) || null,
  text: chunk.text,
});

/** An embedding input as one text: title, empty line, text. Never shown to a reader. */
export const embeddingText = ({ title, text }: EmbeddingInput): string =>
  title === null ? text : `${title}\n\n${text}`;

/** The embedding input of a chunk as one text. */
export const chunkEmbeddingText = (chunk: TrailAndText): string =>
  embeddingText(embeddingInput(chunk));

const ELLIPSIS = "…";

/** Shortens a name to at most `units`, at a space if possible. */
function shorten(name: string, units: number): string {
  if (tokenUnits(name) <= units) return name;
  const words = name.slice(0, units).split(" ");
  while (words.length > 1 && tokenUnits(words.join(" ") + ELLIPSIS) > units) words.pop();
  let text = words.join(" ");
  while (text.length > 1 && tokenUnits(text + ELLIPSIS) > units) {
    text = text.slice(0, Math.floor(text.length * 0.9));
  }
  return text.replace(/[\uD800-\uDBFF]$/, "") + ELLIPSIS;
}

/**
 * Shortens a trail to a third of the limit, which leaves the rest to the text: drops headings from
 * the middle first, then shortens names. A trail that fits comes back unchanged.
 */
export function fitTrail({ title, headings: all }: Trail, maxTokens: number): Trail {
  const room = unitsOfTokens(maxTokens) / 3;
  const headings = [...all];
  const isWithin = (): boolean => tokenUnits(headingTrail({ title, headings })) <= room;
  while (headings.length > 1 && !isWithin()) {
    headings.splice(Math.floor((headings.length - 1) / 2), 1);
  }
  if (isWithin()) return { title, headings };
  const share = room / 2 - SEPARATOR_UNITS;
  const short = shorten(title, share);
  return {
    title: short,
    headings: headings[0] === title ? [short] : headings.map((name) => shorten(name, share)),
  };
}
