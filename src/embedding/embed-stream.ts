import type { EmbeddingRequest, EmbeddingResult, Fingerprint } from "../words/types.ts";
import type { EmbedContentOptions } from "./client.ts";
import { planRequests, resultFor } from "./embed-content.ts";
import type { RequestContext } from "./embed-content.ts";
import { notSent } from "../sending/given-up.ts";

/** One outcome of a set, as soon as it is known. */
export interface StreamedResult {
  /** Which request it belongs to, counted from 0. */
  readonly index: number;
  readonly result: EmbeddingResult;
}

/**
 * Gives each outcome of a set of requests as soon as it is known, in the order in which they settle.
 * Whoever stops reading stops what has not been sent. Throws as `embedContent` does.
 */
export async function* embedContentStream(
  requests: readonly EmbeddingRequest[],
  { signal, ...options }: EmbedContentOptions,
  context: RequestContext,
): AsyncGenerator<StreamedResult, void, undefined> {
  const left = new AbortController();
  const stop = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
  const set = planRequests(requests, { ...options, signal: stop }, context);
  const indexesOf = Map.groupBy(requests.keys(), (at) => set.fingerprints[at] ?? "");
  const arrived: StreamedResult[] = [];
  let wake = Promise.withResolvers<void>();
  const onSettled = (fingerprint: Fingerprint, result: EmbeddingResult): void => {
    for (const index of indexesOf.get(fingerprint) ?? []) {
      arrived.push({ index, result: resultFor(requests[index] ?? { text: "" }, result) });
    }
    indexesOf.delete(fingerprint);
    wake.resolve();
  };
  let isOver = false;
  const running = set.run(onSettled).finally(() => {
    isOver = true;
    wake.resolve();
  });
  // Its failure is thrown below, after what had arrived by then.
  running.catch(() => undefined);
  try {
    for (;;) {
      yield* arrived.splice(0);
      if (isOver) break;
      await wake.promise;
      wake = Promise.withResolvers();
    }
    yield* arrived.splice(0);
    await running;
    for (const index of [...indexesOf.values()].flat()) {
      yield { index, result: resultFor(requests[index] ?? { text: "" }, notSent()) };
    }
  } finally {
    left.abort();
    await running.catch(() => undefined);
  }
}
