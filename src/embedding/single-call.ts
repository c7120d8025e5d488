import { embeddingText } from "../chunking/embedding-input.ts";
import { toError } from "../errors.ts";
import { checkVectors } from "./check-vectors.ts";
import type { CallReport, TextPack } from "./service.ts";

/** Embeds a pack by one call that is never repeated: its texts succeed or fail together. */
export async function singleCall(
  { inputs, tokens }: TextPack,
  dimensions: number,
  call: (texts: readonly string[]) => Promise<readonly Float32Array[]>,
): Promise<CallReport> {
  const texts = inputs.map(embeddingText);
  const sent = { calls: 1, retries: 0, texts: texts.length, textsRepeated: 0 };
  const report = { ...sent, tokens: tokens.reduce((sum, count) => sum + count, 0) };
  try {
    const vectors = await call(texts);
    checkVectors(vectors, texts.length, dimensions);
    return { ...report, outcomes: vectors.map((vector) => ({ vector })) };
  } catch (cause) {
    const error = toError(cause);
    return { ...report, outcomes: texts.map(() => ({ error })) };
  }
}
