import { z } from "zod";
import { count, modelName } from "../../config/values.ts";
import type { ProviderKeys } from "../../config/provider-keys.ts";

/** The configuration keys of the mock. */
export const mockKeys = {
  name: "mock",
  summary: "needs no key and compares words, not meanings",
  keys: z.strictObject({
    model: modelName
      .default("mock-embedding")
      .describe("Any name: it is part of each fingerprint."),
    dimensions: count(8, 3072).default(768).describe("Length of the vectors."),
  }),
} as const satisfies ProviderKeys;
