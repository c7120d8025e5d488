import { expect, test } from "vitest";
import { geminiProfile } from "../../src/planning/gemini-profile.ts";
import { withLatencies, withObservation } from "../../src/planning/latencies.ts";
import { NOT_OBSERVED } from "../../src/words/latencies.ts";
import type { ObservedLatency } from "../../src/words/latencies.ts";

const DAY_MS = 86_400_000;
const profile = geminiProfile("gemini-embedding-001", 768, { tier: "tier1" });

const averageOf = (...seconds: readonly number[]): ObservedLatency | null =>
  seconds.reduce<ObservedLatency | null>((known, one) => withObservation(known, one, 5), null);

test("the first observations are averaged", () => {
  expect(averageOf(10)).toEqual({ seconds: 10, count: 1, at: 5 });
  expect(averageOf(10, 20, 60)).toEqual({ seconds: 30, count: 3, at: 5 });
});

test("later ones replace a tenth each, so that a change is followed", () => {
  const seconds = [...Array<number>(50).fill(10), ...Array<number>(30).fill(100)];
  expect(averageOf(...seconds)?.seconds).toBeCloseTo(100 - 90 * 0.9 ** 30, 6);
});

test("what was observed stands in for what is typical, for thirty days", () => {
  const batch = { seconds: 500, count: 1, at: 0 };
  const known = { ...NOT_OBSERVED, batch };
  expect(withLatencies(profile, known, 30 * DAY_MS)).toMatchObject({
    individual: { secondsPerCall: 0.4 },
    batch: { secondsPerJob: 500 },
  });
  expect(withLatencies(profile, known, 30 * DAY_MS + 1)).toEqual(profile);
});

test("after thirty days without one, the next observation starts a new average", () => {
  const slow = { seconds: 500, count: 40, at: 0 };
  expect(withObservation(slow, 60, 30 * DAY_MS)).toMatchObject({ seconds: 456, count: 41 });
  const at = 30 * DAY_MS + 1;
  expect(withObservation(slow, 60, at)).toEqual({ seconds: 60, count: 1, at });
});
