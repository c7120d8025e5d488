import { expect, test } from "vitest";
import { Coalescer } from "../../src/embedding/coalescer.ts";
import { EventSource } from "../../src/sending/events.ts";
import type { ClientEvent } from "../../src/sending/events.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import type { EmbeddingResult } from "../../src/words/types.ts";

const OK = { status: "ok", vector: Float32Array.of(1), route: "individual" } as const;

interface Settings {
  readonly isInteractive?: boolean;
  readonly maxTexts?: number;
  /** How long a set is under way. */
  readonly takesMs?: number;
  /** What the sending of every set fails with. */
  readonly failsWith?: Error;
}

/** A coalescer on a virtual clock, with what it sends and when. */
function makeCoalescer({
  isInteractive = false,
  maxTexts = 3,
  takesMs = 0,
  failsWith,
}: Settings = {}) {
  const clock = createVirtualClock();
  const events = new EventSource();
  const flushes: ClientEvent[] = [];
  events.listen((event) => flushes.push(event));
  const sets: { readonly at: number; readonly texts: string[]; readonly signal: AbortSignal }[] =
    [];
  const coalescer = new Coalescer({
    windowMs: 10,
    maxTexts,
    clock,
    events,
    isInteractive,
    async send(requests, { signal }, onSettled) {
      sets.push({ at: clock.now(), texts: requests.map(({ text }) => text), signal });
      if (failsWith !== undefined) throw failsWith;
      if (takesMs > 0) await clock.sleep(takesMs);
      for (const { text } of requests) if (text !== "unanswered") onSettled(text, OK);
    },
  });
  const add = (text: string, patience = {}): Promise<EmbeddingResult> =>
    coalescer.add(text, { text }, patience);
  const sent = () => sets.map(({ at, texts }) => [at, ...texts]);
  return { add, clock, coalescer, flushes, sent, sets };
}

test("texts of one window are one set, later ones the next", async () => {
  const { add, clock, flushes, sent } = makeCoalescer();
  const first = add("a");
  await clock.sleep(9);
  await Promise.all([first, add("b")]);
  await add("c");
  expect(sent()).toEqual([
    [10, "a", "b"],
    [20, "c"],
  ]);
  expect(flushes).toEqual([
    { type: "flush", cause: "window", texts: 2 },
    { type: "flush", cause: "window", texts: 1 },
  ]);
});

test("a full set does not wait, and the rest has a window of its own", async () => {
  const { add, flushes, sent } = makeCoalescer();
  await Promise.all(["a", "b", "c", "d"].map((text) => add(text)));
  expect(sent()).toEqual([
    [0, "a", "b", "c"],
    [10, "d"],
  ]);
  expect(flushes).toMatchObject([{ cause: "size" }, { cause: "window" }]);
});

test("a query that is alone does not wait", async () => {
  const { add, clock, flushes, sent } = makeCoalescer({ isInteractive: true });
  await add("a");
  expect(sent()).toEqual([[0, "a"]]);
  expect(flushes).toEqual([{ type: "flush", cause: "tick", texts: 1 }]);
  expect(clock.now()).toBe(0);
});

test("queries of one burst are one set, whatever each awaits first", async () => {
  const { add, sent } = makeCoalescer({ isInteractive: true });
  const afterSomeSteps = async (text: string): Promise<void> => {
    await Promise.resolve();
    await Promise.resolve();
    await add(text);
  };
  await Promise.all([add("a"), afterSomeSteps("b")]);
  expect(sent()).toEqual([[10, "a", "b"]]);
});

test("a set waits for all that were announced before it, however late, and for no others", async () => {
  const { add, clock, coalescer, flushes, sent } = makeCoalescer({ isInteractive: true });
  const leaves = [coalescer.expectQuery(), coalescer.expectQuery()];
  const first = add("a");
  coalescer.expectQuery();
  await clock.sleep(3000);
  const second = add("b");
  leaves[0]?.();
  await clock.sleep(1000);
  leaves[1]?.();
  await Promise.all([first, second]);
  expect(sent()).toEqual([[4000, "a", "b"]]);
  expect(flushes).toEqual([{ type: "flush", cause: "window", texts: 2 }]);
});

test("an announced query that never comes delays a set by five seconds", async () => {
  const { add, coalescer, sent } = makeCoalescer({ isInteractive: true });
  coalescer.expectQuery();
  await add("a");
  expect(sent()).toEqual([[5010, "a"]]);
});

test("equal texts are sent once, also when the first is under way", async () => {
  const { add, clock, sent } = makeCoalescer({ takesMs: 1000 });
  const first = Promise.all([add("a"), add("a")]);
  await clock.sleep(500);
  expect(await add("a")).toEqual(OK);
  expect(await first).toEqual([OK, OK]);
  expect(sent()).toEqual([[10, "a"]]);
});

test("flush sends the waiting texts and resolves with the last outcome", async () => {
  const { add, clock, coalescer, flushes, sent } = makeCoalescer({ takesMs: 1000 });
  const outcomes = Promise.all([add("a"), add("b")]);
  expect(coalescer.pendingSize).toBe(2);
  await coalescer.flush();
  expect(coalescer.pendingSize).toBe(0);
  expect(clock.now()).toBe(1000);
  expect(sent()).toEqual([[0, "a", "b"]]);
  expect(flushes).toEqual([{ type: "flush", cause: "flush", texts: 2 }]);
  expect(await outcomes).toEqual([OK, OK]);
});

test("a caller that gives up before sending leaves the set, and the last one closes it", async () => {
  const { add, clock, coalescer, sent } = makeCoalescer();
  const stop = new AbortController();
  const left = add("a", { signal: stop.signal });
  const stays = add("b");
  stop.abort();
  expect(await left).toMatchObject({ status: "failed", error: { code: "INTERRUPTED" } });
  expect(coalescer.pendingSize).toBe(1);
  expect(await stays).toEqual(OK);
  expect(await add("c", { deadlineMs: 5 })).toMatchObject({ error: { code: "TIMEOUT" } });
  expect(await add("d", { signal: stop.signal })).toMatchObject({ error: { code: "INTERRUPTED" } });
  expect(coalescer.pendingSize).toBe(0);
  await clock.sleep(100);
  expect(sent()).toEqual([[10, "b"]]);
});

test("a caller that gives up while the set is under way does not stop the others", async () => {
  const { add, sets } = makeCoalescer({ takesMs: 1000 });
  const outcomes = await Promise.all([add("a", { deadlineMs: 500 }), add("b")]);
  expect(outcomes).toMatchObject([{ status: "failed", error: { code: "TIMEOUT" } }, OK]);
  expect(sets[0]?.signal.aborted).toBe(false);
});

test("a set that nobody waits for is stopped, and its texts can be asked for again", async () => {
  const { add, clock, sent, sets } = makeCoalescer({ takesMs: 1000 });
  await Promise.all([add("a", { deadlineMs: 400 }), add("b", { deadlineMs: 500 })]);
  expect(sets[0]?.signal.aborted).toBe(true);
  expect(await add("a")).toEqual(OK);
  await clock.sleep(5000);
  expect(sent()).toEqual([
    [10, "a", "b"],
    [510, "a"],
  ]);
});

test("an error that stops a set is the outcome of each of its texts", async () => {
  const failsWith = new Error("no network");
  const { add } = makeCoalescer({ failsWith });
  const failed = { status: "failed", error: failsWith };
  expect(await Promise.all([add("a"), add("b")])).toEqual([failed, failed]);
});

test("a text without an answer still gets an outcome", async () => {
  const { add } = makeCoalescer();
  expect(await add("unanswered")).toMatchObject({ error: { code: "INTERRUPTED" } });
});
