import { describe, expect, test } from "vitest";
import type { ClientEvent } from "../../src/sending/events.ts";
import { MetricsTally } from "../../src/sending/metrics-tally.ts";
import type { Metrics } from "../../src/words/metrics.ts";

function metricsOf(...events: readonly ClientEvent[]): Metrics {
  const tally = new MetricsTally();
  events.forEach(tally.add);
  return tally.metrics;
}

const success: ClientEvent = { type: "success", texts: 2, latencyMs: 400, retries: 0 };
const failure: ClientEvent = {
  type: "failure",
  texts: 2,
  retries: 3,
  code: "UNAVAILABLE",
  message: "503",
};
const seen = (state: string): ClientEvent => ({
  type: "job_state",
  name: "batches/1",
  state,
  untilMs: null,
});

describe("the error rate is the share of calls and jobs that came to nothing", () => {
  test.each([
    ["nothing has ended", [], 0],
    ["a call of two", [success, failure], 1 / 2],
    ["a job that succeeds", [seen("PENDING"), seen("RUNNING"), seen("SUCCEEDED")], 0],
    ["a job that fails", [seen("PENDING"), seen("FAILED"), failure], 1],
    [
      "a job that fails beside one that succeeds",
      [seen("SUCCEEDED"), seen("FAILED"), failure],
      0.5,
    ],
    ["a call of two beside a job", [success, failure, seen("SUCCEEDED")], 1 / 3],
    ["a job that goes on, beside a failed call", [seen("RUNNING"), failure], 1],
  ] as const)("%s", (_what, events, rate) => {
    expect(metricsOf(...events).errorRate).toBeCloseTo(rate, 12);
  });
});

/** Ten texts, two of them from the cache, by calls that took four seconds. */
const set: Extract<ClientEvent, { readonly type: "batch_generated" }> = {
  type: "batch_generated",
  total: 10,
  cacheHits: 2,
  served: 8,
  pending: 0,
  calls: 1,
  jobs: 0,
  retries: 0,
  texts: 8,
  tokens: 80,
  inputTokens: 80,
  outputTokens: 0,
  costUsd: 0.4,
  durationMs: 4000,
  alwaysBatch: { costUsd: 0.2, seconds: 60 },
  averageLatencyMs: 400,
  pool: null,
};

describe("time is saved against jobs by sets alone that have come as a whole", () => {
  test.each([
    ["all served", {}, 56],
    ["some failed", { served: 7 }, 0],
    ["some wait", { served: 7, pending: 1 }, 0],
    ["interrupted before its end", { served: 3, texts: 4 }, 0],
    ["nothing sent", { served: 0, texts: 0, total: 2 }, 0],
    ["no jobs to compare with", { alwaysBatch: null }, 0],
  ] as const)("%s", (_what, changes, seconds) => {
    expect(metricsOf({ ...set, ...changes }).secondsSavedAgainstAlwaysBatch).toBe(seconds);
  });

  test("but what was sent has cost what it has, whole or not", () => {
    const metrics = metricsOf({ ...set, served: 3 }, set);
    expect(metrics).toMatchObject({ costUsd: 0.8, secondsSavedAgainstAlwaysBatch: 56 });
    expect(metrics.extraCostVsBatchUsd).toBeCloseTo(0.4, 12);
  });
});
