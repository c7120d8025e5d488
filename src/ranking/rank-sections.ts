import { nearnessOf } from "./nearness.ts";
import type { Question } from "./question.ts";
import { readTerms, type ReadTerms, type Unit } from "./read-terms.ts";
import { idfOf, SATURATION } from "./strength.ts";
import { RankedSections } from "./ranked-sections.ts";
import type { PageTable, TermSource } from "./term-source.ts";
import { WEIGHTS, type RankingWeights } from "./weights.ts";

/**
 * The sections that have a word of the question or a variant of it. `pages` may still be on its way: it comes
 * while the terms do. Sums run in the order of the question, so that all readers agree to the last place.
 * Rejects as the source does, and with the signal's reason.
 */
export async function rankSections(
  question: Question,
  source: TermSource,
  pages: PageTable | Promise<PageTable>,
  signal?: AbortSignal,
  weights: RankingWeights = WEIGHTS,
): Promise<RankedSections> {
  const [terms, { isAllowed, pageOf }] = await Promise.all([
    readTerms(question, source, weights, signal),
    pages,
  ]);
  signal?.throwIfAborted();
  const scores = scoresOf(terms, source.sectionCount, weights);
  const found: number[] = [];
  for (let section = 0; section < scores.length; section += 1) {
    if (scores[section] === 0) continue;
    if (isAllowed(pageOf(section))) found.push(section);
    else scores[section] = 0;
  }
  return new RankedSections(found, scores);
}

function scoresOf(
  { named, units }: ReadTerms,
  sectionCount: number,
  weights: RankingWeights,
): Float64Array {
  const scores = new Float64Array(sectionCount);
  const best = new Float64Array(sectionCount);
  for (const unit of units) addUnit(unit, scores, best);
  for (const { bonus, sections } of nearnessOf(units, sectionCount)) {
    for (const section of sections) {
      scores[section] = (scores[section] ?? 0) + weights.nearness * bonus;
    }
  }
  const bonus = weights.named * idfSum(units, sectionCount);
  for (const section of named) scores[section] = (scores[section] ?? 0) + bonus;
  return scores;
}

/** The idf of all words of the question together. */
function idfSum(units: readonly Unit[], sectionCount: number): number {
  let sum = 0;
  for (const { isLeaf, variants } of units) {
    const own = isLeaf ? variants[0] : undefined;
    if (own !== undefined) sum += idfOf(own.postings.sections.length, sectionCount);
  }
  return sum;
}

/** Adds to each section the best of a word's variants; leaves `best` empty again. */
function addUnit({ share, variants }: Unit, scores: Float64Array, best: Float64Array): void {
  const word = wordItself(variants, scores.length);
  for (const { postings, share: kept } of variants) {
    const { codes, sections } = postings;
    const itself = { idf: idfOf(sections.length, scores.length), most: Infinity };
    const { idf, most } = kept === 1 ? itself : (word ?? itself);
    for (let at = 0; at < sections.length; at += 1) {
      const section = sections[at] ?? 0;
      const score = kept * share * Math.min(idf * (SATURATION[codes[at] ?? 0] ?? 0), most);
      if (score > (best[section] ?? 0)) best[section] = score;
    }
  }
  for (const { postings } of variants) {
    for (const section of postings.sections) {
      scores[section] = (scores[section] ?? 0) + (best[section] ?? 0);
      best[section] = 0;
    }
  }
}

/**
 * What a known word tells, and the most that it adds to a section. What merely stands for it tells no more,
 * however rare it is, and adds its share of that at most: the best section that has the word is above it.
 */
function wordItself(
  variants: Unit["variants"],
  sectionCount: number,
): { readonly idf: number; readonly most: number } | null {
  const own = variants.filter(({ share }) => share === 1);
  if (own.length === 0) return null;
  const idfs = own.map(({ postings }) => idfOf(postings.sections.length, sectionCount));
  const tops = own.map(({ postings }, at) => (idfs[at] ?? 0) * strongest(postings.codes));
  return { idf: Math.min(...idfs), most: Math.max(...tops) };
}

function strongest(codes: Uint8Array): number {
  let most = 0;
  for (const code of codes) if (code > most) most = code;
  return SATURATION[most] ?? 0;
}
