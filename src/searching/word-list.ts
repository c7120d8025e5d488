import type { RankedSection } from "../ranking/term-source.ts";
import type { HitScores } from "../words/hits.ts";

/** The sections that words find, best first. Common words find half of a site. */
export interface WordList {
  readonly ranked: readonly RankedSection[];
  /** Place and score of a section; null if words do not find it. */
  readonly placeOf: (section: number) => HitScores["text"];
}

/** All numbers of sections are below `sectionCount`. */
export function wordList(ranked: readonly RankedSection[], sectionCount: number): WordList {
  const ranks = new Uint32Array(sectionCount);
  ranked.forEach(({ section }, at) => (ranks[section] = at + 1));
  return {
    ranked,
    placeOf(section) {
      const rank = ranks[section] ?? 0;
      const found = ranked[rank - 1];
      return found === undefined ? null : { rank, score: found.score };
    },
  };
}
