import { expect, test } from "vitest";
import { MockGeminiClient } from "../../src/testing.ts";
import type { EmbeddingRequest } from "../../src/index.ts";
import type { EmbedContentOptions } from "../../src/embedding/client.ts";
import { memoryLedger } from "../../src/sending/job-ledger.ts";
import { geminiHarness } from "../providers/gemini/gemini-harness.ts";

const mock = () => new MockGeminiClient({ dimensions: 8, keepCalls: false });

type Requests = Parameters<MockGeminiClient["embedContentStream"]>[0];

/** Reads a stream; `onResult` sees each index. Returns how many outcomes came, and the code of its error. */
async function read(
  requests: Requests,
  options: EmbedContentOptions,
  onResult = (_index: number): void => undefined,
): Promise<{ readonly outcomes: number; readonly code: unknown }> {
  let outcomes = 0;
  try {
    for await (const { index } of mock().embedContentStream(requests, options)) {
      outcomes += 1;
      onResult(index);
    }
  } catch (error) {
    return { outcomes, code: error instanceof Error && "code" in error ? error.code : error };
  }
  return { outcomes, code: null };
}

const listOf = (count: number): EmbeddingRequest[] =>
  Array.from({ length: count }, (_, at) => ({ text: `text ${at}` }));

const silence = new Promise<never>(() => undefined);

/** Fails a test that would hang. */
const soon = <Value>(promise: Promise<Value>): Promise<Value | "hung"> =>
  Promise.race([
    promise,
    new Promise<"hung">((resolve) => {
      setTimeout(resolve, 2000, "hung");
    }),
  ]);

test.each(["collect", "failFast"] as const)(
  "a stream that is aborted reads its source no further (%s)",
  async (onError) => {
    const stop = new AbortController();
    let taken = 0;
    function* numbers(): Generator<EmbeddingRequest, void, undefined> {
      for (; taken < 50_000; taken += 1) yield { text: String(taken) };
    }
    const { code } = await read(numbers(), { onError, signal: stop.signal }, () => stop.abort());
    expect(taken).toBeLessThanOrEqual(10_000);
    expect(code).toBe(onError === "collect" ? null : "INTERRUPTED");
  },
  60_000,
);

test("a stream that is aborted while its source is silent ends, with what was read", async () => {
  const stop = new AbortController();
  const { promise: isSilent, resolve: fallSilent } = Promise.withResolvers<undefined>();
  async function* source(): AsyncGenerator<EmbeddingRequest, void, undefined> {
    yield { text: "one" };
    fallSilent(undefined);
    await silence;
  }
  const reading = read(source(), { onError: "collect", signal: stop.signal });
  await isSilent;
  stop.abort();
  expect(await soon(reading)).toEqual({ outcomes: 1, code: null });
});

test("a source may abort the stream itself, and then be silent", async () => {
  const stop = new AbortController();
  async function* source(): AsyncGenerator<EmbeddingRequest, void, undefined> {
    yield { text: "one" };
    stop.abort();
    await silence;
  }
  const reading = read(source(), { signal: stop.signal });
  expect(await soon(reading)).toMatchObject({ code: "INTERRUPTED" });
});

/** Aborts its stream when it is read, and is silent then. */
const abortingSource = (
  stop: AbortController,
  close: () => Promise<IteratorResult<EmbeddingRequest>>,
): AsyncIterable<EmbeddingRequest> => ({
  [Symbol.asyncIterator]: () => ({
    next: () => {
      stop.abort();
      return silence;
    },
    return: close,
  }),
});

test("a source that is still reading is closed when its stream is aborted", async () => {
  const stop = new AbortController();
  let isClosed = false;
  const source = abortingSource(stop, () => {
    isClosed = true;
    return silence;
  });
  const reading = read(source, { onError: "collect", signal: stop.signal });
  expect(await soon(reading)).toEqual({ outcomes: 0, code: null });
  expect(isClosed).toBe(true);
});

test("a source that fails is not closed, and its own error is thrown", async () => {
  const source = {
    [Symbol.iterator]: () => ({
      next: (): IteratorResult<EmbeddingRequest> => {
        throw new Error("The source is broken.");
      },
      return: (): IteratorResult<EmbeddingRequest> => {
        throw new Error("It was closed.");
      },
    }),
  };
  const { code } = await read(source, {});
  expect(String(code)).toContain("The source is broken.");
});

test("a source that cannot be closed hides no abort", async () => {
  const stop = new AbortController();
  const source = abortingSource(stop, () => {
    throw new Error("It cannot be closed.");
  });
  expect(await read(source, { signal: stop.signal })).toMatchObject({ code: "INTERRUPTED" });
});

test("a stream that its reader leaves has closed its source when the loop is over", async () => {
  let isClosed = false;
  async function* source(): AsyncGenerator<EmbeddingRequest, void, undefined> {
    try {
      for (let at = 0; at < 20_000; at += 1) yield { text: String(at) };
    } finally {
      await new Promise(setImmediate);
      isClosed = true;
    }
  }
  for await (const { index } of mock().embedContentStream(source())) if (index === 0) break;
  expect(isClosed).toBe(true);
}, 60_000);

test.each([
  ["a list of", 2, listOf],
  ["a list of", 10_000, listOf],
  ["a source of", 2, (count: number) => listOf(count).values()],
] as const)(
  "%s %i that is aborted at its last result is complete, and ends as such",
  async (_what, count, requestsOf) => {
    const stop = new AbortController();
    let left = count;
    const onResult = (): void => {
      left -= 1;
      if (left === 0) stop.abort();
    };
    const { signal } = stop;
    expect(await read(requestsOf(count), { signal }, onResult)).toEqual({
      outcomes: count,
      code: null,
    });
  },
  60_000,
);

test("a list that is aborted still has an outcome for each request, as a set has", async () => {
  const stop = new AbortController();
  const options = { onError: "collect", signal: stop.signal } as const;
  const outcome = await read(listOf(10_003), options, () => stop.abort());
  expect(outcome).toEqual({ outcomes: 10_003, code: null });
}, 60_000);

test.each([
  ["nothing keeps its jobs", {}, { pending: 10_000, failed: 10_002 }, 1],
  ["a ledger keeps its jobs", { ledger: memoryLedger() }, { pending: 20_000, failed: 2 }, 2],
  ["late jobs have failed", { ledger: memoryLedger(), onDeadline: "fail" }, { failed: 20_002 }, 1],
] as const)(
  "deadlineMs bounds a whole stream; where %s, it orders no job in vain",
  async (_where, bounds, expected, jobs) => {
    const { client, clock, emulator } = await geminiHarness({}, { jobMs: 3_600_000 });
    const startedAt = clock.now();
    const options = { ...bounds, deadlineMs: 60_000, onError: "collect" } as const;
    const statuses = new Map<string, number>();
    for await (const { result } of client.embedContentStream(listOf(20_002), options)) {
      statuses.set(result.status, (statuses.get(result.status) ?? 0) + 1);
    }
    expect(Object.fromEntries(statuses)).toEqual(expected);
    expect(emulator.jobs).toHaveLength(jobs);
    expect(client.metrics.requests).toBe(20_002);
    expect(clock.now() - startedAt).toBeLessThan(90_000);
  },
  60_000,
);

test("a list is checked as a whole before its stream sends anything", async () => {
  const { client, emulator } = await geminiHarness();
  const requests = [...listOf(10_000), { text: "" }];
  const reading = async (): Promise<void> => {
    for await (const { result } of client.embedContentStream(requests)) void result;
  };
  await expect(reading()).rejects.toMatchObject({ code: "INVALID_REQUEST" });
  expect(emulator.billed).toMatchObject({ calls: 0, jobs: 0 });
}, 60_000);
