import type { Fingerprint, Result } from "../words/types.ts";
import type { SetOptions } from "./client.ts";
import { planRequests, type RequestContext } from "./send-requests.ts";
import { notSent } from "./unfinished.ts";

/** The outcome of one request. */
export interface StreamedResult<Output> {
  /** Which request it belongs to, counted from 0. */
  readonly index: number;
  readonly result: Result<Output>;
}

/** Requests that are read and planned together; a job holds at most 50,000. */
const WINDOW = 10_000;

/**
 * Gives the outcome of each request as soon as it is known. Reads and plans 10,000 requests at a time, and
 * the next ones when all of those have outcomes. When the reader stops, nothing more is sent. Throws as
 * `sendRequests` does.
 */
export async function* streamRequests<Request, Input, Output>(
  requests: Iterable<Request> | AsyncIterable<Request>,
  options: SetOptions,
  context: RequestContext<Request, Input, Output>,
): AsyncGenerator<StreamedResult<Output>, void, undefined> {
  let first = 0;
  for await (const some of windowsOf(requests)) {
    yield* streamWindow(some, options, context, first);
    first += some.length;
  }
}

async function* windowsOf<Request>(
  requests: Iterable<Request> | AsyncIterable<Request>,
): AsyncGenerator<readonly Request[], void, undefined> {
  let some: Request[] = [];
  for await (const request of requests) {
    some.push(request);
    if (some.length < WINDOW) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

async function* streamWindow<Request, Input, Output>(
  requests: readonly Request[],
  { signal, ...options }: SetOptions,
  context: RequestContext<Request, Input, Output>,
  first: number,
): AsyncGenerator<StreamedResult<Output>, void, undefined> {
  const { kind } = context;
  const left = new AbortController();
  const stop = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
  const set = planRequests(requests, { ...options, signal: stop }, context, first);
  const indexesOf = Map.groupBy(requests.keys(), (at) => set.keys[at] ?? "");
  const arrived: StreamedResult<Output>[] = [];
  let wake = Promise.withResolvers<void>();
  const arrive = (indexes: readonly number[], result: Result<Output>): void => {
    for (const index of indexes) {
      const request = requests[index];
      if (request === undefined) continue;
      arrived.push({ index: first + index, result: kind.resultFor(request, result) });
    }
  };
  const onSettled = (key: Fingerprint, result: Result<Output>): void => {
    arrive(indexesOf.get(key) ?? [], result);
    indexesOf.delete(key);
    wake.resolve();
  };
  let isOver = false;
  const running = set.run(onSettled).finally(() => {
    isOver = true;
    wake.resolve();
  });
  // Its failure is thrown below, after the outcomes that arrived before it.
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
    arrive([...indexesOf.values()].flat(), notSent());
    yield* arrived.splice(0);
  } finally {
    left.abort();
    await running.catch(() => undefined);
  }
}
