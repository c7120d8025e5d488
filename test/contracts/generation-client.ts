import { describe, expect, test } from "vitest";
import type {
  GenerationClient,
  GenerationExecution,
  GenerationRequest,
  GenerationResult,
} from "../../src/generation/client.ts";
import { SiteragError } from "../../src/words/errors.ts";
import { promptItem } from "../../src/generation/generate-content.ts";
import { generationKey } from "../../src/generation/generation-key.ts";
import { WritingSpending } from "../../src/generation/writing-spending.ts";
import { NO_BUDGET, NOTHING_SPENT } from "../../src/planning/budget.ts";
import type { Roads } from "../../src/planning/choose-roads.ts";
import { readStream } from "../support/read-stream.ts";
import type { Clock, GenerationUsage, PlanItem, SetUsage } from "../../src/words/types.ts";

/** What the service writes: always the same to the same prompt and instruction. */
type Writer = (asked: { readonly prompt: string; readonly system: string }) => string;

/** A client with a service behind it, as far as the suite must look at it. */
interface GeneratorHarness {
  readonly client: GenerationClient;
  /** Virtual: the time that client and service live in. */
  readonly clock: Clock;
  /** The prompts that have reached the service so far, in their order, each try counted. */
  readonly sent: () => readonly string[];
  /** What the service has charged so far. */
  readonly billed: () => Pick<GenerationUsage, "inputTokens" | "outputTokens" | "costUsd">;
  /** Calls for streams that have not been ended. */
  readonly openStreams: () => number;
  /** From now on the service keeps its answer to every prompt that holds `text` back. */
  readonly keepBack: (text: string) => void;
}

/** A client whose service can fail. */
interface FailingHarness extends GeneratorHarness {
  /** From now on every prompt that holds `text` is answered with 503, and so is every repetition of it. */
  readonly takeAway: (text: string) => void;
}

/** What a harness is made with. */
export interface HarnessOptions {
  readonly write: Writer;
  /** Calls that may be under way at once. Default 5. */
  readonly callsAtOnce?: number;
  /** How long a call takes; 0 for answers that are read by turns, which would wait for each other. Default 400. */
  readonly callMs?: number;
}

/** Called once a test. */
type MakeHarness<Harness> = (options: HarnessOptions) => Promise<Harness>;

const HOUR_MS = 3_600_000;

/** None is a part of another one. */
const request = (at: number): GenerationRequest => ({ prompt: `prompt ${at}.`, system: "brief" });
const requests = (count: number): GenerationRequest[] =>
  Array.from({ length: count }, (_, at) => request(at));
const tagged = (count: number): GenerationRequest[] =>
  requests(count).map((one, at) => ({ ...one, tag: `tag ${at}` }));

const write: Writer = ({ prompt, system }) => `On ${prompt} (${system}): two words.`;
const textFor = ({ prompt, system = "" }: GenerationRequest): string => write({ prompt, system });
const answerTo = (one: GenerationRequest): GenerationResult => ({
  status: "ok",
  text: textFor(one),
  finish: "complete",
});

/** Plans by the numbers of their calls and of the prompts in each of their jobs. */
const PLANS = [
  { what: "an empty plan", calls: 0, jobs: [] },
  { what: "calls", calls: 7, jobs: [] },
  { what: "a job", calls: 0, jobs: [4] },
  { what: "calls and jobs", calls: 3, jobs: [4, 2] },
] as const;

const diskFull = () => Promise.reject(new Error("disk full"));
const interrupted = { status: "failed", error: { code: "INTERRUPTED" } };

/** What every generation client keeps to; the suite speaks through the port and the harness alone. */
export function describeGenerationClient(
  name: string,
  makeHarness: MakeHarness<GeneratorHarness>,
): void {
  describePlans(name, makeHarness);
  describeEnds(name, makeHarness);
  describeRequests(name, makeHarness);
  describeStreams(name, makeHarness);
  describeRefusals(name, makeHarness);
  describeBounds(name, makeHarness);
}

/** What holds for every plan, whichever roads it takes. */
function describePlans(name: string, makeHarness: MakeHarness<GeneratorHarness>): void {
  describe(`${name}: every plan`, () => {
    test.each(PLANS)("$what: every prompt is asked for, sent and settled once", async (plan) => {
      const harness = await makeHarness({ write });
      const { asked, settled } = await carryOut(harness, plan);
      const prompts = promptsOf(plan);
      expect(harness.sent().toSorted()).toEqual(prompts.toSorted());
      expect(asked.toSorted()).toEqual(prompts.toSorted());
      expect(settled.map(([prompt]) => prompt).toSorted()).toEqual(prompts.toSorted());
      expect(new Map(settled)).toEqual(answersOf(plan));
    });

    test.each(PLANS)(
      "$what: is told once, after all is settled, as it was charged",
      async (plan) => {
        const harness = await makeHarness({ write });
        const events: (string | SetUsage)[] = [];
        await carryOut(harness, plan, {
          settle: async (some) => {
            await harness.clock.sleep(1000);
            events.push(...some.map(() => "settled"));
          },
          onUsage: (usage) => events.push(usage),
        });
        expect(events).toEqual([
          ...promptsOf(plan).map(() => "settled"),
          expect.objectContaining({
            calls: plan.calls,
            jobs: plan.jobs.length,
            retries: 0,
            ...chargedIn(harness),
          }),
        ]);
      },
    );

    test("what jobs alone had saved is half of what calls cost", async () => {
      const harness = await makeHarness({ write });
      const [byJob] = (await carryOut(harness, { calls: 0, jobs: [3] })).usages;
      expect(byJob?.costAboveAlwaysBatchUsd).toBe(0);
      const [byCalls] = (await carryOut(harness, { calls: 3, jobs: [] })).usages;
      expect(byCalls?.costAboveAlwaysBatchUsd).toBeCloseTo((byCalls?.costUsd ?? -1) / 2, 9);
    });

    test("an answer is settled before the next request takes its place", async () => {
      const harness = await makeHarness({ write, callsAtOnce: 1 });
      const sentAtEnd: number[] = [];
      await carryOut(
        harness,
        { calls: 3, jobs: [2] },
        {
          settle: async () => {
            await harness.clock.sleep(HOUR_MS);
            sentAtEnd.push(harness.sent().length);
          },
        },
      );
      expect(sentAtEnd).toEqual([1, 2, 3, 5]);
    });
  });
}

/** What ends a plan early. */
function describeEnds(name: string, makeHarness: MakeHarness<GeneratorHarness>): void {
  describe(`${name}: a plan that does not come to its end`, () => {
    test("what `settle` throws ends it: nothing more is sent, and usage is told once", async () => {
      const harness = await makeHarness({ write, callsAtOnce: 1 });
      const usages: SetUsage[] = [];
      const onUsage = (usage: SetUsage): number => usages.push(usage);
      const running = carryOut(harness, { calls: 3, jobs: [2] }, { settle: diskFull, onUsage });
      await expect(running).rejects.toThrow("disk full");
      expect(harness.sent()).toEqual(["prompt 0."]);
      expect(usages).toMatchObject([{ calls: 1, jobs: 0, ...chargedIn(harness) }]);
    });

    test.each(PLANS.slice(1))("$what: what `requestsOf` throws ends it unsent", async (plan) => {
      const harness = await makeHarness({ write, callsAtOnce: 1 });
      const usages: SetUsage[] = [];
      const onUsage = (usage: SetUsage): number => usages.push(usage);
      const running = carryOut(harness, plan, { requestsOf: diskFull, onUsage });
      await expect(running).rejects.toThrow("disk full");
      expect(harness.sent()).toEqual([]);
      expect(usages).toMatchObject([{ inputTokens: 0, outputTokens: 0 }]);
    });

    test.each(PLANS)(
      "$what: aborted before, nothing is asked for, sent or settled",
      async (plan) => {
        const harness = await makeHarness({ write });
        const signal = AbortSignal.abort();
        const { asked, settled, usages } = await carryOut(harness, plan, { signal });
        expect([...asked, ...settled, ...harness.sent()]).toEqual([]);
        expect(usages).toMatchObject([{ calls: 0, jobs: 0, inputTokens: 0, outputTokens: 0 }]);
      },
    );

    test("aborted while an answer is written, that one is settled, and no other is sent", async () => {
      const controller = new AbortController();
      const aborting: Writer = (asked) => {
        controller.abort();
        return write(asked);
      };
      const harness = await makeHarness({ write: aborting, callsAtOnce: 1 });
      const { signal } = controller;
      const { asked, settled, usages } = await carryOut(
        harness,
        { calls: 3, jobs: [2] },
        { signal },
      );
      expect(settled).toEqual([["prompt 0.", answerTo(request(0))]]);
      expect(asked).toEqual(["prompt 0."]);
      expect(harness.sent()).toEqual(["prompt 0."]);
      expect(usages).toMatchObject([{ calls: 1, jobs: 0, ...chargedIn(harness) }]);
    });

    test("aborted while some are settled, those under way come home, and no other is sent", async () => {
      const harness = await makeHarness({ write, callsAtOnce: 3 });
      const controller = new AbortController();
      const sentAtAbort: number[] = [];
      const { settled } = await carryOut(
        harness,
        { calls: 7, jobs: [2] },
        {
          signal: controller.signal,
          settle: async () => {
            controller.abort();
            sentAtAbort.push(harness.sent().length);
          },
        },
      );
      expect(harness.sent()).toHaveLength(sentAtAbort[0] ?? 0);
      expect(settled.map(([prompt]) => prompt).toSorted()).toEqual(harness.sent().toSorted());
      expect(settled.length).toBeLessThanOrEqual(3);
    });
  });
}

/** Sets of requests that the client plans by itself. */
function describeRequests(name: string, makeHarness: MakeHarness<GeneratorHarness>): void {
  describe(`${name}: a set of requests`, () => {
    test.each([3, 12])("of %i: results keep number, order and tags", async (count) => {
      const { client } = await makeHarness({ write, callsAtOnce: 2 });
      const { results } = await client.generateContent(tagged(count));
      expect(results).toEqual(tagged(count).map((one) => ({ ...answerTo(one), tag: one.tag })));
    });

    test.each([3, 12])("of %i: equal ones are sent once, under the tags of all", async (count) => {
      const { client, sent } = await makeHarness({ write });
      const twice = [...tagged(count), ...requests(count).toReversed()];
      const { results } = await client.generateContent(twice);
      expect(results).toEqual(
        twice.map((one) => ({ ...answerTo(one), ...(one.tag ? { tag: one.tag } : {}) })),
      );
      expect(sent().toSorted()).toEqual(promptsOf({ calls: count, jobs: [] }).toSorted());
    });

    test("those with other instructions or settings are not equal", async () => {
      const { client, sent } = await makeHarness({ write });
      const others = [
        { prompt: "a" },
        { prompt: "a", system: "long" },
        { prompt: "a", temperature: 0 },
        { prompt: "a", maxOutputTokens: 500 },
      ];
      const { results } = await client.generateContent(others);
      expect(results).toEqual(others.map(answerTo));
      expect(sent()).toHaveLength(4);
    });

    test("an empty list sends nothing, settles nothing and costs nothing", async () => {
      const { client, sent } = await makeHarness({ write });
      const { results, usage } = await client.generateContent([], { settle: diskFull });
      expect(results).toEqual([]);
      expect(sent()).toEqual([]);
      const tokens = { inputTokens: 0, outputTokens: 0 };
      expect(usage).toMatchObject({ calls: 0, jobs: 0, retries: 0, ...tokens, costUsd: 0 });
    });

    test("many go as a job, in a hurry by calls, and their answers are the same", async () => {
      const calm = await makeHarness({ write });
      const hurried = await makeHarness({ write });
      const byJob = await calm.client.generateContent(requests(12));
      const byCalls = await hurried.client.generateContent(requests(12), { purpose: "rag_query" });
      expect(byJob.usage).toMatchObject({ calls: 0, jobs: 1, ...chargedIn(calm) });
      expect(byCalls.usage).toMatchObject({ calls: 12, jobs: 0, ...chargedIn(hurried) });
      expect(byCalls.results).toEqual(byJob.results);
    });

    test.each([3, 12])(
      "of %i: whoever keeps the answers has them all before the end",
      async (count) => {
        const { client, clock } = await makeHarness({ write, callsAtOnce: 2 });
        const kept = new Map<string, GenerationResult>();
        await client.generateContent(tagged(count), {
          settle: async (settled) => {
            await clock.sleep(HOUR_MS);
            for (const { key, result } of settled) kept.set(key, result);
          },
        });
        expect(kept).toEqual(
          new Map(requests(count).map((one) => [keyIn(client, one), answerTo(one)])),
        );
      },
    );

    test("what `settle` throws is thrown, and nothing more is sent", async () => {
      const { client, sent } = await makeHarness({ write, callsAtOnce: 1 });
      const running = client.generateContent(requests(3), { settle: diskFull });
      await expect(running).rejects.toThrow("disk full");
      expect(sent()).toEqual(["prompt 0."]);
    });

    test.each([3, 12])(
      "of %i: what an abort keeps from being sent is interrupted",
      async (count) => {
        const { client, sent } = await makeHarness({ write });
        const { results, usage } = await client.generateContent(tagged(count), {
          signal: AbortSignal.abort(),
        });
        expect(results).toMatchObject(tagged(count).map(({ tag }) => ({ ...interrupted, tag })));
        expect(usage).toMatchObject({ calls: 0, jobs: 0 });
        expect(sent()).toEqual([]);
      },
    );

    test("what was sent before an abort keeps its answer, beside what was not", async () => {
      const { client } = await makeHarness({ write, callsAtOnce: 1 });
      const controller = new AbortController();
      const { signal } = controller;
      const settle = async (): Promise<void> => controller.abort();
      const { results } = await client.generateContent(requests(3), { signal, settle });
      expect(results).toMatchObject([answerTo(request(0)), interrupted, interrupted]);
    });
  });
}

/** Answers that are read while they are written. */
function describeStreams(name: string, makeHarness: MakeHarness<GeneratorHarness>): void {
  describe(`${name}: a streamed answer`, () => {
    test.each([
      ["a word", "Yes"],
      ["lines", "One line.\n\n- and\n- a list, with [1] and [2]"],
      ["space before it", "  two spaces  in between"],
      ["other scripts", "Größe – 日本語の文章です 👩‍👩‍👧 e\u0301t\u00E9"],
    ])("%s: its pieces are the whole, and its end tells once what it took", async (_, text) => {
      const harness = await makeHarness({ write: () => text });
      const { pieces, end } = await readStream(harness.client.generateContentStream(request(0)));
      expect(end).toMatchObject({
        finish: "complete",
        usage: { calls: 1, jobs: 0, retries: 0, ...chargedIn(harness) },
      });
      expect(pieces.join("")).toBe(text);
      expect(pieces).not.toContain("");
      expect(harness.sent()).toEqual(["prompt 0."]);
      const { results } = await harness.client.generateContent([request(0)]);
      expect(results).toEqual([{ status: "ok", text, finish: "complete" }]);
    });

    test("it comes in pieces, and has the instruction of its request", async () => {
      const { client } = await makeHarness({ write });
      const { pieces } = await readStream(client.generateContentStream(request(0)));
      expect(pieces.length).toBeGreaterThan(2);
      expect(pieces.join("")).toBe(textFor(request(0)));
    });

    test("nothing is sent before it is read", async () => {
      const { client, clock, sent } = await makeHarness({ write });
      const stream = client.generateContentStream(request(0));
      await clock.sleep(HOUR_MS);
      expect(sent()).toEqual([]);
      await readStream(stream);
      expect(sent()).toEqual(["prompt 0."]);
    });

    test("who stops reading it ends the call, and the client goes on", async () => {
      const { client, openStreams, sent } = await makeHarness({ write, callsAtOnce: 1 });
      const pieces: string[] = [];
      const stream = client.generateContentStream(request(0));
      for await (const piece of stream) {
        pieces.push(piece);
        break;
      }
      expect(pieces).toHaveLength(1);
      expect(openStreams()).toBe(0);
      expect(await stream.next()).toEqual({ done: true, value: undefined });
      const next = await readStream(client.generateContentStream(request(1)));
      expect(next.pieces.join("")).toBe(textFor(request(1)));
      expect(sent()).toEqual(["prompt 0.", "prompt 1."]);
    });

    test("two that are read by turns do not mix", async () => {
      const { client } = await makeHarness({ write, callMs: 0 });
      const texts = ["", ""];
      const streams = [0, 1].map((at) => client.generateContentStream(request(at)));
      for (let isOver = false; !isOver;) {
        const steps = await Promise.all(streams.map((stream) => stream.next()));
        steps.forEach(({ done, value }, at) => {
          if (done !== true) texts[at] += value;
        });
        isOver = steps.every(({ done }) => done);
      }
      expect(texts).toEqual([0, 1].map((at) => textFor(request(at))));
    });
  });
}

/** What the port promises of a service that says no. */
function describeRefusals(name: string, makeHarness: MakeHarness<GeneratorHarness>): void {
  describe(`${name}: an answer that is kept back`, () => {
    const blocked = { status: "failed", error: { code: "ANSWER_BLOCKED" } };

    test.each([3, 12])("of %i: fails its request alone", async (count) => {
      const harness = await makeHarness({ write, callsAtOnce: 2 });
      harness.keepBack("prompt 1.");
      const { results, usage } = await harness.client.generateContent(tagged(count));
      const [first, , ...others] = tagged(count).map((one) => ({ ...answerTo(one), tag: one.tag }));
      expect(results).toMatchObject([first, { ...blocked, tag: "tag 1" }, ...others]);
      expect(results[1]).toHaveProperty("error", expect.any(SiteragError));
      expect(usage).toMatchObject({ retries: 0, ...chargedIn(harness) });
    });

    test("is thrown by its stream", async () => {
      const { client, keepBack } = await makeHarness({ write, callsAtOnce: 2 });
      keepBack("prompt 1.");
      const { end, error } = await readStream(client.generateContentStream(request(1)));
      expect(end).toBeNull();
      expect(error).toMatchObject({ name: "SiteragError", code: "ANSWER_BLOCKED" });
    });
  });
}

/** Not for `MockGenerator`, whose service is never away. */
export function describeGenerationOutages(
  name: string,
  makeHarness: MakeHarness<FailingHarness>,
): void {
  describe(`${name}: a service that is away`, () => {
    test("fails a request after its tries, which are counted, and keeps no other back", async () => {
      const harness = await makeHarness({ write });
      harness.takeAway("prompt 1.");
      const { results, usage } = await harness.client.generateContent(requests(3));
      const failed = { status: "failed", error: { name: "SiteragError", code: "UNAVAILABLE" } };
      expect(results).toMatchObject([answerTo(request(0)), failed, answerTo(request(2))]);
      const tries = harness.sent().filter((prompt) => prompt === "prompt 1.").length;
      expect(usage).toMatchObject({ calls: 2 + tries, retries: tries - 1, ...chargedIn(harness) });
      expect(tries).toBeGreaterThan(1);
    });

    test.each(["whole", "stream"] as const)(
      "%s: an abort between two tries ends them",
      async (way) => {
        const { client, clock, sent, takeAway } = await makeHarness({ write });
        takeAway("prompt 0.");
        const controller = new AbortController();
        const { signal } = controller;
        const startedAt = clock.now();
        const aborting = clock.sleep(500).then(() => controller.abort());
        const { error } =
          way === "whole"
            ? await onlyOf(client.generateContent([request(0)], { signal }))
            : await readStream(client.generateContentStream(request(0), { signal }));
        expect(error).toMatchObject({ name: "SiteragError", code: "INTERRUPTED" });
        expect(clock.now() - startedAt).toBe(500);
        await aborting;
        await clock.sleep(HOUR_MS);
        expect(sent()).toEqual(["prompt 0."]);
      },
    );
  });
}

/** Bounds on what is written. */
function describeBounds(name: string, makeHarness: MakeHarness<GeneratorHarness>): void {
  describe(`${name}: an answer that reaches its allowance`, () => {
    const brief = (count: number): GenerationRequest[] =>
      requests(count).map((one) => ({ ...one, maxOutputTokens: 4 }));

    test.each([3, 12])("of %i: is cut, and what is there of it is kept", async (count) => {
      const harness = await makeHarness({ write, callsAtOnce: 2 });
      const { results, usage } = await harness.client.generateContent(brief(count));
      expect(results).toMatchObject(brief(count).map(() => ({ status: "ok", finish: "cut" })));
      for (const [at, result] of results.entries()) {
        const text = result.status === "ok" ? result.text : "";
        expect(text).not.toBe("");
        expect(textFor(request(at)).startsWith(text)).toBe(true);
      }
      expect(usage).toMatchObject(chargedIn(harness));
    });

    test("is cut as a stream, too", async () => {
      const { client } = await makeHarness({ write, callsAtOnce: 2 });
      const { results } = await client.generateContent(brief(1));
      const { pieces, end } = await readStream(
        client.generateContentStream({ ...brief(1)[0], prompt: "prompt 0." }),
      );
      expect(end).toMatchObject({ finish: "cut" });
      expect(results).toMatchObject([{ text: pieces.join("") }]);
    });
  });

  describe(`${name}: a stream whose reader aborts`, () => {
    test("before it begins: nothing is sent", async () => {
      const { client, sent } = await makeHarness({ write });
      const signal = AbortSignal.abort();
      const { pieces, error } = await readStream(
        client.generateContentStream(request(0), { signal }),
      );
      expect(error).toMatchObject({ name: "SiteragError", code: "INTERRUPTED" });
      expect(pieces).toEqual([]);
      expect(sent()).toEqual([]);
    });

    test("between two pieces: it ends there and then", async () => {
      const { client, openStreams } = await makeHarness({ write });
      const controller = new AbortController();
      const stream = client.generateContentStream(request(0), { signal: controller.signal });
      await stream.next();
      controller.abort();
      const { pieces, error } = await readStream(stream);
      expect(error).toMatchObject({ name: "SiteragError", code: "INTERRUPTED" });
      expect(pieces).toEqual([]);
      expect(openStreams()).toBe(0);
    });
  });

  describe(`${name}: a budget that holds three requests`, () => {
    test.each([
      { what: "calls", calls: 5, jobs: [] },
      { what: "a job", calls: 0, jobs: [5] },
      { what: "calls before a job", calls: 2, jobs: [3] },
    ])("by $what: three are sent, and the others wait", async (plan) => {
      const harness = await makeHarness({ write, callsAtOnce: 2 });
      const { settled } = await carryOut(harness, plan, { spending: threeRequests(harness) });
      const waiting = { status: "pending", job: null, error: { code: "BUDGET_REACHED" } };
      const prompts = promptsOf(plan);
      expect(harness.sent().toSorted()).toEqual(prompts.slice(0, 3));
      expect(Object.fromEntries(settled)).toMatchObject(
        Object.fromEntries(
          prompts.map((prompt, at) => [prompt, at < 3 ? answerTo(request(at)) : waiting]),
        ),
      );
    });
  });
}

const threeRequests = ({ client }: GeneratorHarness): WritingSpending =>
  new WritingSpending({
    budget: { ...NO_BUDGET, maxRequests: 3 },
    reserved: NOTHING_SPENT,
    costs: {
      prices: { usdPerMillionInputTokens: null, usdPerMillionOutputTokens: null },
      outputTokens: 10,
    },
    embedder: client.profile,
  });

/** A plan as a table names it: its requests are numbered through, the calls first. */
interface PlanSize {
  readonly calls: number;
  readonly jobs: readonly number[];
}

const countOf = ({ calls, jobs }: PlanSize): number =>
  jobs.reduce((sum, size) => sum + size, calls);

const promptsOf = (plan: PlanSize): string[] => requests(countOf(plan)).map(({ prompt }) => prompt);

const answersOf = (plan: PlanSize): ReadonlyMap<string, GenerationResult> =>
  new Map(requests(countOf(plan)).map((one) => [one.prompt, answerTo(one)]));

const keyIn = ({ model }: GenerationClient, one: GenerationRequest): string =>
  generationKey(model ?? "", one);

/** What the service has charged, as a usage is to tell it. */
function chargedIn({ billed }: GeneratorHarness): Partial<GenerationUsage> {
  const { inputTokens, outputTokens, costUsd } = billed();
  return { inputTokens, outputTokens, costUsd: expect.closeTo(costUsd ?? -1, 9) };
}

interface CarriedOut {
  /** Prompts, in the order in which the client asked for them. */
  readonly asked: readonly string[];
  /** Prompts with what became of them, in that order. */
  readonly settled: readonly (readonly [prompt: string, GenerationResult])[];
  readonly usages: readonly SetUsage[];
}

/** Carries out a plan of that size. */
async function carryOut(
  { client }: GeneratorHarness,
  { calls, jobs }: PlanSize,
  { requestsOf, settle, onUsage, ...more }: Partial<GenerationExecution> = {},
): Promise<CarriedOut> {
  const byKey = new Map(
    requests(countOf({ calls, jobs })).map((one) => [keyIn(client, one), one] as const),
  );
  const requestIn = (key: string): GenerationRequest => byKey.get(key) ?? { prompt: `no ${key}` };
  const items = [...byKey].map(([key, one]) => promptItem(key, one));
  const take = (count: number): PlanItem[] => items.splice(0, count);
  const roads: Roads = {
    strategy: "auto",
    resolved: "hybrid",
    because: "a test",
    calls: Array.from({ length: calls }, () => take(1)),
    jobs: jobs.map(take),
  };
  const asked: string[] = [];
  const settled: [string, GenerationResult][] = [];
  const usages: SetUsage[] = [];
  await client.execute(roads, {
    ...more,
    requestsOf: async (some) => {
      const given = some.map(({ fingerprint }) => requestIn(fingerprint));
      asked.push(...given.map(({ prompt }) => prompt));
      return requestsOf === undefined ? given : requestsOf(some);
    },
    settle: async (some) => {
      for (const { key, result } of some) settled.push([requestIn(key).prompt, result]);
      await settle?.(some);
    },
    onUsage: (usage) => {
      usages.push(usage);
      onUsage?.(usage);
    },
  });
  return { asked, settled, usages };
}

/** Why the one request of a set has no answer. */
async function onlyOf(
  running: ReturnType<GenerationClient["generateContent"]>,
): Promise<{ readonly error: unknown }> {
  const [result] = (await running).results;
  return { error: result?.status === "failed" ? result.error : null };
}
