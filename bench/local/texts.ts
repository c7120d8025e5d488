import { madeWords } from "../../test/e2e/local/make-model.ts";

export const VOCABULARY: readonly string[] = madeWords(30_000);

/** Lengths in tokens, those around a text included. */
const KINDS = {
  short: { fewest: 12, most: 32 },
  long: { fewest: 240, most: 256 },
  mixed: { fewest: 12, most: 256 },
} as const;

export type Kind = keyof typeof KINDS;

/** Tokens that the model wants around a text. */
const AROUND = 2;

/** Texts with evenly spread lengths, in no order; the same each time. */
export function textsOf(kind: Kind, count: number): string[] {
  const { fewest, most } = KINDS[kind];
  return Array.from({ length: count }, (_, at) => {
    const tokens = fewest + ((at * 7919) % (most - fewest + 1));
    return Array.from(
      { length: tokens - AROUND },
      (_word, place) => VOCABULARY[(at * 101 + place * 31) % VOCABULARY.length] ?? "",
    ).join(" ");
  });
}
