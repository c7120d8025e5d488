import { describe, expect, test } from "vitest";
import { NO_BUDGET } from "../../src/planning/budget.ts";
import { memoryLedger } from "../../src/sending/job-ledger.ts";
import { Spending } from "../../src/sending/spending.ts";
import { BATCHING } from "../planning/plan-items.ts";
import {
  allOf,
  carryOut,
  endOf,
  HOUR_MS,
  outcomeOf,
  outcomes,
  planned,
  tagged,
  textsOf,
} from "./sender-harness.ts";
import type { FailingHarness, MakeSender } from "./sender-harness.ts";

type Make<Input, Output> = MakeSender<FailingHarness<Input, Output>>;

const batch = { strategy: "batch" } as const;
const BY_ALL = { tokens: 0, costUsd: 0 };

/** How jobs fail, and what becomes of those that take too long. */
export function describeJobFaults<Input, Output>(name: string, make: Make<Input, Output>): void {
  describeLosses(name, make);
  describeDeadlines(name, make);
  describeCollection(name, make);
}

function describeLosses<Input, Output>(name: string, make: Make<Input, Output>): void {
  describe(`${name}: what a job does not serve`, () => {
    test("a text whose row is missing goes by a call, which is logged and counted", async () => {
      const { harness, plan } = await planned(make, 6, batch);
      harness.addFault("row-missing", "text 2.");
      const lines: string[] = [];
      const logger = { info: (line: string): number => lines.push(line) };
      const { results, settled, usage } = await carryOut(harness, plan, { logger });
      const others = textsOf(6).filter((text) => text !== "text 2.");
      expect(settled).toEqual([others, ["text 2."]]);
      expect(outcomes(results)).toEqual({ ...allOf(others, "batch"), "text 2.": "individual" });
      expect(usage).toMatchObject({ calls: 1, jobs: 1, texts: 6, textsRepeated: 1 });
      expect(lines).toEqual([
        expect.stringMatching(
          /^1 of 6 \w+ got no answer from their batch job and are sent in individual calls/u,
        ),
      ]);
    });

    test("a refused job: under `auto` its texts go by calls, and the user is told once", async () => {
      const { harness, plan } = await planned(make, 12);
      harness.addFault("job-refused", "text 4.");
      const lines: string[] = [];
      const logger = { warn: (line: string): number => lines.push(line) };
      const { results, usage } = await carryOut(harness, plan, { logger });
      expect(outcomes(results)).toEqual(allOf(textsOf(12), "individual"));
      expect(lines).toEqual([expect.stringMatching(/are sent in individual calls instead\.$/u)]);
      expect(usage).toMatchObject({ jobs: 0, texts: 12, textsRepeated: 0 });
    });

    test("a refused job: under `batch` its texts are pending, and cost nothing", async () => {
      const { harness, plan } = await planned(make, 12, batch);
      harness.addFault("job-refused", "text 4.");
      const { profile } = harness.client;
      const spending = new Spending({ budget: { ...NO_BUDGET, maxRequests: 12 }, profile });
      const { events, results, usage } = await carryOut(harness, plan, { spending });
      expect(outcomes(results)).toEqual(allOf(textsOf(12), "pending"));
      expect(usage).toMatchObject({ calls: 0, jobs: 0, texts: 0, ...BY_ALL });
      expect(endOf(events)).toMatchObject({ served: 0, pending: 12 });
      expect(spending.spent).toMatchObject({ requests: 0, tokens: 0 });
    });

    test.each(["job-failed", "job-expired", "job-cancelled"] as const)(
      "%s fails the texts of its job alone, which are neither counted nor taken from the budget",
      async (fault) => {
        const { harness, plan } = await planned(make, 6, { urgentCount: 2, textsPerCall: 2 });
        harness.addFault(fault, "text 4.");
        const { profile } = harness.client;
        const spending = new Spending({ budget: { ...NO_BUDGET, maxRequests: 6 }, profile });
        const { events, results, usage } = await carryOut(harness, plan, { spending });
        expect(outcomes(results)).toEqual({
          ...allOf(textsOf(2), "individual"),
          ...allOf(textsOf(6).slice(2), "JOB_FAILED"),
        });
        expect(usage).toMatchObject({ jobs: 1, texts: 2 });
        expect(spending.spent.requests).toBe(2);
        expect(events.filter(({ type }) => type === "failure")).toMatchObject([
          { texts: 4, retries: 0, code: "JOB_FAILED" },
        ]);
      },
    );
  });
}

function describeDeadlines<Input, Output>(name: string, make: Make<Input, Output>): void {
  describe(`${name}: a job without end`, () => {
    test.each([
      { onDeadline: "defer", outcome: "pending" },
      { onDeadline: "individual", outcome: "individual" },
      { onDeadline: "fail", outcome: "TIMEOUT" },
    ] as const)("at the deadline $onDeadline: $outcome", async ({ onDeadline, outcome }) => {
      const { harness, plan } = await planned(make, 12, batch);
      harness.addFault("job-endless", "text 4.");
      const ledger = memoryLedger();
      const bounds = { deadlineMs: HOUR_MS, onDeadline, ledger };
      const { results } = await carryOut(harness, plan, bounds);
      expect(outcomes(results)).toEqual(allOf(textsOf(12), outcome));
      // What was cancelled is over; everything else is for a later run to read.
      expect(await ledger.open()).toHaveLength(onDeadline === "individual" ? 0 : 1);
    });

    test.each([0, HOUR_MS])(
      "is pending after %i ms, beside what went at once",
      async (deadlineMs) => {
        const { harness, plan } = await planned(make, 6, { urgentCount: 2 });
        harness.addFault("job-endless", "text 4.");
        const started = harness.clock.now();
        const { events, results, usage } = await carryOut(harness, plan, { deadlineMs });
        expect(outcomes(results)).toEqual({
          ...allOf(textsOf(2), "individual"),
          ...allOf(textsOf(6).slice(2), "pending"),
        });
        const named = expect.stringMatching(/./u);
        expect(results.get("text 4.")).toEqual({ status: "pending", job: named, reason: named });
        expect(usage).toMatchObject({ jobs: 1, texts: 6 });
        expect(endOf(events)).toMatchObject({ served: 2, pending: 4 });
        const waitedMs = harness.clock.now() - started;
        expect(waitedMs).toBeGreaterThanOrEqual(deadlineMs);
        expect(waitedMs).toBeLessThan(deadlineMs + 60_000);
      },
    );

    test("waiting stops when a job ends before the deadline", async () => {
      const { harness, plan } = await planned(make, 6, batch);
      const started = harness.clock.now();
      const { results } = await carryOut(harness, plan, { deadlineMs: 100 * HOUR_MS });
      expect(outcomes(results)).toEqual(allOf(textsOf(6), "batch"));
      expect(harness.clock.now() - started).toBeLessThan(2 * HOUR_MS);
    });

    test("an abort while it runs leaves it, as pending", async () => {
      const { harness, plan } = await planned(make, 5, batch);
      harness.addFault("job-endless", "text 4.");
      const controller = new AbortController();
      const aborting = harness.clock.sleep(2 * HOUR_MS).then(() => controller.abort());
      const ledger = memoryLedger();
      const { results } = await carryOut(harness, plan, { signal: controller.signal, ledger });
      await aborting;
      expect(outcomes(results)).toEqual(allOf(textsOf(5), "pending"));
      expect(await ledger.open()).toHaveLength(1);
    });

    test("is pending in a set, under the tags of its requests", async () => {
      const { addFault, send } = await make(BATCHING);
      addFault("job-endless", "text 5.");
      const texts = tagged(textsOf(12));
      const { results } = await send(texts, { deadlineMs: HOUR_MS, onError: "collect" });
      expect(results).toMatchObject(texts.map(({ tag }) => ({ status: "pending", tag })));
    });
  });
}

function describeCollection<Input, Output>(name: string, make: Make<Input, Output>): void {
  /** A job that an earlier run has left, and another run's view of the ledger. */
  const leftJob = async (fault: "job-endless" | "job-failed" | "row-missing" | null) => {
    const { harness, plan } = await planned(make, 6, batch);
    if (fault !== null) harness.addFault(fault, "text 4.");
    const ledger = memoryLedger();
    await carryOut(harness, plan, { ledger, deadlineMs: 0 });
    const answers = new Map<string, string>();
    const collect = (bounds: { deadlineMs: number; onDeadline?: "individual" }) =>
      harness.client.collect?.({
        ledger: { ...ledger, owner: "another run" },
        deadlineMs: bounds.deadlineMs,
        onDeadline: () => bounds.onDeadline ?? "defer",
        settle: async (some) => {
          for (const { item, result } of some) answers.set(item.fingerprint, outcomeOf(result));
        },
      });
    return { harness, ledger, answers, collect };
  };

  describe(`${name}: a job of an earlier run`, () => {
    test("goes on at the first look, and is read when it has ended", async () => {
      const { answers, collect, harness, ledger } = await leftJob(null);
      expect(await collect({ deadlineMs: 0 })).toMatchObject({
        collected: [],
        lost: [],
        out: [{ record: { fingerprints: textsOf(6) }, reason: expect.stringMatching(/./u) }],
      });
      expect(answers.size).toBe(0);
      await harness.clock.sleep(HOUR_MS);
      expect(await collect({ deadlineMs: 0 })).toMatchObject({ out: [], lost: [] });
      expect(Object.fromEntries(answers)).toEqual(allOf(textsOf(6), "batch"));
      expect(await ledger.open()).toEqual([]);
      expect(harness.seen()).toMatchObject({ calls: 0, jobs: 1 });
    });

    test("is cancelled at the deadline if so set, and is no longer pending", async () => {
      const { answers, collect, ledger } = await leftJob("job-endless");
      const jobs = await collect({ deadlineMs: HOUR_MS, onDeadline: "individual" });
      // Whether a service has rows for it is its own affair: none holds an answer.
      expect([...(jobs?.collected ?? []), ...(jobs?.lost ?? [])]).toHaveLength(1);
      expect(jobs?.out).toEqual([]);
      expect(answers.size).toBe(0);
      expect(await ledger.open()).toEqual([]);
    });

    test("that has failed is lost, and says why", async () => {
      const { answers, collect, ledger } = await leftJob("job-failed");
      const jobs = await collect({ deadlineMs: HOUR_MS });
      expect(jobs).toMatchObject({ collected: [], out: [], lost: [expect.stringMatching(/./u)] });
      expect(answers.size).toBe(0);
      expect(await ledger.open()).toEqual([]);
    });

    test("leaves out a text whose row is missing, so that it is planned again", async () => {
      const { answers, collect, ledger } = await leftJob("row-missing");
      const jobs = await collect({ deadlineMs: HOUR_MS });
      expect(jobs).toMatchObject({ collected: [expect.stringMatching(/./u)], out: [], lost: [] });
      const others = textsOf(6).filter((text) => text !== "text 4.");
      expect(Object.fromEntries(answers)).toEqual(allOf(others, "batch"));
      expect(await ledger.open()).toEqual([]);
    });
  });
}
