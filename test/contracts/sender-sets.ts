import { describe, expect, test } from "vitest";
import type { ClientEvent } from "../../src/sending/events.ts";
import { memoryLedger } from "../../src/sending/job-ledger.ts";
import type { Result } from "../../src/words/types.ts";
import { BATCHING } from "../planning/plan-items.ts";
import {
  carryOut,
  HOUR_MS,
  outcomeOf,
  planned,
  shownIn,
  tagged,
  textsOf,
} from "./sender-harness.ts";
import type { MakeSender, SenderHarness } from "./sender-harness.ts";

type Make<Input, Output> = MakeSender<SenderHarness<Input, Output>>;

const tagOf = (result: object): unknown => ("tag" in result ? result.tag : undefined);
const interrupted = { status: "failed", error: { code: "INTERRUPTED" } };

/** Sets of requests that the client plans by itself. */
export function describeSets<Input, Output>(
  name: string,
  make: Make<Input, Output>,
  hasJobs: boolean,
): void {
  const jobRoad = hasJobs ? "batch" : "individual";

  describe(`${name}: a set of requests`, () => {
    test.each([3, 12])("of %i: results keep number, order and tags", async (count) => {
      const harness = await make(BATCHING);
      const { results } = await harness.send(tagged(textsOf(count)));
      expect(results.map(tagOf)).toEqual(tagged(textsOf(count)).map(({ tag }) => tag));
      const alone = await make(BATCHING);
      for (const [at, result] of results.entries()) {
        const { results: own } = await alone.send([{ text: `text ${at}.` }]);
        expect(shownIn(harness, result)).toBe(shownIn(alone, own[0]));
      }
    });

    test.each([3, 12])("of %i: equal ones are sent once, under the tags of all", async (count) => {
      const harness = await make(BATCHING);
      const twice = [...tagged(textsOf(count)), ...textsOf(count).map((text) => ({ text }))];
      const { results, usage } = await harness.send(twice);
      expect(results.map(tagOf)).toEqual(twice.map((one) => tagOf(one)));
      const shown = results.map((result) => shownIn(harness, result));
      expect(shown.slice(count)).toEqual(shown.slice(0, count));
      expect(harness.seen().texts.toSorted()).toEqual(textsOf(count).toSorted());
      expect(usage).toMatchObject({ texts: count, textsRepeated: 0 });
    });

    test("an empty list sends nothing and costs nothing", async () => {
      const { seen, send } = await make(BATCHING);
      const { results, usage } = await send([]);
      expect(results).toEqual([]);
      expect(usage).toMatchObject({ calls: 0, jobs: 0, texts: 0, tokens: 0, costUsd: 0 });
      expect(seen()).toMatchObject({ calls: 0, jobs: 0 });
    });

    test.each([
      { what: "the thresholds", options: {}, road: jobRoad },
      { what: "forceIndividual", options: { forceIndividual: true }, road: "individual" },
      { what: "a purpose in a hurry", options: { purpose: "rag_query" }, road: "individual" },
      {
        what: "forceBatch before the purpose",
        options: { forceBatch: true, purpose: "rag_query" },
        road: jobRoad,
      },
    ] as const)("goes by $what, and the decision is told and logged", async ({ options, road }) => {
      const harness = await make(BATCHING);
      const events: ClientEvent[] = [];
      const lines: string[] = [];
      harness.client.events?.listen((event) => events.push(event));
      const logger = { info: (line: string): number => lines.push(line) };
      const { results, usage } = await harness.send(tagged(textsOf(12)), { ...options, logger });
      expect(new Set(results.map(outcomeOf))).toEqual(new Set([road]));
      expect(lines).toEqual([expect.stringMatching(new RegExp(`^12 \\w+ → ${road}: `, "u"))]);
      expect(events[0]).toMatchObject({
        type: "strategy_chosen",
        resolved: road,
        reason: lines[0],
        estimate: { texts: 12, calls: usage.calls, jobs: usage.jobs },
      });
      expect(harness.seen()).toMatchObject({ calls: usage.calls, jobs: usage.jobs });
      expect(usage.jobs).toBe(road === "batch" ? 1 : 0);
    });

    test("both forces at once are refused before anything is sent", async () => {
      const { seen, send } = await make(BATCHING);
      const forces = { forceBatch: true, forceIndividual: true };
      await expect(send(tagged(textsOf(12)), forces)).rejects.toMatchObject({ code: "USAGE" });
      expect(seen()).toMatchObject({ calls: 0, jobs: 0 });
    });

    test.each([3, 12])(
      "of %i: what an abort keeps from being sent is interrupted",
      async (count) => {
        const { seen, send } = await make(BATCHING);
        const texts = tagged(textsOf(count));
        const signal = AbortSignal.abort();
        const { results, usage } = await send(texts, { signal, onError: "collect" });
        expect(results).toMatchObject(texts.map(({ tag }) => ({ ...interrupted, tag })));
        expect(usage).toMatchObject({ calls: 0, jobs: 0 });
        const failFast = send(texts, { signal, onError: "failFast" });
        await expect(failFast).rejects.toMatchObject({ code: "INTERRUPTED" });
        expect(seen()).toMatchObject({ calls: 0, jobs: 0 });
      },
    );

    test("after an abort, texts already sent keep their answers, and the others are unsent", async () => {
      const settings = { textsPerCall: 1, maxParallelIndividual: 2 };
      const harness = await make({ ...BATCHING, ...settings });
      const controller = new AbortController();
      const { signal } = controller;
      harness.client.events?.listen(({ type }) => {
        if (type === "success") controller.abort();
      });
      const options = { signal, onError: "collect", forceIndividual: true } as const;
      const { results } = await harness.send(tagged(textsOf(9)), options);
      const { texts } = harness.seen();
      expect(texts.length).toBeLessThanOrEqual(harness.callsAtOnce);
      expect(results.map(outcomeOf)).toEqual(
        textsOf(9).map((text) => (texts.includes(text) ? "individual" : "INTERRUPTED")),
      );
    });
  });
}

/** Where jobs are written down, and who may read them. */
export function describeLedger<Input, Output>(name: string, make: Make<Input, Output>): void {
  describe(`${name}: the ledger of jobs`, () => {
    test("holds a job until its answers are settled", async () => {
      const { harness, plan } = await planned(make, 6, { strategy: "batch" });
      const ledger = memoryLedger();
      const open: unknown[] = [];
      await carryOut(harness, plan, {
        ledger,
        settle: async () => {
          open.push(...(await ledger.open()));
        },
      });
      expect(open).toMatchObject([
        { name: expect.stringMatching(/./u), space: harness.client.space, owner: ledger.owner },
      ]);
      expect(open).toMatchObject([{ fingerprints: textsOf(6) }]);
      expect(await ledger.open()).toEqual([]);
    });

    test("another run reads the job of a dead run, and sends and pays for nothing", async () => {
      const { harness, plan } = await planned(make, 6, { strategy: "batch" });
      const ledger = memoryLedger();
      const dying = { ...ledger, close: async (): Promise<void> => undefined };
      const { results } = await carryOut(harness, plan, { ledger: dying });
      const [before, billed] = [harness.seen(), harness.billed()];
      const answers = new Map<string, Result<Output>>();
      const events: ClientEvent[] = [];
      const jobs = await harness.client.collect?.({
        ledger: { ...ledger, owner: "another run" },
        deadlineMs: HOUR_MS,
        onEvent: (event) => events.push(event),
        settle: async (some) => {
          for (const { item, result } of some) answers.set(item.fingerprint, result);
        },
      });
      expect(jobs).toMatchObject({ collected: [expect.stringMatching(/./u)], out: [], lost: [] });
      expect(answers).toEqual(results);
      expect(harness.seen()).toEqual(before);
      expect(await ledger.open()).toEqual([]);
      const told = events.filter(({ type }) => type === "job_collected");
      const { inputTokens, outputTokens } = billed;
      expect(told).toMatchObject(
        harness.countedWhen === "read" ? [{ texts: 6, inputTokens, outputTokens }] : [],
      );
    });
  });
}
