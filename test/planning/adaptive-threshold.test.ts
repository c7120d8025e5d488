import { describe, expect, test } from "vitest";
import { adaptiveThreshold, THRESHOLD_BOUNDS } from "../../src/planning/adaptive-threshold.ts";
import { chooseStrategy } from "../../src/planning/choose-strategy.ts";
import { geminiProfile } from "../../src/planning/gemini-profile.ts";
import { withLatencies, withObservation } from "../../src/planning/latencies.ts";
import { NOT_OBSERVED } from "../../src/words/latencies.ts";
import type { ObservedLatencies } from "../../src/words/latencies.ts";
import type { ProviderProfile } from "../../src/planning/provider-profile.ts";
import { BATCHING, itemsOf } from "./plan-items.ts";

const MODEL = "gemini-embedding-001";

/** A service whose calls and jobs take so long. Its jobs save $0.075 a million tokens. */
const service = (secondsPerCall: number, secondsPerJob: number) => {
  const { batch, ...typical } = geminiProfile(MODEL, 768, { tier: "tier2" });
  if (batch === null) throw new TypeError("This tier has jobs.");
  const individual = { ...typical.individual, secondsPerCall };
  return { ...typical, individual, batch: { ...batch, secondsPerJob } };
};

const adaptive = { ...BATCHING, batchThreshold: "adaptive" } as const;

describe("the threshold is where the money saved by a job outweighs its wait", () => {
  test.each([
    // 400 tokens save $0.00003, and 59.6 s cost $0.00596: 198.67 texts.
    { call: 0.4, job: 60, tokens: 400, minute: 0.006, texts: 199 },
    // Four waves of calls: 58.4 s cost $0.00584, and 40 tokens save $0.000003: 1946.67 texts.
    { call: 0.4, job: 60, tokens: 40, minute: 0.006, texts: 1947 },
    // Two waves: 299.2 s cost $0.02992: 997.33 texts.
    { call: 0.4, job: 300, tokens: 400, minute: 0.006, texts: 998 },
    { call: 0.4, job: 60, tokens: 400, minute: 0.0006, texts: 20 },
    { call: 30, job: 60, tokens: 400, minute: 0.006, texts: 100 },
    { call: 0.4, job: 60, tokens: 400, minute: 0, texts: THRESHOLD_BOUNDS.least },
    { call: 70, job: 60, tokens: 400, minute: 1, texts: THRESHOLD_BOUNDS.least },
    { call: 0.4, job: 90_000, tokens: 1, minute: 1, texts: THRESHOLD_BOUNDS.most },
  ])(
    "calls of $call s, jobs of $job s, $tokens tokens a text, $minute dollars a minute: $texts texts",
    ({ call, job, tokens, minute, texts }) => {
      const options = { ...BATCHING, valueOfMinuteUsd: minute };
      const threshold = adaptiveThreshold(itemsOf(3, tokens), options, service(call, job));
      expect(threshold.texts).toBe(texts);
    },
  );

  test.each([0.01, 0.05, 0.2])("as the planner's own estimates say, at $%d a minute", (minute) => {
    const profile = service(2, 200);
    const options = { ...BATCHING, valueOfMinuteUsd: minute };
    const { texts } = adaptiveThreshold(itemsOf(1), options, profile);
    /** What a job saves, less what its wait costs. */
    const gainOf = (count: number): number => {
      const { individual, batch } = chooseStrategy(itemsOf(count), BATCHING, {
        profile,
      }).alternatives;
      if (individual === null || batch === null) throw new TypeError("There are both roads.");
      const savedUsd = (individual.costUsd ?? Number.NaN) - (batch.costUsd ?? Number.NaN);
      return savedUsd - ((batch.seconds - individual.seconds) / 60) * minute;
    };
    expect(texts).toBeGreaterThan(THRESHOLD_BOUNDS.least);
    expect(gainOf(texts)).toBeGreaterThanOrEqual(0);
    expect(gainOf(texts - 1)).toBeLessThan(0);
  });
});

describe("where jobs have to queue", () => {
  const NONE = Number.POSITIVE_INFINITY;
  const { individual, ...rest } = service(0, 60);
  const quick = { ...individual, requestsPerMinute: NONE, tokensPerMinute: NONE };
  const profile = { ...rest, individual: quick };
  const dear = { ...adaptive, valueOfMinuteUsd: 0.3 };
  // 400 tokens save $0.00003, and 12,500 texts fill the queue. One round costs $0.3: 10,000 texts. From
  // 12,501 on there are two, and only what saves $0.6 is worth it.
  test.each([
    [9_999, "individual", "fewer than 10,000 texts"],
    [10_000, "batch", "10,000 texts or more"],
    [12_500, "batch", "10,000 texts or more"],
    [12_501, "individual", "fewer than 20,000 texts"],
    [20_000, "batch", "20,000 texts or more"],
  ] as const)("%i texts go by %s, %s", (texts, resolved, reason) => {
    const plan = chooseStrategy(itemsOf(texts), dear, { profile });
    expect(plan).toMatchObject({ resolved, reason: expect.stringContaining(reason) });
  });
});

describe("a plan under it", () => {
  test.each([
    [198, "individual", /fewer than 199 texts, adaptive: a job for 199 texts saves \$0\.006 /u],
    [
      199,
      "batch",
      /199 texts or more, adaptive: .* takes about 60 s longer, at \$0\.006 a minute/u,
    ],
    [5, "individual", /fewer than 199 texts/u],
  ] as const)("%i texts go by %s, and the reason tells why", (texts, resolved, reason) => {
    const plan = chooseStrategy(itemsOf(texts), adaptive, { profile: service(0.4, 60) });
    expect(plan.resolved).toBe(resolved);
    expect(plan.reason).toMatch(reason);
  });

  test("of a provider without jobs has none", () => {
    const profile = geminiProfile(MODEL, 768, { tier: "free" });
    const plan = chooseStrategy(itemsOf(500), adaptive, { profile });
    expect(plan).toMatchObject({
      resolved: "individual",
      reason: expect.stringContaining("(auto: this provider has no batch jobs)"),
    });
  });
});

describe("over many runs of a service with known latencies", () => {
  const HOUR_MS = 3_600_000;

  /** The threshold after runs that each make one call and one job. */
  const thresholdAfter = (runs: number, callSeconds: number, jobSeconds: number): number => {
    let known: ObservedLatencies = NOT_OBSERVED;
    for (let run = 0; run < runs; run += 1) {
      // Up to a fifth above and below, evenly.
      const noise = 1 + 0.2 * Math.sin(run * 2.4);
      known = {
        individual: withObservation(known.individual, callSeconds * noise, run * HOUR_MS),
        batch: withObservation(known.batch, jobSeconds * noise, run * HOUR_MS),
      };
    }
    const { individual, batch } = withLatencies(typical, known, runs * HOUR_MS);
    if (batch === null) throw new TypeError("This tier has jobs.");
    return adaptiveThreshold(itemsOf(1), BATCHING, { individual, batch }).texts;
  };
  const typical: ProviderProfile = geminiProfile(MODEL, 768, { tier: "tier2" });

  test.each([
    { call: 0.4, job: 240 },
    { call: 2, job: 600 },
    { call: 5, job: 20 },
  ])("calls of $call s, jobs of $job s: the threshold reaches the optimum", ({ call, job }) => {
    const best = adaptiveThreshold(itemsOf(1), BATCHING, service(call, job)).texts;
    expect(thresholdAfter(0, call, job)).toBe(199);
    const distance = Math.abs(thresholdAfter(40, call, job) - best);
    expect(distance).toBeLessThanOrEqual(0.05 * best);
  });
});
