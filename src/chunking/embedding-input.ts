import type { Chunk, EmbeddingInput } from "../words/types.ts";
import { straightened } from "./inline-text.ts";
import { unitsOfBlocks, type CostedBlock } from "./blocks.ts";
import { shownBlocks } from "./normalised-text.ts";
import { textOfBlocks, withoutHeadings, type ShownBlock } from "./shown-block.ts";
import {
  cumulativeUnits,
  estimateTokens,
  LINE_BREAK_UNITS,
  tokensOfUnits,
  tokenUnits,
  unitsOfTokens,
} from "./tokens.ts";

export type Trail = Pick<Chunk, "title" | "headings">;

type TrailAndText = Pick<Chunk, "title" | "headings" | "text">;

const TRAIL_SEPARATOR = " > ";
const SEPARATOR_UNITS = tokenUnits(TRAIL_SEPARATOR);
/** How much more a digit costs after a separator than at the start of a text. */
const DIGIT_AFTER_SPACE_UNITS = tokenUnits(" 1") - tokenUnits("1");

/** The heading trail in one line. The title comes first, and only once if the first heading repeats it. */
export const headingTrail = (trail: Trail): string => namesOf(trail).join(TRAIL_SEPARATOR);

function namesOf({ title, headings }: Trail): string[] {
  const names = headings[0] === title ? headings : [title, ...headings];
  return names.filter((name) => name !== "");
}

/**
 * The embedding input of a chunk: its heading trail as the title, and its words and code without Markdown
 * and without the headings that the trail names. Raise CHUNKER_VERSION whenever the same chunk may get
 * another input.
 */
export function embeddingInput(chunk: TrailAndText): EmbeddingInput {
  const title = straightened(headingTrail(chunk));
  const text = textOfBlocks(sentBlocks(shownBlocks(chunk.text), chunk)) || title;
  return { title: title || null, text: text || chunk.text };
}

/** The blocks without the headings that the trail names; all of them if that leaves none. */
function sentBlocks<Block extends ShownBlock>(shown: readonly Block[], trail: Trail) {
  const sent = withoutHeadings(shown, namesOf(trail).map(straightened));
  return sent.length === 0 ? shown : sent;
}

/** Estimated tokens of the embedding input of a chunk whose text shows these blocks. */
export function inputTokens(chunk: TrailAndText, shown: readonly CostedBlock[]): number {
  const title = tokenUnits(straightened(headingTrail(chunk)));
  // An image without words, or math that may begin in one piece and end in another.
  if (title === 0 || shown.length === 0 || chunk.text.includes("$$"))
    return estimateTokens(chunkEmbeddingText(chunk));
  return tokensOfUnits(title + LINE_BREAK_UNITS + unitsOfBlocks(sentBlocks(shown, chunk)));
}

/** An embedding input as one text: title, empty line, text. Never shown to a reader. */
export const embeddingText = ({ title, text }: EmbeddingInput): string =>
  title === null ? text : `${title}\n\n${text}`;

/** The embedding input of a chunk as one text. */
export const chunkEmbeddingText = (chunk: TrailAndText): string =>
  embeddingText(embeddingInput(chunk));

const ELLIPSIS = "…";
const ELLIPSIS_UNITS = tokenUnits(straightened(ELLIPSIS));

/** Shortens a name to at most `units`, at a space if possible. */
function shorten(written: string, units: number): string {
  const name = straightened(written);
  const sums = cumulativeUnits(name.slice(0, units));
  if (name.length < sums.length && (sums.at(-1) ?? 0) <= units) return name;
  const fits = (length: number): boolean => (sums[length] ?? 0) + ELLIPSIS_UNITS <= units;
  let length = sums.length - 1;
  while (!fits(length) && name.lastIndexOf(" ", length - 1) >= 0) {
    length = name.lastIndexOf(" ", length - 1);
  }
  while (length > 1 && !fits(length)) length = Math.floor(length * 0.9);
  return name.slice(0, length).replace(/[\uD800-\uDBFF]$/, "") + ELLIPSIS;
}

/** A trail that fits, and what it costs as one line, in hundredths of a token. */
export interface FittedTrail extends Trail {
  readonly units: number;
}

/**
 * Shortens the trails of a page to a third of the limit, which leaves the rest to the text: drops headings
 * from the middle first, then shortens names. A trail that fits comes back unchanged. Reads each name only
 * once, however many trails it is in.
 */
export function trailFitter(
  title: string,
  maxTokens: number,
): (headings: readonly string[]) => FittedTrail {
  const room = unitsOfTokens(maxTokens) / 3;
  const share = room / 2 - SEPARATOR_UNITS;
  const costs = new Map<string, number>();
  const costOf = (name: string): number =>
    remembered(costs, name, () => tokenUnits(straightened(name)));
  const shortNames = new Map<string, string>();
  const short = (name: string): string => remembered(shortNames, name, () => shorten(name, share));
  const unitsOf = (trail: Trail): number => {
    const names = namesOf(trail);
    const digits = names.slice(1).filter((name) => /^\d/.test(name)).length;
    const gaps = Math.max(names.length - 1, 0) * SEPARATOR_UNITS + digits * DIGIT_AFTER_SPACE_UNITS;
    return names.reduce((sum, name) => sum + costOf(name), gaps);
  };
  return (all) => {
    const headings = [...all];
    let units = unitsOf({ title, headings });
    while (headings.length > 1 && units > room) {
      headings.splice(Math.floor((headings.length - 1) / 2), 1);
      units = unitsOf({ title, headings });
    }
    if (units <= room) return { title, headings, units };
    const trail = {
      title: short(title),
      headings: headings[0] === title ? [short(title)] : headings.map(short),
    };
    return { ...trail, units: unitsOf(trail) };
  };
}

function remembered<Value>(
  known: Map<string, Value>,
  name: string,
  find: (name: string) => Value,
): Value {
  const value = known.get(name) ?? find(name);
  known.set(name, value);
  return value;
}
