import { firstIndex } from "../words/first-index.ts";
import type { SectionIndex } from "./section-index.ts";
import type { KnownTerm, TermSource } from "./term-source.ts";

/** An index in memory as a ranking reads it: for tests, tuning, and sites that are being edited. */
export function memorySource({ postings, sectionCount, spellings }: SectionIndex): TermSource {
  const terms = [...postings.keys()];
  const known = (term: string): KnownTerm => ({
    term,
    sections: postings.get(term)?.sections.length ?? 0,
  });
  const firstFrom = (prefix: string): number =>
    firstIndex(terms.length, (at) => (terms[at] ?? "") >= prefix);
  return {
    sectionCount,
    postings: async (wanted) =>
      new Map(
        wanted.flatMap((term) => {
          const found = postings.get(term);
          return found === undefined ? [] : [[term, found] as const];
        }),
      ),
    startingWith: async (prefix) => {
      const found: KnownTerm[] = [];
      for (let at = firstFrom(prefix); terms[at]?.startsWith(prefix) === true; at += 1) {
        found.push(known(terms[at] ?? ""));
      }
      return found;
    },
    spellings: async (firstLetter) => spellings.filter(({ term }) => term.startsWith(firstLetter)),
    endingWith: async (ending) =>
      spellings.filter(({ term }) => term.length > ending.length && term.endsWith(ending)),
  };
}
