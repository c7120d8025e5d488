import fc from "fast-check";

/** The seeds of all fuzz tests: every machine runs the same cases. */
export const SEEDS = [13, 1306, 20_261] as const;

/** The case with this number, which no other case of the seed has. */
export interface SeededCase<Value> {
  readonly seed: number;
  readonly number: number;
  readonly value: Value;
}

/** The first cases of a seed. The same seed always makes the same ones. */
export const casesOf = <Value>(
  seed: number,
  count: number,
  values: fc.Arbitrary<Value>,
): SeededCase<Value>[] =>
  fc
    .sample(values, { seed, numRuns: count })
    .map((value, index) => ({ seed, number: index + 1, value }));

/** Seed, number and content of a case: enough to run it again. */
export const named = ({ seed, number, value }: SeededCase<unknown>): string =>
  `case ${number} of seed ${seed}: ${JSON.stringify(value)}`;

const FIRST = 5;

/** The first of the cases that went wrong, and how many others did. */
export const firstOf = (cases: readonly SeededCase<unknown>[]): string[] => [
  ...cases.slice(0, FIRST).map(named),
  ...(cases.length > FIRST ? [`and ${cases.length - FIRST} more`] : []),
];
