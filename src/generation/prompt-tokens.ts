import { estimateTokens } from "../chunking/tokens.ts";
import type { GenerationRequest } from "./client.ts";

/** Estimated tokens that a model reads of a request. */
export const promptTokens = ({ prompt, system = "" }: GenerationRequest): number =>
  estimateTokens(prompt) + estimateTokens(system);
