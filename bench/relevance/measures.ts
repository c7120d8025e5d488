/** The rank of the first right page of each question, from 1; 0 where none is among the first ten. */
export type Ranks = readonly number[];

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);

const reciprocal = (rank: number): number => (rank === 0 ? 0 : 1 / rank);

/** Mean reciprocal rank, in percent. */
export const mrrOf = (ranks: Ranks): number => 100 * mean(ranks.map(reciprocal));

/** Share of questions with a right page among the first `k`, in percent. */
export const recallOf = (ranks: Ranks, k: number): number =>
  100 * mean(ranks.map((rank) => (rank > 0 && rank <= k ? 1 : 0)));

const SAMPLES = 10_000;

/** Ends of the 95 % interval of a mean, by bootstrap with a fixed seed. */
function intervalOf(values: readonly number[]): readonly [low: number, high: number] {
  const random = seeded(17);
  const means = Float64Array.from({ length: SAMPLES }, () => {
    let sum = 0;
    for (let drawn = 0; drawn < values.length; drawn += 1) {
      sum += values[Math.floor(random() * values.length)] ?? 0;
    }
    return sum / Math.max(values.length, 1);
  }).sort();
  return [means[SAMPLES * 0.025] ?? 0, means[SAMPLES * 0.975] ?? 0];
}

/** What one engine is ahead of another in points of MRR, question by question. */
export function aheadOf(one: Ranks, other: Ranks) {
  const gains = one.map((rank, at) => 100 * (reciprocal(rank) - reciprocal(other[at] ?? 0)));
  const [low, high] = intervalOf(gains);
  return { points: mean(gains), low, high };
}

/** Mulberry32: numbers from 0 to 1, the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
