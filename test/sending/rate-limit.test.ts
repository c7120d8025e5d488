import { array, asyncProperty, assert, integer, record } from "fast-check";
import { expect, test } from "vitest";
import { RateLimit } from "../../src/sending/rate-limit.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";

const never = new AbortController().signal;
const MINUTE_MS = 60_000;

test("calls wait until the minute has room for their requests", async () => {
  const clock = createVirtualClock();
  const limit = new RateLimit({ requestsPerMinute: 100, tokensPerMinute: Infinity }, clock);
  const sentAt: number[] = [];
  for (let call = 0; call < 4; call++) {
    const release = await limit.reserve({ requests: 50, tokens: 1 }, never);
    sentAt.push(clock.now());
    release();
  }
  expect(sentAt).toEqual([0, 0, MINUTE_MS, MINUTE_MS]);
});

test("a call counts until a minute after its answer", async () => {
  const clock = createVirtualClock();
  const limit = new RateLimit({ requestsPerMinute: 1, tokensPerMinute: Infinity }, clock);
  const release = await limit.reserve({ requests: 1, tokens: 1 }, never);
  const next = limit.reserve({ requests: 1, tokens: 1 }, never);
  await clock.sleep(500);
  release();
  await next;
  expect(clock.now()).toBe(500 + MINUTE_MS);
});

test("a wait for a call in progress is told after two seconds, its end when it is known", async () => {
  const clock = createVirtualClock();
  const limit = new RateLimit({ requestsPerMinute: 1, tokensPerMinute: Infinity }, clock);
  const release = await limit.reserve({ requests: 1, tokens: 1 }, never);
  const told: (readonly [now: number, untilMs: number | null])[] = [];
  const onWait = (untilMs: number | null) => void told.push([clock.now(), untilMs]);
  const next = limit.reserve({ requests: 1, tokens: 1 }, never, onWait);
  await clock.sleep(5000);
  release();
  await next;
  expect(told).toEqual([
    [2000, null],
    [5000, 5000 + MINUTE_MS],
  ]);
});

test("what passes the limit by itself goes alone", async () => {
  const clock = createVirtualClock();
  const limit = new RateLimit({ requestsPerMinute: Infinity, tokensPerMinute: 100 }, clock);
  const release = await limit.reserve({ requests: 1, tokens: 1000 }, never);
  release();
  await limit.reserve({ requests: 1, tokens: 1 }, never);
  expect(clock.now()).toBe(MINUTE_MS);
});

test("a pause holds back everything", async () => {
  const clock = createVirtualClock();
  const limit = new RateLimit({ requestsPerMinute: Infinity, tokensPerMinute: Infinity }, clock);
  limit.pause(33_000);
  limit.pause(1000);
  await limit.reserve({ requests: 1, tokens: 1 }, never);
  expect(clock.now()).toBe(33_000);
});

test("an abort ends the wait, and the next in line goes on", async () => {
  const clock = createVirtualClock();
  const limit = new RateLimit({ requestsPerMinute: 1, tokensPerMinute: Infinity }, clock);
  const release = await limit.reserve({ requests: 1, tokens: 1 }, never);
  const controller = new AbortController();
  const aborted = limit.reserve({ requests: 1, tokens: 1 }, controller.signal);
  const next = limit.reserve({ requests: 1, tokens: 1 }, never);
  controller.abort(new Error("enough"));
  await expect(aborted).rejects.toThrow("enough");
  release();
  await next;
  expect(clock.now()).toBe(MINUTE_MS);
});

test("who is aborted behind somebody who waits is told at once, and lets nobody pass", async () => {
  const clock = createVirtualClock();
  const limit = new RateLimit({ requestsPerMinute: 2, tokensPerMinute: Infinity }, clock);
  const sendAt = async (requests: number, signal: AbortSignal): Promise<number> => {
    const release = await limit.reserve({ requests, tokens: 1 }, signal);
    release();
    return clock.now();
  };
  await sendAt(1, never);
  const head = sendAt(2, never);
  const controller = new AbortController();
  const aborted = sendAt(1, controller.signal);
  const last = sendAt(1, never);
  controller.abort(new Error("enough"));
  await expect(aborted).rejects.toThrow("enough");
  expect(clock.now()).toBe(0);
  expect(await Promise.all([head, last])).toEqual([MINUTE_MS, 2 * MINUTE_MS]);
});

test("no minute ever holds more than the limits, wherever in a call the service counts", async () => {
  const calls = array(
    record({
      requests: integer({ min: 1, max: 10 }),
      tokens: integer({ min: 1, max: 100 }),
      tookMs: integer({ min: 0, max: 20_000 }),
      countedAfterMs: integer({ min: 0, max: 20_000 }),
    }),
    { maxLength: 30 },
  );
  await assert(
    asyncProperty(calls, async (some) => {
      const clock = createVirtualClock();
      const limit = new RateLimit({ requestsPerMinute: 10, tokensPerMinute: 100 }, clock);
      const counted: { at: number; requests: number; tokens: number }[] = [];
      await Promise.all(
        some.map(async ({ requests, tokens, tookMs, countedAfterMs }) => {
          const release = await limit.reserve({ requests, tokens }, never);
          counted.push({ at: clock.now() + Math.min(tookMs, countedAfterMs), requests, tokens });
          await clock.sleep(tookMs);
          release();
        }),
      );
      for (const { at } of counted) {
        const minute = counted.filter((other) => other.at >= at && other.at < at + MINUTE_MS);
        expect(minute.reduce((sum, one) => sum + one.requests, 0)).toBeLessThanOrEqual(10);
        expect(minute.reduce((sum, one) => sum + one.tokens, 0)).toBeLessThanOrEqual(100);
      }
    }),
    { numRuns: 50 },
  );
});
