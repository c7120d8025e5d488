import { expect, test } from "vitest";
import type { PlanExecution } from "../../src/embedding/client.ts";
import { chooseStrategy } from "../../src/planning/choose-strategy.ts";
import { mockProfile } from "../../src/providers/mock/mock-profile.ts";
import type { EndState, JobRow, JobService } from "../../src/sending/provider.ts";
import { SiteragError } from "../../src/words/errors.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import type { Plan, PlanItem, SettledItem, Usage } from "../../src/words/plans.ts";
import type { Embedded, EmbeddingInput } from "../../src/words/types.ts";
import { BATCHING } from "../planning/plan-items.ts";
import { deferred, settled } from "./deferred.ts";
import { answer, engineOf, providerOf, rowOf, unit } from "./fake-provider.ts";
import type { EmbedCall } from "./fake-provider.ts";

const profile = mockProfile({ callMs: 0, jobMs: 0 });

/** A plan of texts named a, b, c …, with two texts in a call. */
function planOf(names: string, strategy: "individual" | "batch" = "individual"): Plan {
  const items = names
    .split("")
    .map((fingerprint) => ({ fingerprint, tokens: 10, bytes: 6, page: "page.md" }));
  return chooseStrategy(items, { ...BATCHING, textsPerCall: 2, strategy }, { profile });
}

const uncalled = (): never => {
  throw new Error("not expected to be called");
};

/** Carries out a plan by calls, two texts in each, one or two at a time. */
const carryOut = (
  plan: Plan,
  execution: PlanExecution,
  embed: EmbedCall,
  maxParallel = 1,
): Promise<Usage> => engineOf(providerOf(embed), { maxParallel }).execute(plan, execution);

const inputsOf = async (items: readonly PlanItem[]): Promise<EmbeddingInput[]> =>
  items.map((item) => ({ title: null, text: `text ${item.fingerprint}` }));

/** An execution that keeps what it settles. */
function recording(): { execution: PlanExecution; results: SettledItem[] } {
  const results: SettledItem[] = [];
  const settle = async (some: readonly SettledItem[]): Promise<void> => {
    results.push(...some);
  };
  return { execution: { inputsOf, settle }, results };
}

test("each text gets its own vector, and the calls are counted", async () => {
  const { execution, results } = recording();
  const vectors = new Map(
    ["a", "b", "c"].map((name, at) => [
      `text ${name}`,
      Float32Array.of(Math.cos(at), Math.sin(at)),
    ]),
  );
  const embed: EmbedCall = async (texts) => texts.map((text) => vectors.get(text) ?? unit);
  const usage = await carryOut(planOf("abc"), execution, embed);
  expect(results.map(({ item, result }) => [item.fingerprint, result])).toEqual(
    ["a", "b", "c"].map((name) => [
      name,
      { status: "ok", vector: vectors.get(`text ${name}`), route: "individual" },
    ]),
  );
  expect(usage).toEqual({
    calls: 2,
    jobs: 0,
    texts: 3,
    textsRepeated: 0,
    retries: 0,
    tokens: 30,
    inputTokens: 30,
    outputTokens: 0,
    costUsd: 0,
    cacheHits: 0,
  });
});

test("an empty plan calls nobody", async () => {
  const { execution, results } = recording();
  const usage = await carryOut(planOf(""), execution, answer);
  expect(usage).toMatchObject({ calls: 0, texts: 0, tokens: 0 });
  expect(results).toEqual([]);
});

test("an answer is settled before the next call takes its place", async () => {
  const commit = deferred();
  const events: string[] = [];
  const settle = async (some: readonly SettledItem[]): Promise<void> => {
    events.push(`settle ${some.map(({ item }) => item.fingerprint).join("")}`);
    await commit.promise;
  };
  const embed: EmbedCall = async (texts) => {
    events.push(`call ${texts.join()}`);
    return answer(texts);
  };
  const end = carryOut(planOf("abcd"), { inputsOf, settle }, embed);
  await settled();
  expect(events).toEqual(["call text a,text b", "settle ab"]);
  commit.resolve();
  await end;
  expect(events.slice(2)).toEqual(["call text c,text d", "settle cd"]);
});

test("texts are asked for just before their call", async () => {
  const first = deferred<readonly Float32Array[]>();
  const asked: string[] = [];
  const execution: PlanExecution = {
    ...recording().execution,
    inputsOf(items) {
      asked.push(...items.map((item) => item.fingerprint));
      return inputsOf(items);
    },
  };
  const end = carryOut(planOf("abcd"), execution, () => first.promise);
  await settled();
  expect(asked).toEqual(["a", "b"]);
  first.resolve([unit, unit]);
  await end;
  expect(asked).toEqual(["a", "b", "c", "d"]);
});

test.for([
  { what: "fails", spoilt: () => Promise.reject(new Error("refused")), message: "refused" },
  {
    what: "throws something that is no error",
    spoilt: () => Promise.reject("refused"),
    message: "refused",
  },
  {
    what: "answers with a vector too few",
    spoilt: async () => [unit],
    message: "The embedding model returned 1 vector for 2 texts.",
  },
  {
    what: "answers with a zero vector",
    spoilt: async () => [unit, new Float32Array(2)],
    message: "The embedding model returned vector 2 of 2 with a length of 0.000, not 1.",
  },
])("a call that $what fails its own texts alone", async ({ spoilt, message }) => {
  const { execution, results } = recording();
  const embed: EmbedCall = (texts) => (texts.includes("text c") ? spoilt() : answer(texts));
  const usage = await carryOut(planOf("abcdef"), execution, embed);
  const outcomes = results.map(({ item, result }) => [
    item.fingerprint,
    result.status === "failed" ? result.error.message : result.status,
  ]);
  expect(Object.fromEntries(outcomes)).toEqual({
    a: "ok",
    b: "ok",
    c: message,
    d: message,
    e: "ok",
    f: "ok",
  });
  expect(usage).toMatchObject({ calls: 3, texts: 6 });
});

test("a failure to settle ends the run, after the calls under way are settled", async () => {
  const other = deferred<readonly Float32Array[]>();
  const settledItems: string[] = [];
  const settle = async (some: readonly SettledItem[]): Promise<void> => {
    const names = some.map(({ item }) => item.fingerprint);
    if (names.includes("a")) throw new Error("disk full");
    settledItems.push(...names);
  };
  const called: string[] = [];
  const embed: EmbedCall = (texts) => {
    called.push(...texts);
    return texts.includes("text c") ? other.promise : answer(texts);
  };
  const end = carryOut(planOf("abcdef"), { inputsOf, settle }, embed, 2);
  await settled();
  other.resolve([unit, unit]);
  await expect(end).rejects.toThrow("disk full");
  expect(settledItems).toEqual(["c", "d"]);
  expect(called).toEqual(["text a", "text b", "text c", "text d"]);
});

test("an abort sends nothing more, and settles the call under way", async () => {
  const controller = new AbortController();
  const first = deferred<readonly Float32Array[]>();
  const { execution, results } = recording();
  const aborted = { ...execution, signal: controller.signal };
  const end = carryOut(planOf("abcd"), aborted, () => first.promise);
  await settled();
  controller.abort();
  first.resolve([unit, unit]);
  expect(await end).toMatchObject({ calls: 1, texts: 2 });
  expect(results.map(({ item }) => item.fingerprint)).toEqual(["a", "b"]);
});

const ENDS: Readonly<Record<string, EndState>> = { SUCCEEDED: "SUCCEEDED", FAILED: "FAILED" };

/** A service with one job, which is asked after: each time it is in the next of the states. */
function jobIn(
  states: readonly string[],
  rows: readonly JobRow<Embedded>[] = [],
  embed: EmbedCall = uncalled,
) {
  const askedAt: number[] = [];
  const clock = createVirtualClock();
  const jobs: JobService<EmbeddingInput, Embedded> = {
    countedWhen: "created",
    upload: async () => ({ name: "files/1", tokens: [10, 10] }),
    create: async () => "batches/1",
    find: async () => [],
    async status() {
      askedAt.push(clock.now());
      const state = states[Math.min(askedAt.length, states.length) - 1] ?? "PENDING";
      return { state, end: ENDS[state] ?? null, message: null };
    },
    rows: async () => rows,
    cancel: async () => undefined,
    tidy: async () => undefined,
  };
  return { engine: engineOf(providerOf(embed, jobs), { clock }), askedAt };
}

test("the pause between looks grows to a tenth of the time waited, and rows find their texts by key", async () => {
  const { execution, results } = recording();
  const rows = ["b", "a"].map((key) => rowOf(key));
  const looks = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 121];
  const { engine, askedAt } = jobIn(
    looks.map((at) => (at < 121 ? "RUNNING" : "SUCCEEDED")),
    rows,
  );
  const usage = await engine.execute(planOf("ab", "batch"), execution);
  expect(askedAt).toEqual(looks);
  expect(results.map(({ item, result }) => [item.fingerprint, result])).toEqual([
    ["a", { status: "ok", vector: unit, route: "batch" }],
    ["b", { status: "ok", vector: unit, route: "batch" }],
  ]);
  expect(usage).toMatchObject({ calls: 0, jobs: 1, texts: 2, tokens: 20 });
});

const pending = {
  status: "pending",
  job: "batches/1",
  reason: "They are in batch job batches/1 (PENDING); run `siterag index` again to collect it.",
} as const;

test("the last look at a job is at the deadline, and its texts are pending then", async () => {
  const { execution, results } = recording();
  const { engine, askedAt } = jobIn(["PENDING"]);
  const hurried = { ...execution, deadlineMs: 45 };
  await engine.execute(planOf("ab", "batch"), hurried);
  expect(askedAt).toEqual([0, 10, 20, 30, 40, 45]);
  expect(results.map(({ result }) => result)).toEqual([pending, pending]);
});

test.for([
  { what: "a missing row", rows: [rowOf("a")] },
  {
    what: "two rows with one key",
    rows: ["a", "b", "b"].map((key) => rowOf(key)),
  },
  {
    what: "a row with too many numbers",
    rows: [rowOf("a"), rowOf("b", new Float32Array(3))],
  },
  {
    what: "a row under an unknown key",
    rows: [rowOf("z"), rowOf("a")],
  },
])("$what sends that text alone by a call", async ({ rows }) => {
  const { execution, results } = recording();
  const { engine } = jobIn(["SUCCEEDED"], rows, answer);
  const usage = await engine.execute(planOf("ab", "batch"), execution);
  expect(results).toMatchObject([
    { item: { fingerprint: "a" }, result: { status: "ok", route: "batch" } },
    { item: { fingerprint: "b" }, result: { status: "ok", route: "individual" } },
  ]);
  expect(usage).toMatchObject({ calls: 1, jobs: 1, texts: 2, textsRepeated: 1 });
});

test.each([
  { row: "EMBEDDING_FAILED", call: "INVALID_REQUEST", told: "job" },
  { row: "EMBEDDING_FAILED", call: "AUTHENTICATION_FAILED", told: "call" },
  { row: "ANSWER_MALFORMED", call: "INVALID_REQUEST", told: "call" },
] as const)(
  "of a text whose row ($row) and call ($call) both fail, the $told is told",
  async ({ row, call, told }) => {
    const { execution, results } = recording();
    const rows = [rowOf("a"), { key: "b", error: new SiteragError(row, "job") }];
    const { engine } = jobIn(["SUCCEEDED"], rows, () =>
      Promise.reject(new SiteragError(call, "call")),
    );
    await engine.execute(planOf("ab", "batch"), execution);
    expect(results[1]).toMatchObject({ result: { status: "failed", error: { message: told } } });
  },
);

test("a state that nobody knows goes on", async () => {
  const { execution, results } = recording();
  const rows = ["b", "a"].map((key) => rowOf(key));
  const { engine } = jobIn(["QUEUED", "PAUSED", "SUCCEEDED"], rows);
  await engine.execute(planOf("ab", "batch"), execution);
  expect(results.map(({ result }) => result.status)).toEqual(["ok", "ok"]);
});
