import { createHash } from "node:crypto";
import type { GenerationRequest } from "./client.ts";

/** Hex sha-256 of all that an answer depends on: equal requests have equal keys in every run. */
export function generationKey(model: string, request: GenerationRequest): string {
  const { prompt, system, temperature, maxOutputTokens } = request;
  // JSON writes null for a missing value, so that the next one cannot take its place.
  const work = ["generate", model, system, prompt, temperature, maxOutputTokens];
  return createHash("sha256").update(JSON.stringify(work)).digest("hex");
}
