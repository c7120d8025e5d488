import { expect, test } from "vitest";
import { CallFailure } from "../../src/sending/call-failure.ts";
import { defaults } from "../../src/config/keys.ts";
import { withRetries } from "../../src/sending/retry.ts";
import type { RetryOptions } from "../../src/sending/retry.ts";
import { SiteragError } from "../../src/words/errors.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";

const unavailable = (more?: { retryAfterMs?: number; isLost?: boolean }): CallFailure =>
  new CallFailure(new SiteragError("UNAVAILABLE", "503"), "retry", more);

/** Tries something that fails with each of the given failures, and then works. */
function failing(
  failures: readonly Error[],
  options: Partial<RetryOptions> = {},
  onTry: (failed: CallFailure | null) => void = () => undefined,
) {
  const clock = createVirtualClock();
  const triedAt: number[] = [];
  const attempt = async (failed: CallFailure | null): Promise<string> => {
    onTry(failed);
    triedAt.push(clock.now());
    const failure = failures[triedAt.length - 1];
    if (failure !== undefined) throw failure;
    return "done";
  };
  const outcome = withRetries(attempt, {
    policy: defaults().calls,
    clock,
    random: () => 0.5,
    signal: new AbortController().signal,
    onFailure: () => undefined,
    ...options,
  });
  return { outcome, triedAt };
}

test("pauses double from a second on, and there are three retries", async () => {
  const { outcome, triedAt } = failing([unavailable(), unavailable(), unavailable()]);
  expect(await outcome).toBe("done");
  expect(triedAt).toEqual([0, 1000, 3000, 7000]);
});

test("the fourth failure is what is reported", async () => {
  const failures = Array.from({ length: 5 }, () => unavailable());
  const { outcome, triedAt } = failing(failures);
  await expect(outcome).rejects.toBe(failures[3]);
  expect(triedAt).toHaveLength(4);
});

test.each([
  { chance: 0, triedAt: [0, 800] },
  { chance: 0.999_999, triedAt: [0, 1200] },
])("chance $chance moves a pause by a fifth at most", async ({ chance, triedAt }) => {
  const tried = failing([unavailable()], { random: () => chance });
  await tried.outcome;
  expect(tried.triedAt.map(Math.round)).toEqual(triedAt);
});

test("no pause is longer than the cap", async () => {
  const policy = { ...defaults().calls, maxRetries: 8 };
  const failures = Array.from({ length: 8 }, () => unavailable());
  const { outcome, triedAt } = failing(failures, { policy });
  await outcome;
  expect(triedAt.map((at, index) => at - (triedAt[index - 1] ?? 0)).slice(1)).toEqual([
    1000, 2000, 4000, 8000, 16_000, 32_000, 32_000, 32_000,
  ]);
});

test("a wait that the service asked for is kept in full and is no retry", async () => {
  const hinted = unavailable({ retryAfterMs: 33_000 });
  const failures = [hinted, unavailable(), hinted, unavailable(), unavailable()];
  const { outcome, triedAt } = failing(failures);
  expect(await outcome).toBe("done");
  expect(triedAt).toEqual([0, 33_000, 34_000, 67_000, 69_000, 73_000]);
});

test("a call gives up on a service that keeps asking it to wait", async () => {
  const failures = Array.from({ length: 100 }, () => unavailable({ retryAfterMs: 10_000 }));
  const { outcome, triedAt } = failing(failures);
  await expect(outcome).rejects.toBe(failures[13]);
  expect(triedAt).toHaveLength(14);
});

test.each([
  { hintMs: 300_000, tries: 2 },
  { hintMs: 300_001, tries: 1 },
  { hintMs: Number.POSITIVE_INFINITY, tries: 1 },
])("a service that asks for $hintMs ms is tried $tries times", async ({ hintMs, tries }) => {
  const { outcome, triedAt } = failing([unavailable({ retryAfterMs: hintMs })]);
  await outcome.catch(() => undefined);
  expect(triedAt).toHaveLength(tries);
});

test("each try is told of the failure before it", async () => {
  const [first, second] = [unavailable(), unavailable()];
  const told: unknown[] = [];
  const { outcome } = failing([first, second], {}, (failed) => told.push(failed));
  await outcome;
  expect(told).toEqual([null, first, second]);
});

test.each([
  new CallFailure(new SiteragError("INVALID_REQUEST", "400"), "fail"),
  new CallFailure(new SiteragError("INVALID_REQUEST", "400"), "split"),
  new Error("something else"),
])("what no try can help is thrown at once (%s)", async (failure) => {
  const { outcome, triedAt } = failing([failure]);
  await expect(outcome).rejects.toBe(failure);
  expect(triedAt).toEqual([0]);
});

test("an abort ends the pause, with its reason", async () => {
  const controller = new AbortController();
  const { outcome, triedAt } = failing([unavailable()], { signal: controller.signal });
  const reason = new Error("enough");
  controller.abort(reason);
  await expect(outcome).rejects.toBe(reason);
  expect(triedAt).toEqual([0]);
});
