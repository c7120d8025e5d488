import { nameTermsOf } from "./name-term.ts";
import type { Question, QuestionWord } from "./question.ts";
import type { Postings, TermSource } from "./term-source.ts";
import { beginningLike, correctionsOf, type Variant } from "./variants.ts";
import type { RankingWeights } from "./weights.ts";

/** A term with its postings, and what it counts. */
interface WeightedPostings {
  readonly share: number;
  readonly postings: Postings;
}

/** A word to look for: its own term and its variants, the best of which counts. */
export interface Unit {
  /** Share of the word's weight: less than 1 for a part of a name whose whole is known. */
  readonly share: number;
  /** Whether its neighbours in the question are near it in a text that repeats the question. */
  readonly isLeaf: boolean;
  readonly variants: readonly WeightedPostings[];
}

/** A question with the postings that answer it. */
export interface ReadTerms {
  /** In the order of the question; unknown ones have no variants. */
  readonly units: readonly Unit[];
  /** The sections that are called as the question says; twice if its small words are the same, too. */
  readonly named: readonly number[];
}

/** Asks a source for the words of a question and their variants. */
export async function readTerms(
  question: Question,
  source: TermSource,
  weights: RankingWeights,
  signal?: AbortSignal,
): Promise<ReadTerms> {
  const { words } = question;
  const names = nameTermsOf(question);
  const options = (word: QuestionWord) => ({ isPrefix: word.isPrefix, weights, signal });
  const exact = [
    ...new Set(words.flatMap(({ others, parts, term }) => [term, ...others, ...parts])),
  ];
  const [known, beginnings] = await Promise.all([
    source.postings([...exact, ...names], signal),
    variantsOf(words, (term, word) => beginningLike(term, source, options(word))),
  ]);
  const isKnown = (term: string, { others }: QuestionWord): boolean =>
    known.has(term) || others.some((other) => known.has(other));
  const corrections = await variantsOf(words, async (term, word) =>
    isKnown(term, word) || word.isPrefix ? [] : correctionsOf(term, source, options(word)),
  );
  const further = [...beginnings.values(), ...corrections.values()].flat();
  const postings = new Map(known);
  const missing = [...new Set(further.map(({ term }) => term))].filter((term) => !known.has(term));
  for (const [term, found] of await source.postings(missing, signal)) postings.set(term, found);
  const units = words.flatMap((word) => {
    const unit = (term: string, share: number, isLeaf: boolean): Unit => {
      const own = term === word.term ? [term, ...word.others] : [term];
      const variants = [
        ...own.map((one) => ({ term: one, share: 1 })),
        ...(beginnings.get(term) ?? []),
        ...(corrections.get(term) ?? []),
      ];
      return { share, isLeaf, variants: variants.flatMap((one) => weighed(one, postings)) };
    };
    const whole = unit(word.term, 1, word.parts.length === 0);
    const share = whole.variants.length > 0 ? weights.part : 1;
    return [whole, ...word.parts.map((part) => unit(part, share, true))];
  });
  return { units, named: names.flatMap((name) => [...(known.get(name)?.sections ?? [])]) };
}

function weighed(
  { share, term }: Variant,
  known: ReadonlyMap<string, Postings>,
): WeightedPostings[] {
  const postings = known.get(term);
  return postings === undefined ? [] : [{ share, postings }];
}

/** Asks for the variants of all words and of the parts of names, at the same time. */
async function variantsOf(
  words: readonly QuestionWord[],
  ask: (term: string, word: QuestionWord) => Promise<Variant[]>,
): Promise<Map<string, Variant[]>> {
  const asked = new Map<string, Promise<Variant[]>>();
  for (const word of words) {
    for (const term of [word.term, ...word.parts]) {
      if (!asked.has(term)) asked.set(term, ask(term, word));
    }
  }
  const variants = await Promise.all(asked.values());
  return new Map([...asked.keys()].map((term, at) => [term, variants[at] ?? []]));
}
