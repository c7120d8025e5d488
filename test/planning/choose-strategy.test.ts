import {
  array,
  assert,
  boolean,
  constant,
  constantFrom,
  integer,
  option,
  property,
  record,
  subarray,
} from "fast-check";
import { expect, test } from "vitest";
import { chooseStrategy } from "../../src/planning/choose-strategy.ts";
import { geminiProfile } from "../../src/planning/gemini-profile.ts";
import type { PackLimits, ProviderProfile } from "../../src/planning/provider-profile.ts";
import type { Plan, PlanItem } from "../../src/words/plans.ts";
import { BATCHING, itemsOf } from "./plan-items.ts";

const PURPOSES = ["index", "rag_query", "quick_enrichment"] as const;
const gemini = geminiProfile("gemini-embedding-001", 768, { tier: "tier1" });

const anyItems = array(
  record({
    tokens: integer({ min: 1, max: 40 }),
    bytes: integer({ min: 1, max: 200 }),
    isUrgent: boolean(),
    own: option(constantFrom(...PURPOSES), { nil: null }),
  }),
  { maxLength: 60 },
).map((some) =>
  some.map(({ tokens, bytes, isUrgent, own }, at): PlanItem => ({
    fingerprint: String(at),
    tokens,
    bytes,
    page: "page.md",
    ...(isUrgent ? { urgent: true } : {}),
    ...(own === null ? {} : { purpose: own }),
  })),
);

const anyBatching = record({
  strategy: constantFrom("auto", "batch", "individual"),
  hybridThreshold: integer({ min: 1, max: 30 }),
  batchThreshold: integer({ min: 1, max: 30 }),
  valueOfMinuteUsd: constant(0.006),
  urgentCount: integer({ min: 0, max: 12 }),
  maxParallelIndividual: integer({ min: 1, max: 5 }),
  textsPerCall: integer({ min: 1, max: 20 }),
  preferIndividualFor: subarray([...PURPOSES]),
});

const anyLimits = record({
  texts: integer({ min: 1, max: 20 }),
  tokens: integer({ min: 20, max: 200 }),
  bytes: integer({ min: 100, max: 1000 }),
  bytesAroundText: integer({ min: 0, max: 50 }),
  tokensAroundText: integer({ min: 0, max: 10 }),
});

const anyProfile = record({ call: anyLimits, job: option(anyLimits, { nil: null }) }).map(
  ({ call, job }): ProviderProfile => ({
    ...gemini,
    individual: { ...gemini.individual, limits: call },
    batch: job === null || gemini.batch === null ? null : { ...gemini.batch, limits: job },
  }),
);

const anyPlan = record({ items: anyItems, batching: anyBatching, profile: anyProfile }).map(
  ({ items, batching, profile }) => ({
    items,
    batching,
    profile,
    plan: chooseStrategy(items, batching, { profile }),
  }),
);

const numbers = (packs: Plan["calls"]): number[] =>
  packs.flat().map((item) => Number(item.fingerprint));

const ascending = (some: readonly number[]): number[] => some.toSorted((one, other) => one - other);

test("every text is in exactly one pack, and the order is kept on both roads", () => {
  assert(
    property(anyPlan, ({ items, plan }) => {
      const calls = numbers(plan.calls);
      const jobs = numbers(plan.jobs);
      expect(calls).toEqual(ascending(calls));
      expect(jobs).toEqual(ascending(jobs));
      expect(ascending([...calls, ...jobs])).toEqual(items.map((_, at) => at));
    }),
  );
});

const passes = (items: readonly PlanItem[], limits: PackLimits): boolean =>
  items.length > limits.texts ||
  items.reduce((sum, { tokens }) => sum + tokens + limits.tokensAroundText, 0) > limits.tokens ||
  items.reduce((sum, { bytes }) => sum + bytes + limits.bytesAroundText, 0) > limits.bytes;

test("no pack is empty, and none passes a limit unless it is one text that does so alone", () => {
  assert(
    property(anyPlan, ({ batching, profile, plan }) => {
      const { limits } = profile.individual;
      const call = { ...limits, texts: Math.min(batching.textsPerCall, limits.texts) };
      const job = profile.batch?.limits ?? call;
      const tooLarge = [
        ...plan.calls.filter((items) => items.length > 1 && passes(items, call)),
        ...plan.jobs.filter((items) => items.length > 1 && passes(items, job)),
      ];
      expect(tooLarge).toEqual([]);
      expect([...plan.calls, ...plan.jobs].filter((items) => items.length === 0)).toEqual([]);
    }),
  );
});

test("what somebody waits for is never in a job, whatever strategy and thresholds say", () => {
  assert(
    property(anyPlan, ({ batching, plan }) => {
      const inJobs = plan.jobs.flat().map((item) => item.purpose ?? "index");
      expect(inJobs.filter((own) => batching.preferIndividualFor.includes(own))).toEqual([]);
    }),
  );
});

test("a provider without batch jobs gets none", () => {
  assert(
    property(anyItems, anyBatching, (items, batching) => {
      const profile = { ...gemini, batch: null };
      const plan = chooseStrategy(items, batching, { profile, forceBatch: true });
      expect(plan.jobs).toEqual([]);
      expect(plan.alternatives).toMatchObject({ batch: null, hybrid: null });
    }),
  );
});

test("a model on this machine makes one call at a time, so two calls take twice as long", () => {
  const individual = { ...gemini.individual, secondsPerCall: 3, tokensPerMinute: Infinity };
  const profile = { ...gemini, individual, isOnThisMachine: true, batch: null };
  const seconds = (texts: number): number =>
    chooseStrategy(itemsOf(texts), BATCHING, { profile }).estimate.seconds;
  expect([seconds(100), seconds(200)]).toEqual([3, 6]);
});

const TASKS = ["RETRIEVAL_DOCUMENT", "RETRIEVAL_QUERY", "CLUSTERING"] as const;
const anyTasks = array(constantFrom(...TASKS), { minLength: 60, maxLength: 60 });

test("auto makes no job for a single text, neither by task nor by size", () => {
  assert(
    property(anyItems, anyTasks, anyBatching, anyProfile, (some, tasks, batching, profile) => {
      const items = some.map((item, at): PlanItem => ({
        ...item,
        taskType: tasks[at] ?? "RETRIEVAL_DOCUMENT",
      }));
      const plan = chooseStrategy(items, { ...batching, strategy: "auto" }, { profile });
      expect(plan.jobs.filter((job) => job.length === 1)).toEqual([]);
      expect(plan.jobs.filter((job) => new Set(job.map(taskOf)).size > 1)).toEqual([]);
      expect(ascending(numbers([...plan.calls, ...plan.jobs]))).toEqual(items.map((_, at) => at));
    }),
  );
});

const taskOf = ({ taskType }: PlanItem) => taskType;

test("the text that is alone in its task goes at once, and the reason says so", () => {
  const items = itemsOf(10).map((item, at): PlanItem => ({
    ...item,
    taskType: at === 4 ? "RETRIEVAL_QUERY" : "RETRIEVAL_DOCUMENT",
  }));
  const plan = chooseStrategy(items, BATCHING, { profile: gemini });
  expect(plan.calls.map((call) => call.map(({ fingerprint }) => fingerprint))).toEqual([["4"]]);
  expect(plan.jobs.map((job) => job.length)).toEqual([9]);
  expect(plan).toMatchObject({
    resolved: "hybrid",
    reason: expect.stringContaining("no job for a single text"),
  });
});

test("each further day that the quota of a day makes necessary adds a day", () => {
  const profile = geminiProfile("gemini-embedding-001", 768, { tier: "tier1", requestsPerDay: 10 });
  const secondsOf = (texts: number): number =>
    chooseStrategy(itemsOf(texts), BATCHING, { profile, forceIndividual: true }).estimate.seconds;
  expect(secondsOf(11) - secondsOf(10)).toBe(86_400);
  expect(secondsOf(30) - secondsOf(10)).toBe(2 * 86_400);
  expect(chooseStrategy(itemsOf(9), BATCHING, { profile }).reason).not.toContain("a day");
});

test("both forces at once are refused", () => {
  const occasion = { profile: gemini, forceBatch: true, forceIndividual: true };
  expect(() => chooseStrategy(itemsOf(3), BATCHING, occasion)).toThrow(
    "forceBatch and forceIndividual exclude each other: set one.",
  );
});

test("a plan is plain data", () => {
  const plan = chooseStrategy(itemsOf(7), BATCHING, { profile: gemini });
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
});
