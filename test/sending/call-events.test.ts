import { describe, expect, test } from "vitest";
import { NO_BUDGET } from "../../src/planning/budget.ts";
import { chooseStrategy } from "../../src/planning/choose-strategy.ts";
import { mockProfile } from "../../src/providers/mock/mock-profile.ts";
import { CallFailure } from "../../src/sending/call-failure.ts";
import type { NextStep } from "../../src/sending/call-failure.ts";
import type { ClientEvent } from "../../src/sending/events.ts";
import { MetricsTally } from "../../src/sending/metrics-tally.ts";
import { defaults } from "../../src/config/keys.ts";
import { Spending } from "../../src/sending/spending.ts";
import { UsageTally } from "../../src/sending/usage-tally.ts";
import { SiteragError } from "../../src/words/errors.ts";
import type { ErrorCode } from "../../src/words/errors.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import type { PlanItem } from "../../src/words/plans.ts";
import { BATCHING, itemsOf } from "../planning/plan-items.ts";
import { answer, engineOf, providerOf } from "./fake-provider.ts";
import type { EmbedCall } from "./fake-provider.ts";

const profile = mockProfile({ callMs: 0, jobMs: 0 });

const failure = (code: ErrorCode, next: NextStep = "retry"): CallFailure =>
  new CallFailure(new SiteragError(code, `The service says ${code}.`), next);

const execution = {
  inputsOf: async (items: readonly PlanItem[]) =>
    items.map(({ fingerprint }) => ({ title: null, text: fingerprint })),
  settle: async () => undefined,
};

/** The events of calls of at most three texts, which take 0.4 s; `embed` is told the number of each call. */
async function eventsOf(
  texts: number,
  embed: (call: number, ...rest: Parameters<EmbedCall>) => ReturnType<EmbedCall>,
) {
  const clock = createVirtualClock();
  const events: ClientEvent[] = [];
  let calls = 0;
  const provider = providerOf(async (some) => {
    calls += 1;
    const call = calls;
    await clock.sleep(400);
    return embed(call, some);
  });
  const tell = (event: ClientEvent) => events.push(event);
  const engine = engineOf(provider, { clock, retries: defaults().calls, tell });
  const batching = { ...BATCHING, textsPerCall: 3 };
  const plan = chooseStrategy(itemsOf(texts), batching, { profile, forceIndividual: true });
  const heard: ClientEvent[] = [];
  await engine.execute(plan, { ...execution, onEvent: (event) => heard.push(event) });
  // Whoever listens to the run hears what those hear who listen to the client.
  expect(heard).toEqual(events);
  return events.filter(({ type }) => type !== "batch_generated");
}

const succeeded = (texts: number, retries: number): ClientEvent => ({
  type: "success",
  texts,
  latencyMs: 400,
  retries,
});

const repeated = (attempt: number, delayMs: number): ClientEvent => ({
  type: "retry",
  attempt,
  delayMs,
  code: "UNAVAILABLE",
});

const failed = (texts: number, retries: number, code: ErrorCode): ClientEvent => ({
  type: "failure",
  texts,
  retries,
  code,
  message: `The service says ${code}.`,
});

describe("the events of calls tell their size and how often they were repeated", () => {
  test("answered at once", async () => {
    const events = await eventsOf(5, (_call, texts) => answer(texts));
    expect(events).toEqual([succeeded(3, 0), succeeded(2, 0)]);
  });

  test("answered at the third try, and the next call begins anew", async () => {
    const events = await eventsOf(5, async (call, texts) => {
      if (call <= 2) throw failure("UNAVAILABLE");
      return answer(texts);
    });
    expect(events).toEqual([
      repeated(1, 1000),
      repeated(2, 2000),
      succeeded(3, 2),
      succeeded(2, 0),
    ]);
  });

  test("given up after three repetitions", async () => {
    const events = await eventsOf(3, async () => {
      throw failure("UNAVAILABLE");
    });
    expect(events).toEqual([
      repeated(1, 1000),
      repeated(2, 2000),
      repeated(3, 4000),
      failed(3, 3, "UNAVAILABLE"),
    ]);
  });

  test("given up at once where no repetition helps", async () => {
    const events = await eventsOf(3, async () => {
      throw failure("AUTHENTICATION_FAILED", "fail");
    });
    expect(events).toEqual([failed(3, 0, "AUTHENTICATION_FAILED")]);
  });

  test("refused for one of its texts, which fails alone, with the repetitions of its own call", async () => {
    const events = await eventsOf(3, async (call, texts) => {
      if (call === 5) throw failure("UNAVAILABLE");
      if (texts.includes("1")) throw failure("INVALID_REQUEST", "split");
      return answer(texts);
    });
    // All three are refused, then the first two; the last one is answered, and the first; the fifth call
    // is the guilty one's own.
    expect(events).toEqual([
      succeeded(1, 0),
      succeeded(1, 0),
      repeated(1, 1000),
      failed(1, 1, "INVALID_REQUEST"),
    ]);
  });

  test("answered with what cannot be used, as often as it is asked", async () => {
    const events = await eventsOf(2, async (_call, texts) => texts.map(() => new Float32Array(2)));
    expect(events.map(({ type }) => type)).toEqual(["retry", "retry", "retry", "failure"]);
    expect(events.at(-1)).toMatchObject({ texts: 2, retries: 3, code: "ANSWER_MALFORMED" });
  });
});

test("a call that finds too many waiting is told as such, with its size, and counted", async () => {
  const clock = createVirtualClock();
  const tally = new MetricsTally();
  const events: ClientEvent[] = [];
  const provider = providerOf(async (texts) => {
    await clock.sleep(400);
    return answer(texts);
  });
  const tell = (event: ClientEvent): void => {
    events.push(event);
    tally.add(event);
  };
  const engine = engineOf(provider, { clock, maxQueued: 2, tell });
  const plan = chooseStrategy(itemsOf(3), BATCHING, { profile, forceIndividual: true });
  await Promise.all(Array.from({ length: 5 }, () => engine.execute(plan, execution)));
  const refused = { type: "pool_exhausted", texts: 3, queueLength: 2 };
  expect(events.filter(({ type }) => type === "pool_exhausted")).toEqual([refused, refused]);
  const given = { type: "failure", texts: 3, retries: 0, code: "POOL_EXHAUSTED" };
  expect(events.filter(({ type }) => type === "failure")).toMatchObject([given, given]);
  expect(tally.metrics).toMatchObject({ poolExhausted: 2, errors: 2, individualCalls: 3 });
});

test("a stream that never begins has failed after as many repetitions as it had", async () => {
  const events: ClientEvent[] = [];
  const engine = engineOf(providerOf(answer), { retries: defaults().calls });
  const begun = engine.calls.begin(
    { inputs: [{ title: null, text: "a" }], taskType: "RETRIEVAL_DOCUMENT", tokens: [1] },
    () => Promise.reject(failure("UNAVAILABLE")),
    {
      signal: new AbortController().signal,
      deadlineAt: Number.POSITIVE_INFINITY,
      spending: new Spending({ budget: NO_BUDGET, profile }),
      tally: new UsageTally(),
      tell: (event) => events.push(event),
    },
  );
  await expect(begun).rejects.toMatchObject({ code: "UNAVAILABLE" });
  expect(events).toEqual([
    repeated(1, 1000),
    repeated(2, 2000),
    repeated(3, 4000),
    failed(1, 3, "UNAVAILABLE"),
  ]);
});
