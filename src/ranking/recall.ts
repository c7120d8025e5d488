/** The pages that one question should find, and those that it did, best first. */
export interface Ranked {
  readonly expected: readonly string[];
  readonly found: readonly string[];
}

/** How well a set of questions is answered; both from 0 to 1. */
export interface Quality {
  /** Share of the expected pages among the k best pages, in the mean of all questions. */
  readonly recall: number;
  /** Mean reciprocal rank: 1 / rank of the first expected page, 0 without one. */
  readonly mrr: number;
}

/** Share of the expected pages among the first `k` found. */
export function recallAt(k: number, { expected, found }: Ranked): number {
  const first = new Set(found.slice(0, k));
  const wanted = [...new Set(expected)];
  return wanted.length === 0 ? 1 : wanted.filter((page) => first.has(page)).length / wanted.length;
}

/** 1 / rank of the first expected page among the first `k` found; 0 when there is none. */
export function reciprocalRank(k: number, { expected, found }: Ranked): number {
  const at = found.slice(0, k).findIndex((page) => expected.includes(page));
  return at === -1 ? 0 : 1 / (at + 1);
}

/** Both measures over all questions; of none at all they are 0. */
export function qualityAt(k: number, questions: readonly Ranked[]): Quality {
  const mean = (measure: (k: number, ranked: Ranked) => number): number =>
    questions.reduce((sum, ranked) => sum + measure(k, ranked), 0) / Math.max(1, questions.length);
  return { recall: mean(recallAt), mrr: mean(reciprocalRank) };
}
