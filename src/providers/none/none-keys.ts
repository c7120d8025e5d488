import { z } from "zod";
import type { Conflict, ProviderKeys } from "../../config/provider-keys.ts";
import type { CheckedConfig } from "../../config/schema.ts";
import { once } from "../../words/once.ts";

/** The configuration keys of the provider that makes no vectors. */
export const noneKeys = {
  name: "none",
  summary: "makes no vectors, needs no key and ranks by words",
  keys: once(() =>
    z.strictObject({
      // Accepted, so that one word of a configuration switches vectors off and on again.
      model: z
        .string()
        .optional()
        .transform(() => "none")
        .describe("Without vectors, it counts for nothing."),
      dimensions: z
        .number()
        .optional()
        .transform(() => 0)
        .describe("Without vectors, it counts for nothing."),
    }),
  ),
  conflicts: noneConflicts,
} as const satisfies ProviderKeys;

function* noneConflicts({ generation, search }: CheckedConfig): Generator<Conflict> {
  if (search.mode === "vector") {
    yield { path: ["search", "mode"], message: '"hybrid" or "text" with the provider none' };
  }
  if (generation.enrich !== "off") {
    yield { path: ["generation", "enrich"], message: '"off" with the provider none' };
  }
}
