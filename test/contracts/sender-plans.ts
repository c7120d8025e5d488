import { describe, expect, test } from "vitest";
import { NO_BUDGET } from "../../src/planning/budget.ts";
import { MetricsTally } from "../../src/sending/metrics-tally.ts";
import { Spending } from "../../src/sending/spending.ts";
import {
  allOf,
  carryOut,
  diskFull,
  endOf,
  HOUR_MS,
  outcomes,
  planned,
  shownIn,
  textsIn,
  textsOf,
} from "./sender-harness.ts";
import type { MakeSender, SenderHarness } from "./sender-harness.ts";
import { jobsOnly } from "./jobs-only.ts";

type Make<Input, Output> = MakeSender<SenderHarness<Input, Output>>;

const PLANS = [
  { what: "an empty plan", texts: 0, settings: {} },
  { what: "calls", texts: 12, settings: { strategy: "individual", textsPerCall: 2 } },
  { what: "a hybrid plan", texts: 9, settings: { urgentCount: 4, textsPerCall: 2 } },
  { what: "a job", texts: 6, settings: { strategy: "batch" } },
] as const;

/** As many texts as there are to be more calls than slots, one a call, and some more in a job. */
const ONE_BY_ONE = { textsPerCall: 1, urgentCount: 8, maxParallelIndividual: 2 } as const;

/** What the service has charged, as a usage is to tell it. */
const chargedIn = ({ billed }: Pick<SenderHarness<never, unknown>, "billed">) => {
  const { inputTokens, outputTokens, costUsd } = billed();
  const tokens = inputTokens + outputTokens;
  return { inputTokens, outputTokens, tokens, costUsd: expect.closeTo(costUsd ?? -1, 9) };
};

/** What holds for every plan, whichever roads it takes. */
export function describePlans<Input, Output>(
  name: string,
  make: Make<Input, Output>,
  hasJobs: boolean,
): void {
  const testJobs = jobsOnly(hasJobs);

  describe(`${name}: every plan`, () => {
    test.each(PLANS)("$what: every text is asked for, sent and settled once", async (given) => {
      const { harness, plan } = await planned(make, given.texts, given.settings);
      const { asked, results, settled, usage } = await carryOut(harness, plan);
      const texts = textsOf(given.texts);
      expect(asked.toSorted()).toEqual(texts.toSorted());
      expect(harness.seen().texts.toSorted()).toEqual(texts.toSorted());
      expect(settled.flat().toSorted()).toEqual(texts.toSorted());
      expect(outcomes(results)).toEqual({
        ...allOf(textsIn(plan.calls), "individual"),
        ...allOf(textsIn(plan.jobs), "batch"),
      });
      const sent = { calls: plan.calls.length, jobs: plan.jobs.length };
      expect(harness.seen()).toMatchObject(sent);
      expect(usage).toMatchObject({ ...sent, texts: given.texts, textsRepeated: 0, retries: 0 });
      for (const text of texts) {
        const alone = await harness.send([{ text }], { forceIndividual: true });
        expect(shownIn(harness, results.get(text))).toBe(shownIn(harness, alone.results[0]));
      }
      expect(new Set([...results.values()].map((one) => shownIn(harness, one))).size).toBe(
        texts.length,
      );
    });

    test("an empty plan emits no event, and costs nothing", async () => {
      const { harness, plan } = await planned(make, 0);
      const { events, usage } = await carryOut(harness, plan);
      expect(events).toEqual([]);
      expect(usage).toMatchObject({ calls: 0, jobs: 0, texts: 0, tokens: 0, costUsd: 0 });
    });

    test.each(PLANS.slice(1))(
      "$what: its usage is the bill, and tells the same as its end",
      async (given) => {
        const { harness, plan } = await planned(make, given.texts, given.settings);
        const { events, ownEvents, usage } = await carryOut(harness, plan);
        expect(usage).toMatchObject({ ...chargedIn(harness), cacheHits: 0 });
        expect(ownEvents).toEqual(events);
        const { textsRepeated: _repeated, ...told } = usage ?? { textsRepeated: 0 };
        const { texts } = given;
        expect(endOf(events)).toMatchObject({ ...told, total: texts, served: texts, pending: 0 });
        const count = (type: string): number => events.filter((one) => one.type === type).length;
        expect(count("success")).toBe(plan.calls.length);
        expect(count("job_state") > 0).toBe(plan.jobs.length > 0);
        expect(count("failure") + count("retry")).toBe(0);
        const metrics = new MetricsTally();
        events.forEach(metrics.add);
        expect(metrics.metrics).toMatchObject({
          requests: texts,
          individualCalls: plan.calls.length,
          jobs: plan.jobs.length,
          texts,
          tokens: usage?.tokens,
          costUsd: usage?.costUsd,
          errors: 0,
        });
      },
    );

    test.each(PLANS)("$what: its last event comes when all is settled", async (given) => {
      const { harness, plan } = await planned(make, given.texts, given.settings);
      const order: string[] = [];
      harness.client.events?.listen(({ type }) => {
        if (type === "batch_generated") order.push("end");
      });
      await carryOut(harness, plan, {
        settle: async (some) => {
          await harness.clock.sleep(1000);
          order.push(...some.map(() => "settled"));
        },
      });
      const settled = textsOf(given.texts).map(() => "settled");
      expect(order).toEqual(given.texts === 0 ? [] : [...settled, "end"]);
    });

    test("texts of the set that the cache had are counted in its end", async () => {
      const { harness, plan } = await planned(make, 3);
      const { events } = await carryOut(harness, plan, { cacheHits: 5 });
      expect(endOf(events)).toMatchObject({ cacheHits: 5, total: 8, served: 3, texts: 3 });
    });

    testJobs("what goes at once is settled before the job", async () => {
      const { harness, plan } = await planned(make, 9, { urgentCount: 4, textsPerCall: 2 });
      const { settled } = await carryOut(harness, plan);
      const atOnce = plan.calls.length;
      expect(settled.slice(0, atOnce).flat().toSorted()).toEqual(textsOf(4));
      expect(settled.slice(atOnce).flat().toSorted()).toEqual(textsOf(9).slice(4));
    });

    test("answers that are not settled yet hold their slots: no more calls are sent", async () => {
      const { harness, plan } = await planned(make, 9, { ...ONE_BY_ONE, strategy: "individual" });
      let committed = 0;
      const open: number[] = [];
      await carryOut(harness, plan, {
        settle: async (some) => {
          await harness.clock.sleep(HOUR_MS);
          open.push(harness.seen().calls - committed);
          committed += some.length;
        },
      });
      expect(Math.max(...open)).toBe(harness.callsAtOnce);
      expect(committed).toBe(9);
    });
  });
}

/** What ends a plan early. */
export function describeEnds<Input, Output>(name: string, make: Make<Input, Output>): void {
  describe(`${name}: a plan that stops early`, () => {
    test("an error from `settle` ends it: nothing more is sent, and its usage is reported once", async () => {
      const { harness, plan } = await planned(make, 9, ONE_BY_ONE);
      const { error, events } = await carryOut(harness, plan, { settle: diskFull });
      expect(error).toMatchObject({ message: "disk full" });
      const { calls, jobs } = harness.seen();
      expect(calls).toBeLessThanOrEqual(harness.callsAtOnce);
      expect(jobs).toBe(0);
      expect(endOf(events)).toMatchObject({ calls, jobs, texts: calls, ...chargedIn(harness) });
    });

    test.each(PLANS.slice(1))("$what: an error from `inputsOf` ends it unsent", async (given) => {
      const { harness, plan } = await planned(make, given.texts, given.settings);
      const { error, events, settled } = await carryOut(harness, plan, { inputsOf: diskFull });
      expect(error).toMatchObject({ message: "disk full" });
      expect(harness.seen()).toMatchObject({ calls: 0, jobs: 0, texts: [] });
      expect(settled).toEqual([]);
      expect(endOf(events)).toMatchObject({ calls: 0, jobs: 0, tokens: 0, costUsd: 0 });
    });

    test.each(PLANS)(
      "$what: aborted before, nothing is asked for, sent or settled",
      async (given) => {
        const { harness, plan } = await planned(make, given.texts, given.settings);
        const signal = AbortSignal.abort();
        const { asked, settled, usage } = await carryOut(harness, plan, { signal });
        expect([...asked, ...settled]).toEqual([]);
        expect(harness.seen()).toMatchObject({ calls: 0, jobs: 0, texts: [] });
        expect(usage).toMatchObject({ calls: 0, jobs: 0, texts: 0, tokens: 0 });
      },
    );

    test("aborted halfway, it settles the calls under way and sends no other", async () => {
      const { harness, plan } = await planned(make, 9, ONE_BY_ONE);
      const controller = new AbortController();
      const callsAtAbort: number[] = [];
      const { results, usage } = await carryOut(harness, plan, {
        signal: controller.signal,
        settle: async () => {
          controller.abort();
          callsAtAbort.push(harness.seen().calls);
        },
      });
      const { calls, texts } = harness.seen();
      expect(calls).toBe(callsAtAbort[0]);
      expect(calls).toBeLessThanOrEqual(harness.callsAtOnce);
      const unsent = [...results.keys()].filter((text) => !texts.includes(text));
      expect(outcomes(results)).toEqual({
        ...allOf(texts, "individual"),
        ...allOf(unsent, "INTERRUPTED"),
      });
      expect(usage).toMatchObject({ calls, jobs: 0, texts: calls, ...chargedIn(harness) });
    });
  });

  describe(`${name}: a budget that holds three texts`, () => {
    test.each([
      { what: "calls", texts: 5, settings: { strategy: "individual", textsPerCall: 2 } },
      { what: "a job", texts: 5, settings: { strategy: "batch" } },
      { what: "a call before a job", texts: 5, settings: { urgentCount: 2 } },
    ] as const)("by $what: three are sent, and the others wait", async (given) => {
      const { harness, plan } = await planned(make, given.texts, given.settings);
      const { profile } = harness.client;
      const spending = new Spending({ budget: { ...NO_BUDGET, maxRequests: 3 }, profile });
      const { events, results } = await carryOut(harness, plan, { spending });
      expect(harness.seen().texts.toSorted()).toEqual(textsOf(3));
      const waiting = { status: "pending", job: null, error: { code: "BUDGET_REACHED" } };
      expect(results.get("text 3.")).toMatchObject(waiting);
      expect(results.get("text 4.")).toMatchObject(waiting);
      expect(spending.spent.requests).toBe(3);
      expect(endOf(events)).toMatchObject({ texts: 3, served: 3, pending: 2 });
      // What waits has not failed.
      expect(events.filter(({ type }) => type === "failure")).toEqual([]);
    });
  });
}
