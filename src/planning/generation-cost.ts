import type { PaidRoad } from "./budget.ts";

/** US dollars per million tokens; null: nobody knows. */
export interface GenerationPrices {
  readonly usdPerMillionInputTokens: number | null;
  readonly usdPerMillionOutputTokens: number | null;
}

/** Tokens that were read and written. */
export interface GenerationTokens {
  readonly input: number;
  readonly output: number;
}

/**
 * Part of the price that each road costs. “Batch jobs are priced at 50% less than the standard rate
 * for a given model”: https://developers.googleblog.com/scale-your-ai-workloads-batch-mode-gemini-api
 */
const PRICE_SHARE: Readonly<Record<PaidRoad, number>> = { individual: 1, batch: 0.5 };

/** US dollars for tokens of one road, not rounded; null where a price is not known. */
export function costOfWriting(
  { input, output }: GenerationTokens,
  { usdPerMillionInputTokens: reading, usdPerMillionOutputTokens: writing }: GenerationPrices,
  road: PaidRoad,
): number | null {
  if (input === 0 && output === 0) return 0;
  if (reading === null || writing === null) return null;
  return (PRICE_SHARE[road] * (input * reading + output * writing)) / 1e6;
}
