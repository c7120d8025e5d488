import type { Unit } from "./read-terms.ts";
import { idfOf } from "./strength.ts";
import type { Postings } from "./term-source.ts";
import { NEAR } from "./weights.ts";

/** Sections in which two neighbours of the question are near each other. */
export interface Near {
  readonly sections: readonly number[];
  /** The smaller idf of the two. */
  readonly bonus: number;
}

/** For each two neighbours in the question: where they are near each other. */
export function nearnessOf(units: readonly Unit[], sectionCount: number): Near[] {
  const leaves = units.filter(({ isLeaf }) => isLeaf);
  return leaves.slice(1).flatMap((unit, at) => {
    const one = leaves[at]?.variants[0];
    const other = unit.variants[0];
    if (one === undefined || other === undefined || one.postings === other.postings) return [];
    const bonus =
      Math.min(one.share, other.share) *
      Math.min(
        idfOf(one.postings.sections.length, sectionCount),
        idfOf(other.postings.sections.length, sectionCount),
      );
    return [{ bonus, sections: nearSections(one.postings, other.postings) }];
  });
}

function nearSections(one: Postings, other: Postings): number[] {
  const sections: number[] = [];
  let [at, its] = [0, 0];
  while (at < one.sections.length && its < other.sections.length) {
    const difference = (one.sections[at] ?? 0) - (other.sections[its] ?? 0);
    if (difference === 0 && isNear(one, at, other, its)) sections.push(one.sections[at] ?? 0);
    if (difference <= 0) at += 1;
    if (difference >= 0) its += 1;
  }
  return sections;
}

function isNear(one: Postings, at: number, other: Postings, its: number): boolean {
  const end = one.positionEnds[at] ?? 0;
  const itsEnd = other.positionEnds[its] ?? 0;
  for (let i = at === 0 ? 0 : (one.positionEnds[at - 1] ?? 0); i < end; i += 1) {
    for (let j = its === 0 ? 0 : (other.positionEnds[its - 1] ?? 0); j < itsEnd; j += 1) {
      const distance = (one.positions[i] ?? 0) - (other.positions[j] ?? 0);
      if (distance <= NEAR && distance >= -NEAR) return true;
    }
  }
  return false;
}
