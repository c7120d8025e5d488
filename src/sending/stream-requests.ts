import type { Clock, Fingerprint, Result } from "../words/types.ts";
import type { SetOptions } from "./client.ts";
import { planRequests, type RequestContext } from "./send-requests.ts";
import { interrupted, notSent, withPatience } from "./unfinished.ts";

/** The outcome of one request. */
export interface StreamedResult<Output> {
  /** Which request it belongs to, counted from 0. */
  readonly index: number;
  readonly result: Result<Output>;
}

/** Requests that are read and planned together; a job holds at most 50,000. */
const WINDOW = 10_000;

/**
 * Gives the outcome of each request as soon as it is known. Works on 10,000 requests at a time, and sends
 * equal ones among them once. Checks a list as a whole first. `deadlineMs` counts from the start of the
 * stream; after it, no job is ordered that nobody would wait for. Once `signal` aborts, nothing more is read
 * or sent; all requests of a list have outcomes even so. Throws as `sendRequests` does, and INTERRUPTED when
 * a source was not read to its end, unless failures are collected.
 */
export async function* streamRequests<Request, Input, Output>(
  requests: Requests<Request>,
  options: SetOptions,
  context: RequestContext<Request, Input, Output>,
): AsyncGenerator<StreamedResult<Output>, void, undefined> {
  const { clock, kind } = context;
  const { deadlineMs = Number.POSITIVE_INFINITY, ledger, onDeadline = "defer" } = options;
  const jobsOutlive = deadlineMs === 0 || (ledger !== undefined && onDeadline === "defer");
  const startedAt = clock.now();
  const isList = Array.isArray(requests);
  if (isList) kind.check(requests, 0);
  let first = 0;
  for await (const some of isList ? slicesOf(requests) : windowsOf(requests, options, clock)) {
    const leftMs = Math.max(0, deadlineMs - (clock.now() - startedAt));
    // Calls fail at once then, where a job would be ordered in vain.
    const forceIndividual = leftMs > 0 || jobsOutlive ? options.forceIndividual : true;
    const bounds = { ...options, forceIndividual, deadlineMs: leftMs };
    yield* streamWindow(some, bounds, context, first);
    first += some.length;
  }
}

type Requests<Request> = Iterable<Request> | AsyncIterable<Request>;

function* slicesOf<Request>(list: readonly Request[]): Generator<readonly Request[]> {
  for (let at = 0; at < list.length; at += WINDOW) yield list.slice(at, at + WINDOW);
}

async function* windowsOf<Request>(
  requests: Requests<Request>,
  { onError, signal }: SetOptions,
  clock: Clock,
): AsyncGenerator<readonly Request[], void, undefined> {
  const source =
    Symbol.asyncIterator in requests
      ? requests[Symbol.asyncIterator]()
      : requests[Symbol.iterator]();
  let some: Request[] = [];
  let state: "idle" | "reading" | "done" = "idle";
  try {
    for (;;) {
      if (signal?.aborted === true) break;
      // Also when it fails: then it needs no closing.
      state = "done";
      const next = await withPatience(Promise.resolve(source.next()), { signal }, clock);
      if ("status" in next) {
        state = "reading";
        break;
      }
      if (next.done === true) break;
      state = "idle";
      some.push(next.value);
      if (some.length < WINDOW) continue;
      yield some;
      some = [];
    }
    if (some.length > 0) yield some;
    if (state !== "done" && onError !== "collect") throw interrupted();
  } finally {
    const closing = state === "done" ? Promise.resolve() : (async () => source.return?.())();
    // A source that is still reading may answer only after its read.
    if (state === "reading") closing.catch(() => undefined);
    else await closing;
  }
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
