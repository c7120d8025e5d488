import { embeddingText } from "../chunking/embedding-input.ts";
import { toError } from "../words/errors.ts";
import type { Clock } from "../words/types.ts";
import { checkVectors } from "./check-vectors.ts";
import { failureEvent } from "../sending/events.ts";
import type { CallContext, CallReport, TextPack } from "../sending/service.ts";

interface SingleCallContext extends Pick<CallContext, "spending" | "tell"> {
  readonly clock: Clock;
}

/**
 * Embeds a pack by one call that is never repeated: its texts succeed or fail together, but for those
 * that the budget does not hold.
 */
export async function singleCall(
  { inputs, tokens }: TextPack,
  dimensions: number,
  call: (texts: readonly string[]) => Promise<readonly Float32Array[]>,
  { clock, spending, tell }: SingleCallContext,
): Promise<CallReport> {
  const startedAt = clock.now();
  const fits = spending.take(tokens, "individual");
  const texts = inputs.slice(0, fits).map(embeddingText);
  const left = inputs.slice(fits).map(() => ({ error: spending.refusal() }));
  const sent = { calls: fits === 0 ? 0 : 1, retries: 0, texts: fits, textsRepeated: 0 };
  const report = { ...sent, tokens: tokens.slice(0, fits).reduce((sum, count) => sum + count, 0) };
  if (fits === 0) return { ...report, latenciesMs: [], outcomes: left };
  try {
    const vectors = await call(texts);
    checkVectors(vectors, texts.length, dimensions);
    const latencyMs = clock.now() - startedAt;
    tell({ type: "success", texts: texts.length, latencyMs });
    const outcomes = [...vectors.map((vector) => ({ vector })), ...left];
    return { ...report, latenciesMs: [latencyMs], outcomes };
  } catch (cause) {
    const error = toError(cause);
    tell(failureEvent(error, texts.length));
    const outcomes = [...texts.map(() => ({ error })), ...left];
    return { ...report, latenciesMs: [], outcomes };
  }
}
