import { z } from "zod";
import {
  blocksWith,
  embeddingBlock,
  rowOf,
  type Conflict,
  type ProviderTable,
} from "./provider-keys.ts";
import type { CheckedConfig } from "./schema.ts";

/** The schema of a whole configuration: it fills in what is left out, and refuses what is wrong. */
export const createConfigSchema = (providers: ProviderTable): z.ZodType<CheckedConfig> =>
  z.strictObject(blocksWith(embeddingBlock(providers))).superRefine((config, context) => {
    const { conflicts } = rowOf(providers, config.embedding.provider);
    for (const { path, message } of [...conflictsOf(config), ...(conflicts?.(config) ?? [])]) {
      context.addIssue({ code: "custom", path: [...path], message });
    }
  });

function* conflictsOf({ calls, chunking }: CheckedConfig): Generator<Conflict> {
  if (chunking.overlapTokens * 2 > chunking.maxTokens) {
    const message = `at most half of chunking.maxTokens (${chunking.maxTokens})`;
    yield { path: ["chunking", "overlapTokens"], message };
  }
  if (calls.initialBackoffMs > calls.maxBackoffMs) {
    const message = `at most calls.maxBackoffMs (${calls.maxBackoffMs})`;
    yield { path: ["calls", "initialBackoffMs"], message };
  }
}
