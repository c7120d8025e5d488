import { z } from "zod";
import { countSchema, modelSchema } from "../../config/values.ts";
import type { ProviderKeys } from "../../config/provider-keys.ts";
import { once } from "../../words/once.ts";

/** The configuration keys of the mock. */
export const mockKeys = {
  name: "mock",
  summary: "needs no key and compares words, not meanings",
  keys: once(() =>
    z.strictObject({
      model: modelSchema()
        .default("mock-embedding")
        .describe("Any name: it is part of each fingerprint."),
      dimensions: countSchema(8, 3072).default(768).describe("Length of the vectors."),
    }),
  ),
} as const satisfies ProviderKeys;
