import { readQuestion, type Question } from "./question.ts";

/** Longer headings are sentences: nobody asks for them word for word. */
const MOST_WORDS = 6;
const LONGEST = 48;

/** Ends a term that is the whole of a heading or title. No word of a text has it, and no operator. */
const END = " ";

/**
 * The terms of sections that are called as a question says: one for those that are so but for words that
 * say nothing, and one for those that have these words, too. They begin with the first word that says
 * something, so that all lie in one file. None: no heading is looked up by so many words.
 */
export function nameTermsOf({ small, words }: Question): readonly string[] {
  const topical = words.map(({ term }) => term);
  if (topical.length === 0 || topical.length > MOST_WORDS) return [];
  const name = topical.join(" ");
  const terms = [name, `${name} ${small.join(" ")}`];
  return terms.filter((term) => term.length <= LONGEST).map((term) => term + END);
}

/** The terms by which a section with this heading or title is found. */
export const termsOfName = (name: string): readonly string[] => nameTermsOf(readQuestion(name));

/** Whether a term is a heading or title, and no word that a reader could mean. */
export const isNameTerm = (term: string): boolean => term.endsWith(END);
