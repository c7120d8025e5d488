import { embeddingText } from "../chunking/embedding-input.ts";
import { toError } from "../errors.ts";
import type { Clock } from "../types.ts";
import { checkVectors } from "./check-vectors.ts";
import { failureOf } from "./events.ts";
import type { EventSource } from "./events.ts";
import type { CallReport, TextPack } from "./service.ts";

/** Embeds a pack by one call that is never repeated: its texts succeed or fail together. */
export async function singleCall(
  { inputs, tokens }: TextPack,
  dimensions: number,
  call: (texts: readonly string[]) => Promise<readonly Float32Array[]>,
  { clock, events }: { readonly clock: Clock; readonly events: EventSource },
): Promise<CallReport> {
  const startedAt = clock.now();
  const texts = inputs.map(embeddingText);
  const sent = { calls: 1, retries: 0, texts: texts.length, textsRepeated: 0 };
  const report = { ...sent, tokens: tokens.reduce((sum, count) => sum + count, 0) };
  try {
    const vectors = await call(texts);
    checkVectors(vectors, texts.length, dimensions);
    const latencyMs = clock.now() - startedAt;
    events.emit({ type: "success", texts: texts.length, latencyMs });
    return { ...report, latenciesMs: [latencyMs], outcomes: vectors.map((vector) => ({ vector })) };
  } catch (cause) {
    const error = toError(cause);
    events.emit(failureOf(error, texts.length));
    return { ...report, latenciesMs: [], outcomes: texts.map(() => ({ error })) };
  }
}
