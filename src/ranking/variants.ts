import { editsBetween } from "./damerau.ts";
import { stemOf } from "./english-words.ts";
import { isNameTerm } from "./name-term.ts";
import { shortestPrefix, takesEndings } from "./scripts.ts";
import type { KnownTerm, TermSource } from "./term-source.ts";
import type { RankingWeights } from "./weights.ts";

/** A term that counts as a word of the question. */
export interface Variant {
  readonly term: string;
  /** What is left of the word's weight: at most 1. */
  readonly share: number;
}

/** More variants of a word add requests, and nothing to the answer. */
const MOST_VARIANTS = 8;
const MOST_BEGINNINGS = 24;
/** For a word that the index lacks: each variant may lie in a file of its own. */
const MOST_CORRECTIONS = 4;

/** Beginnings of this many letters lie in one file with the word itself. */
const SHARED_BEGINNING = 4;
/** A compound's last part of so many letters is found by it. */
const SHORTEST_END = 5;

/** Edits that a misspelt word may have. An edit in a short word makes another one. */
const editsIn = ({ length }: string): number => (length < 4 ? 0 : length <= 5 ? 1 : 2);

export interface VariantsOptions {
  readonly isPrefix: boolean;
  readonly weights: RankingWeights;
  readonly signal: AbortSignal | undefined;
}

/** Terms that begin like a word: other forms of it, longer words, and what is being typed. */
export async function beginningLike(
  term: string,
  source: TermSource,
  { isPrefix, signal, weights }: VariantsOptions,
): Promise<Variant[]> {
  const isBeginning = isPrefix || takesEndings(term);
  const letters = isBeginning ? term.length : SHARED_BEGINNING;
  if (term.length < Math.max(letters, shortestPrefix(term))) return [];
  if (letters < term.length && !isWord(term)) return [];
  const known = await source.startingWith(term.slice(0, letters), signal);
  const most = editsIn(term);
  const found: (KnownTerm & Variant)[] = [];
  for (const { sections, term: other } of known) {
    if (other === term) continue;
    const share = Math.max(
      isPrefix && other.startsWith(term) && !isNameTerm(other) ? weights.beginning : 0,
      isWord(other) ? shareOf(term, other, most, weights) : 0,
    );
    if (share > 0) found.push({ term: other, sections, share });
  }
  return best(found, isBeginning ? MOST_BEGINNINGS : MOST_VARIANTS);
}

/** Known words that a word which the index lacks may mean: misspelt, or compounds that end with it. */
export async function correctionsOf(
  term: string,
  source: TermSource,
  { signal, weights }: VariantsOptions,
): Promise<Variant[]> {
  const most = editsIn(term);
  if (most === 0 || !isWord(term)) return [];
  const [known, compounds] = await Promise.all([
    source.spellings(firstLetterOf(term), signal),
    term.length < SHORTEST_END ? [] : source.endingWith(term, signal),
  ]);
  const found: (KnownTerm & Variant)[] = [];
  for (const { sections, term: other } of known) {
    const share = shareOf(term, other, most, weights);
    if (share > 0) found.push({ term: other, sections, share });
  }
  for (const { sections, term: other } of compounds) {
    found.push({ term: other, sections, share: weights.beginning });
  }
  return best(found, MOST_CORRECTIONS);
}

/** What a term keeps of a word's weight: as another form, by its edits, or as a longer word. */
function shareOf(term: string, other: string, most: number, weights: RankingWeights): number {
  if (isFormOf(term, other)) return weights.form;
  const edits = most === 0 ? 1 : editsBetween(term, other, most);
  if (edits <= most) return edits === 1 ? weights.edit : weights.edit * weights.edit;
  const isLonger = other.startsWith(term) && (term.length >= SHORTEST_END || takesEndings(term));
  return isLonger ? weights.beginning : 0;
}

/** The first letter of a word as spelling files are named by it. */
export const firstLetterOf = (term: string): string =>
  String.fromCodePoint(term.codePointAt(0) ?? 0);

/** All regular forms of a word share so many letters: a cheap test before the stems. */
const SHORTEST_STEM = 3;

/** Whether both are regular forms of one English word. Shorter words share a stem by chance. */
const isFormOf = (term: string, other: string): boolean =>
  other.startsWith(term.slice(0, SHORTEST_STEM)) &&
  isEnglish(term) &&
  isEnglish(other) &&
  stemOf(term) === stemOf(other);

const isEnglish = (term: string): boolean => /^[a-z]{4,}$/u.test(term);

const isWord = (term: string): boolean => /^\p{L}+$/u.test(term);

/** The variants with the largest shares; among equals, the more common ones; in a fixed order. */
const best = (found: (KnownTerm & Variant)[], most: number): Variant[] =>
  found
    .sort(
      (one, other) =>
        other.share - one.share ||
        other.sections - one.sections ||
        (one.term < other.term ? -1 : 1),
    )
    .slice(0, most);
