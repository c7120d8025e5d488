/** The pages that a question should find, and those that it found, best first. */
export interface Ranked {
  readonly expected: readonly string[];
  readonly found: readonly string[];
}

/** Search quality over a set of questions; both values from 0 to 1. */
export interface Quality {
  /** Share of the expected pages that are among the first k found; mean over all questions. */
  readonly recall: number;
  /** Mean reciprocal rank: the mean of 1 / rank of the first expected page, or 0 without one. */
  readonly mrr: number;
}

/** Share of the expected pages that are among the first `k` found; 1 if none are expected. */
export function recallAt(k: number, { expected, found }: Ranked): number {
  const first = new Set(found.slice(0, k));
  const wanted = [...new Set(expected)];
  return wanted.length === 0 ? 1 : wanted.filter((page) => first.has(page)).length / wanted.length;
}

/** 1 / rank of the first expected page among the first `k` found; 0 when there is none. */
export function reciprocalRank(k: number, { expected, found }: Ranked): number {
  const index = found.slice(0, k).findIndex((page) => expected.includes(page));
  return index === -1 ? 0 : 1 / (index + 1);
}

/** Both measures over all questions; 0 if there are none. */
export function qualityAt(k: number, questions: readonly Ranked[]): Quality {
  const mean = (measure: (k: number, ranked: Ranked) => number): number =>
    questions.reduce((sum, ranked) => sum + measure(k, ranked), 0) / Math.max(1, questions.length);
  return { recall: mean(recallAt), mrr: mean(reciprocalRank) };
}
