import type { RankedSections } from "../ranking/ranked-sections.ts";
import { firstIndex } from "../words/first-index.ts";
import type { ScorePart } from "../words/hits.ts";

/** Places and scores among what a search finds, by section's number; of other sections there is none. */
export type Places = ReadonlyMap<number, ScorePart>;

/** The places of some sections among what words find, without sorting all: a common word finds half of a site. */
export function placesOf(ranked: RankedSections, sections: readonly number[]): Places {
  const wanted = sections.filter((section) => ranked.scoreOf(section) > 0).sort(ranked.compare);
  /** How many sections each wanted one has before it, and after the wanted one before; itself included. */
  const counts = new Uint32Array(wanted.length + 1);
  for (const section of ranked.numbers) {
    const at = firstIndex(wanted.length, (one) => ranked.compare(section, wanted[one] ?? 0) <= 0);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  let rank = 0;
  return new Map(
    wanted.map((section, at) => {
      rank += counts[at] ?? 0;
      return [section, { rank, score: ranked.scoreOf(section) }];
    }),
  );
}
