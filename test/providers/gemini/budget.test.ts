import { describe, expect, test } from "vitest";
import { estimateTokens } from "../../../src/chunking/tokens.ts";
import type { SiteragConfig } from "../../../src/config/schema.ts";
import type { PlanExecution } from "../../../src/embedding/client.ts";
import type { ClientEvent } from "../../../src/sending/events.ts";
import { Spending } from "../../../src/sending/spending.ts";
import { indexSite } from "../../../src/indexing/index-site.ts";
import { planSite } from "../../../src/indexing/plan-site.ts";
import { NO_BUDGET } from "../../../src/planning/budget.ts";
import type { Budget } from "../../../src/planning/budget.ts";
import { chooseStrategy } from "../../../src/planning/choose-strategy.ts";
import type { BatchingOptions } from "../../../src/planning/choose-roads.ts";
import type { EmbeddingResult } from "../../../src/words/types.ts";
import { BATCHING } from "../../planning/plan-items.ts";
import { search } from "../../../src/searching/search.ts";
import { docsSite } from "../../support/docs-site.ts";
import type { DocsSite } from "../../support/docs-site.ts";
import { geminiHarness } from "./gemini-harness.ts";
import type { GeminiHarness } from "./gemini-harness.ts";

const embedding = { provider: "gemini", dimensions: 128 } as const;
const individual = { strategy: "individual" } as const;

/** Thirty texts of about 15 tokens: a job for all of them costs some $0.00007. */
const site = (config: SiteragConfig): Promise<DocsSite> =>
  docsSite(
    Object.fromEntries(
      Array.from({ length: 30 }, (_, page) => [
        `page-${String(page).padStart(2, "0")}.md`,
        `# Page ${page}\n\nWhat page number ${page} says.\n`,
      ]),
    ),
    { ...config, embedding },
  );

const index = ({ config }: DocsSite, { client, clock }: GeminiHarness) =>
  indexSite({ config, client, clock });

describe("a run stays within its budget, and the next ones go on", () => {
  test.each([
    { road: "calls", batching: individual, budget: { maxTokens: 500 } },
    { road: "calls", batching: individual, budget: { maxCostUsd: 0.0001 } },
    { road: "a job", batching: {}, budget: { maxRequests: 18 } },
  ])("by $road, $budget", async ({ batching, budget }) => {
    const docs = await site({ batching, budget });
    const harness = await geminiHarness();
    const { emulator } = harness;
    const pendings: number[] = [];
    let before = emulator.billed;
    for (let run = 0; run < 2; run += 1) {
      const report = await index(docs, harness);
      expect(report).toMatchObject({ failures: [], chunks: { failed: 0 } });
      pendings.push(report.chunks.pending);
      const { texts, tokens, costUsd } = emulator.billed;
      expect(texts - before.texts).toBeLessThanOrEqual(budget.maxRequests ?? texts);
      expect(tokens - before.tokens).toBeLessThanOrEqual(budget.maxTokens ?? tokens);
      expect(costUsd - before.costUsd).toBeLessThanOrEqual(budget.maxCostUsd ?? costUsd);
      before = emulator.billed;
    }
    expect(pendings).toEqual([expect.toSatisfy((left: number) => left > 5 && left < 25), 0]);
    expect(emulator.billed).toMatchObject({ texts: 30, duplicates: 0 });
  });
});

test("texts left over are reported, found by full-text search, and as many as the dry run said", async () => {
  const docs = await site({ budget: { maxRequests: 12 } });
  const harness = await geminiHarness();
  const told: ClientEvent[] = [];
  harness.client.events.listen((event) => told.push(event));
  const { plan } = await planSite({ config: docs.config, client: harness.client });
  const report = await index(docs, harness);
  expect(report.plan.reason).toBe(plan.reason);
  expect(plan.reason).toMatch(/; 18 of 30 texts stay pending \(budget\.maxRequests: 12\)$/u);
  expect(report.warnings).toEqual([
    "18 texts wait for a vector (searches use an old one, or words only): The run has used its budget (budget.maxRequests: 12). Run `siterag index` again to go on; raise the budget if a run sends nothing.",
  ]);
  expect(told).toContainEqual({ type: "budget", limit: "maxRequests", most: 12, textsLeft: 18 });
  const found = await search({ config: docs.config, query: "page number 29", mode: "text" });
  expect(found.hits[0]?.page).toBe("page-29.md");
});

test("a row that a job has not served stays pending", async () => {
  const docs = await site({ budget: { maxRequests: 30 } });
  const harness = await geminiHarness();
  const told: ClientEvent[] = [];
  harness.client.events.listen((event) => told.push(event));
  harness.emulator.addFault({ name: "row-missing", text: "number 7 " });
  const report = await index(docs, harness);
  expect(report).toMatchObject({ failures: [], usage: { calls: 0 }, chunks: { pending: 1 } });
  expect(told).toContainEqual({ type: "budget", limit: "maxRequests", most: 30, textsLeft: 1 });
  expect(told.filter(({ type }) => type === "failure")).toEqual([]);
  expect(await index(docs, harness)).toMatchObject({ chunks: { pending: 0 } });
});

describe("repeated requests count in the budget", () => {
  test.each([1, 2, 3, 4, 5, 6])("random faults, seed %i", async (seed) => {
    const rates = { unavailable: 0.1, "reset-after": 0.2, "cut-body": 0.1, "short-answer": 0.1 };
    const settings = { ...individual, textsPerCall: 2 };
    const harness = await geminiHarness({ batching: settings }, { random: { seed, rates } });
    const results = await carryOut(harness, settings, { maxRequests: 34, maxTokens: 800 });
    const { texts, tokens, duplicates } = harness.emulator.billed;
    expect(texts).toBeLessThanOrEqual(34);
    expect(tokens).toBeLessThanOrEqual(800);
    expect(duplicates).toBeGreaterThan(0);
    expect(results).toHaveLength(30);
    expect(results).toContainEqual(OVER_BUDGET);
  });

  test("a call whose answer is always lost ends as pending, not as failed", async () => {
    const harness = await geminiHarness();
    harness.emulator.addFault({ name: "reset-after" });
    const results = await carryOut(harness, individual, { maxRequests: 70 });
    expect(results).toEqual(Array.from({ length: 30 }, () => OVER_BUDGET));
    expect(harness.emulator.billed.texts).toBe(70);
  });

  test("halves of a refused call are no more than the call", async () => {
    const harness = await geminiHarness();
    harness.emulator.addFault({ name: "bad-request", text: "number 7 " });
    const results = await carryOut(harness, individual, { maxRequests: 30 });
    const left = results.filter(({ status }) => status !== "ok");
    expect(left).toEqual([expect.objectContaining({ status: "failed" })]);
    expect(harness.emulator.billed).toMatchObject({ texts: 29, duplicates: 0 });
  });

  test("half of a refused job goes by calls, which cost twice as much", async () => {
    const harness = await geminiHarness();
    harness.emulator.addFault({ name: "job-refused" });
    const { costUsd } = planFor(harness, {}).estimate;
    const results = await carryOut(harness, {}, { maxCostUsd: costUsd });
    expect(results.filter(({ status }) => status === "pending")).toHaveLength(15);
    expect(harness.emulator.billed).toMatchObject({ texts: 15 });
    expect(harness.emulator.billed.costUsd).toBeLessThanOrEqual(costUsd ?? Number.NaN);
  });

  test("the unserved texts of a cancelled job cost nothing there, and go by calls within the budget", async () => {
    const harness = await geminiHarness({}, { jobMs: 3_600_000 });
    const bounds = { deadlineMs: 60_000, onDeadline: "individual" } as const;
    const results = await carryOut(harness, {}, { maxRequests: 30 }, bounds);
    expect(results).toEqual(Array.from({ length: 30 }, () => expect.objectContaining(OK)));
    expect(harness.emulator.billed).toMatchObject({ texts: 30, duplicates: 0 });
  });
});

const OK = { status: "ok" };

const OVER_BUDGET = expect.objectContaining({
  status: "pending",
  job: null,
  error: expect.objectContaining({ code: "BUDGET_REACHED" }),
});

const textOf = (at: number): string => `What page number ${at} says.`;

const ITEMS = Array.from({ length: 30 }, (_, at) => ({
  fingerprint: String(at),
  tokens: estimateTokens(textOf(at)),
  bytes: textOf(at).length,
  page: "page.md",
}));

const planFor = ({ client }: GeminiHarness, settings: Partial<BatchingOptions>) =>
  chooseStrategy(ITEMS, { ...BATCHING, ...settings }, { profile: client.profile });

/** Carries out a plan of thirty texts, and gives what becomes of them. */
async function carryOut(
  harness: GeminiHarness,
  settings: Partial<BatchingOptions>,
  budget: Partial<Budget>,
  bounds: Partial<PlanExecution> = {},
): Promise<EmbeddingResult[]> {
  const { client } = harness;
  const results: EmbeddingResult[] = [];
  await client.execute(planFor(harness, settings), {
    spending: new Spending({ budget: { ...NO_BUDGET, ...budget }, profile: client.profile }),
    inputsOf: async (items) =>
      items.map(({ fingerprint }) => ({ title: null, text: textOf(Number(fingerprint)) })),
    settle: async (settled) => {
      results.push(...settled.map(({ result }) => result));
    },
    ...bounds,
  });
  return results;
}
