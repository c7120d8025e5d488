import { describe, expect, test } from "vitest";
import { mockProfile } from "../../src/providers/mock/mock-profile.ts";
import type { SetOptions } from "../../src/sending/client.ts";
import { EventSource } from "../../src/sending/events.ts";
import type { RequestKind } from "../../src/sending/send-requests.ts";
import { streamRequests } from "../../src/sending/stream-requests.ts";
import type { StreamedResult } from "../../src/sending/stream-requests.ts";
import { SiteragError } from "../../src/words/errors.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import type { Embedded, EmbeddingInput } from "../../src/words/types.ts";
import { BATCHING } from "../planning/plan-items.ts";
import { answer, engineOf, providerOf } from "./fake-provider.ts";

const WINDOW = 10_000;
const profile = mockProfile({ callMs: 0, jobMs: 0 });

/** Requests are numbers; those below zero cannot be sent. */
const kind: RequestKind<number, EmbeddingInput, Embedded> = {
  contents: "text",
  check: (requests) => {
    if (requests.some((request) => request < 0))
      throw new SiteragError("INVALID_REQUEST", "below 0");
  },
  keyOf: String,
  inputOf: (request) => ({ title: null, text: String(request) }),
  itemOf: (fingerprint) => ({ fingerprint, tokens: 1, bytes: 1, page: "" }),
  resultFor: (_request, result) => result,
};

type Stream = AsyncGenerator<StreamedResult<Embedded>, void, undefined>;

/** Streams numbers in calls of 100, and says how large the sets are that are planned, and what is sent. */
function streaming() {
  const clock = createVirtualClock();
  const events = new EventSource();
  const planned: number[] = [];
  const sent: string[] = [];
  events.listen((event) => {
    if (event.type === "strategy_chosen") planned.push(event.estimate.texts);
  });
  const engine = engineOf(
    providerOf(async (texts) => {
      sent.push(...texts);
      return answer(texts);
    }),
    { clock, textsPerCall: 100 },
  );
  const client = { profile, events, execute: engine.execute.bind(engine) };
  const context = { client, kind, batching: BATCHING, clock };
  const options: SetOptions = { forceIndividual: true };
  const stream = (source: Iterable<number> | AsyncIterable<number>): Stream =>
    streamRequests(source, options, context);
  return { planned, sent, stream };
}

/** Numbers from 0 on; says how many of them were read, and whether the reader has closed it. */
function sourceOf(count: number, failsAt = Number.POSITIVE_INFINITY) {
  const state = { read: 0, isClosed: false };
  async function* numbers(): AsyncGenerator<number, void, undefined> {
    try {
      for (let number = 0; number < count; number += 1) {
        if (number === failsAt) throw new Error("The source has failed.");
        state.read += 1;
        yield number;
      }
    } finally {
      state.isClosed = true;
    }
  }
  return { state, numbers };
}

describe("25,000 requests that come late", () => {
  test("are planned by 10,000, and the next ones are read when those have their outcomes", async () => {
    const { planned, sent, stream } = streaming();
    const { numbers, state } = sourceOf(25_000);
    const readAt = new Map<number, number>();
    let outcomes = 0;
    let mostInMemory = 0;
    for await (const { index } of stream(numbers())) {
      mostInMemory = Math.max(mostInMemory, state.read - outcomes);
      outcomes += 1;
      readAt.set(index, state.read);
    }
    expect(planned).toEqual([WINDOW, WINDOW, 5000]);
    expect(sent).toHaveLength(25_000);
    expect(mostInMemory).toBe(WINDOW);
    expect([0, 9999, 10_000, 19_999, 20_000, 24_999].map((at) => readAt.get(at))).toEqual([
      10_000, 10_000, 20_000, 20_000, 25_000, 25_000,
    ]);
  });

  test("have each one outcome, under an index that goes on from window to window", async () => {
    const { stream } = streaming();
    const indexes: number[] = [];
    for await (const { index, result } of stream(sourceOf(25_000).numbers())) {
      if (result.status === "ok") indexes.push(index);
    }
    expect(indexes.toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: 25_000 }, (_, at) => at),
    );
  });
});

describe("whoever stops reading stops the source", () => {
  test.each([
    { after: 0, read: WINDOW },
    { after: 9999, read: WINDOW },
    { after: 10_000, read: 2 * WINDOW },
  ])("after the outcome of request $after, with $read requests read", async ({ after, read }) => {
    const { sent, stream } = streaming();
    const { numbers, state } = sourceOf(25_000);
    for await (const { index } of stream(numbers())) if (index === after) break;
    expect(state).toEqual({ read, isClosed: true });
    // Nothing more goes than the calls that were under way.
    expect(sent.length).toBeLessThanOrEqual(after + 300);
  });

  test("also one that is not asynchronous", async () => {
    const { stream } = streaming();
    let isClosed = false;
    function* numbers(): Generator<number, void, undefined> {
      try {
        for (let number = 0; ; number += 1) yield number;
      } finally {
        isClosed = true;
      }
    }
    for await (const { index } of stream(numbers())) if (index === 0) break;
    expect(isClosed).toBe(true);
  });

  test("and so does a failure that is thrown", async () => {
    const { sent, stream } = streaming();
    let isClosed = false;
    async function* numbers(): AsyncGenerator<number, void, undefined> {
      try {
        yield -1;
        for (let number = 0; ; number += 1) yield number;
      } finally {
        isClosed = true;
      }
    }
    await expect(Array.fromAsync(stream(numbers()))).rejects.toThrow("below 0");
    expect([sent, isClosed]).toEqual([[], true]);
  });
});

test("a source that fails ends the stream with its failure, after the windows that were whole", async () => {
  const { sent, stream } = streaming();
  const indexes: number[] = [];
  const reading = async (): Promise<void> => {
    const { numbers } = sourceOf(25_000, 10_500);
    for await (const { index } of stream(numbers())) indexes.push(index);
  };
  await expect(reading()).rejects.toThrow("The source has failed.");
  expect(indexes).toHaveLength(WINDOW);
  expect(sent).toHaveLength(WINDOW);
});

test("a source without requests gives nothing, and plans nothing", async () => {
  const { planned, stream } = streaming();
  expect(await Array.fromAsync(stream([]))).toEqual([]);
  expect(planned).toEqual([]);
});
