import type { Quality, Ranked } from "../ranking/recall.ts";
import type { SearchMode } from "../words/hits.ts";

/** A question with an expected page that is not among the k best pages. */
interface Miss {
  readonly question: string;
  /** Ids of the expected pages that were not found. */
  readonly missing: readonly string[];
  /** Ids of the k best pages, best first. */
  readonly found: readonly string[];
}

/** How well the index answers a set of questions. */
export interface CheckReport extends Quality {
  readonly file: string;
  readonly questions: number;
  readonly mode: SearchMode;
  readonly k: number;
  /**
   * The same questions in every mode, for comparison. Null if the mode did not run: full text was
   * asked for, or some question has no vector.
   */
  readonly modes: Readonly<Record<SearchMode, Quality | null>>;
  /** Why full text answered all questions although another mode was asked for, or null. */
  readonly degraded: string | null;
  readonly misses: readonly Miss[];
}

/** A question with the pages that were expected and found. */
export interface Asked extends Ranked {
  readonly question: string;
}

/** What an answer lacks. */
export const missOf = ({ question, expected, found }: Asked): Miss => ({
  question,
  missing: expected.filter((page) => !found.includes(page)),
  found,
});
