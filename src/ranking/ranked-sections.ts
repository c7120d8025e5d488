import { firstOf } from "../words/first-of.ts";
import type { RankedSection } from "./term-source.ts";

/**
 * The sections that a question finds. A common word finds half of a site, of which few are shown: so they
 * are sorted only as far as someone asks.
 */
export class RankedSections {
  /** Their numbers, ascending. */
  readonly numbers: readonly number[];
  /** By section's number; 0 if the section was not found. */
  readonly #scores: Float64Array;

  constructor(numbers: readonly number[], scores: Float64Array) {
    this.numbers = numbers;
    this.#scores = scores;
  }

  /** Score of a section, by its number; 0 if it was not found. */
  readonly scoreOf = (section: number): number => this.#scores[section] ?? 0;

  /** Sorts numbers of sections: best first, equals by number. */
  readonly compare = (one: number, other: number): number =>
    (this.#scores[other] ?? 0) - (this.#scores[one] ?? 0) || one - other;

  /** The first ones, best first; equals by number. */
  best(most = Infinity): RankedSection[] {
    return this.withScores(firstOf(this.numbers, most, this.compare));
  }

  withScores(sections: readonly number[]): RankedSection[] {
    return sections.map((section) => ({ section, score: this.scoreOf(section) }));
  }
}
