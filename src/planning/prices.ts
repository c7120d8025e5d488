import type { Tokens } from "../words/plans.ts";

/** What tokens cost by one route, in US dollars; null: the price is not known. */
export interface Prices {
  /** Tokens that the model reads. */
  readonly usdPerMillionTokens: number | null;
  /** Tokens that the model writes. Default 0: nothing is written, or nothing is charged for it. */
  readonly usdPerMillionOutputTokens?: number | null;
}

/** US dollars, not rounded; null where a price is not known. */
export function costOf({ input, output }: Tokens, prices: Prices | null): number | null {
  if (prices === null || (input === 0 && output === 0)) return 0;
  const { usdPerMillionTokens: reading, usdPerMillionOutputTokens: writing = 0 } = prices;
  if (reading === null || writing === null) return null;
  return (input * reading + output * writing) / 1e6;
}

/** A sum of costs, rounded; one that is not known makes the sum unknown. */
export const sumOfCosts = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? null : rounded(one + other);

/** Billionths: far below a cent, far above the noise of binary fractions. */
export const rounded = (value: number): number => Math.round(value * 1e9) / 1e9;
