import { createHash } from "node:crypto";
import type { GenerationRequest } from "./client.ts";

/** Hex sha-256 over all that an answer depends on: the same work has the same key, in any run. */
export function generationKey(model: string, request: GenerationRequest): string {
  const { prompt, system, temperature, maxOutputTokens } = request;
  // Nothing that is left out may move what follows it: JSON writes null for it.
  const work = ["generate", model, system, prompt, temperature, maxOutputTokens];
  return createHash("sha256").update(JSON.stringify(work)).digest("hex");
}
