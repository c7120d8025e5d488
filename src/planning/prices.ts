import type { Tokens } from "../words/plans.ts";

/** What tokens cost by one road; null: the price is unknown. */
export interface Prices {
  /** Tokens that the model reads. */
  readonly usdPerMillionTokens: number | null;
  /** Tokens that the model writes. Default 0: it writes none, or they are free. */
  readonly usdPerMillionOutputTokens?: number | null;
}

/** US dollars, not rounded; null if a price is unknown. */
export function costOf({ input, output }: Tokens, prices: Prices | null): number | null {
  if (prices === null || (input === 0 && output === 0)) return 0;
  const { usdPerMillionTokens: reading, usdPerMillionOutputTokens: writing = 0 } = prices;
  if (reading === null || writing === null) return null;
  return (input * reading + output * writing) / 1e6;
}

/** Rounded; null if a cost is unknown. */
export const sumOfCosts = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? null : rounded(one + other);

/** Rounds to billionths: far below a cent, far above the noise of binary fractions. */
export const rounded = (value: number): number => Math.round(value * 1e9) / 1e9;
