import { z } from "zod";
import { modelSchema } from "../../config/values.ts";
import type { Conflict, ProviderKeys } from "../../config/provider-keys.ts";
import { CONTEXT_TOKENS, type CheckedConfig } from "../../config/schema.ts";
import { GEMINI_MODELS, geminiProfile, type GeminiModel } from "../../planning/gemini-profile.ts";
import { once } from "../../words/once.ts";

/** Lengths of vectors: https://ai.google.dev/gemini-api/docs/embeddings, read in November 2026. */
export const DIMENSIONS = { fewest: 128, most: 3072 } as const;

/** Whether siterag knows a model's prices, limits and task form. */
export const isGeminiModel = (model: string): model is GeminiModel =>
  GEMINI_MODELS.some((known) => known === model);

/** The configuration keys of the Gemini API. */
export const geminiKeys = {
  name: "gemini",
  summary: "needs a key in GEMINI_API_KEY",
  keys: once(() =>
    z.strictObject({
      /** Google's newest. It reads 8,192 tokens; the older one has a shutdown date. */
      model: modelSchema()
        .refine(isGeminiModel, `one of ${GEMINI_MODELS.join(", ")} with the provider gemini`)
        .default("gemini-embedding-2")
        .describe("Model name as the provider spells it."),
      dimensions: z
        .int()
        .max(DIMENSIONS.most)
        .refine(
          (length) => length >= DIMENSIONS.fewest,
          `at least ${DIMENSIONS.fewest} with the provider gemini`,
        )
        .default(768)
        .describe("Length of the vectors: a quarter of the full length at nearly its quality."),
    }),
  ),
  conflicts: geminiConflicts,
} as const satisfies ProviderKeys;

/** Finds settings that contradict each other or a model's limits. */
function* geminiConflicts(config: CheckedConfig): Generator<Conflict> {
  const { budget, chunking, embedding, generation, limits } = config;
  if (!isGeminiModel(embedding.model)) return;
  const isEnriched = generation.enrich === "context";
  if (isEnriched && generation.model === null) {
    const message = '"off" unless generation.model names a model';
    yield { path: ["generation", "enrich"], message };
  }
  const { usdPerMillionInputTokens: reading, usdPerMillionOutputTokens: writing } = generation;
  if (isEnriched && budget.maxCostUsd !== null && (reading === null || writing === null)) {
    const message = "null unless generation names both prices";
    yield { path: ["budget", "maxCostUsd"], message };
  }
  const { textTokens } = geminiProfile(embedding.model, embedding.dimensions, limits);
  const most = textTokens - (isEnriched ? CONTEXT_TOKENS : 0);
  if (chunking.maxTokens > most) {
    const context = isEnriched ? `, ${CONTEXT_TOKENS} of them for a sentence of context` : "";
    const message = `at most ${most} (${embedding.model} reads ${textTokens}${context})`;
    yield { path: ["chunking", "maxTokens"], message };
  }
}
