import { describe, expect, test } from "vitest";
import type { SiteragConfig } from "../../src/providers/load-config.ts";
import type { GeneratedText } from "../../src/generation/client.ts";
import { indexSite } from "../../src/indexing/index-site.ts";
import { MockGeminiClient } from "../../src/providers/mock/mock-gemini-client.ts";
import { MockGenerator } from "../../src/providers/mock/mock-generator.ts";
import type { JobCollection } from "../../src/sending/client.ts";
import type { ClientEvent } from "../../src/sending/events.ts";
import { withWriter } from "../../src/store/open-store.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import type { JobRecord } from "../../src/words/plans.ts";
import { docsSite } from "../support/docs-site.ts";

const MODEL = "mock-generation";
const generation = { enrich: "context" } as const;

/** The only prompt of a site, as the ledger of jobs calls it. */
async function recipeOfOnlyText(): Promise<string> {
  const { config } = await docsSite({ "a.md": "The first.\n" }, { generation });
  const generator = new MockGenerator();
  const recipes: string[] = [];
  const execute = generator.execute.bind(generator);
  generator.execute = (plan, execution) => {
    recipes.push(...plan.calls.flat().map(({ fingerprint }) => fingerprint));
    return execute(plan, execution);
  };
  await indexSite({ config, client: new MockGeminiClient(), generator });
  return recipes.join();
}

const jobOf = (name: string, recipe: string): JobRecord => ({
  displayName: name,
  name,
  fingerprints: [recipe],
  tokens: 1,
  index: "chunks",
  owner: "an earlier run",
  leaseUntil: 0,
  createdAt: "2026-11-23T20:00:00Z",
  space: { provider: "mock-generation", model: MODEL, dimensions: 0, taskForm: "generate" },
  skipped: [],
});

/** A run that finds two jobs which go on: one of another site, and one with its sentence. */
async function runBesideJobs(settings: SiteragConfig) {
  const { config } = await docsSite({ "a.md": "The first.\n" }, { ...settings, generation });
  const clock = createVirtualClock();
  const client = new MockGeminiClient();
  const looks: [deadlineMs: number, jobs: string[]][] = [];
  const generator = Object.assign(new MockGenerator(), {
    async collect({ ledger, deadlineMs }: JobCollection<GeneratedText>) {
      const open = await ledger.open();
      looks.push([deadlineMs, open.map(({ displayName }) => displayName).sort()]);
      const out = open.map((record) => ({ record, reason: `In ${record.displayName}.` }));
      return { collected: [], lost: [], out };
    },
  });
  const recipe = await recipeOfOnlyText();
  await withWriter({ target: config.store, space: client.space, clock }, async ({ jobs }) => {
    await jobs.insert(jobOf("foreign", "another text"));
    await jobs.insert(jobOf("needed", recipe));
  });
  const report = await indexSite({ config, client, generator, clock });
  return { report, looks, written: generator.requests.length };
}

test("every job is looked at once, and only those with a sentence of this run are waited for", async () => {
  const { report, looks, written } = await runBesideJobs({});
  expect(looks).toEqual([
    [0, ["foreign", "needed"]],
    [600_000, ["needed"]],
  ]);
  expect(report).toMatchObject({ chunks: { total: 1, pending: 1, failed: 0 }, failures: [] });
  expect(report.warnings).toEqual([expect.stringContaining("In needed.")]);
  expect(written).toBe(0);
});

test("a sentence that nobody is to wait for fails at the deadline", async () => {
  const { report } = await runBesideJobs({ batching: { onDeadline: "fail" } });
  expect(report).toMatchObject({ chunks: { total: 1, pending: 1, failed: 1 }, warnings: [] });
  expect(report.failures).toEqual([expect.stringContaining("In needed.")]);
});

/** Runs a site with this many pages, and collects the events of both clients. */
async function toldSite(pages: number) {
  const site = Array.from({ length: pages }, (_, at) => [`p${at}.md`, `# P${at}\n\nPage ${at}.\n`]);
  const { config } = await docsSite(Object.fromEntries(site), { generation });
  const run = async (generator = new MockGenerator()) => {
    const client = new MockGeminiClient();
    const sentences: ClientEvent[] = [];
    const vectors: ClientEvent[] = [];
    generator.events.listen((event) => sentences.push(event));
    client.events.listen((event) => vectors.push(event));
    return { report: await indexSite({ config, client, generator }), sentences, vectors };
  };
  return run;
}

const typesOf = (events: readonly ClientEvent[]): string[] => events.map(({ type }) => type);

describe("sentences are told like vectors, and the run's metrics count both", () => {
  test("by calls", async () => {
    const run = await toldSite(3);
    const { report, sentences, vectors } = await run();
    expect(typesOf(sentences)).toEqual([
      "strategy_chosen",
      "success",
      "success",
      "success",
      "batch_generated",
    ]);
    expect(sentences.at(-1)).toMatchObject({ total: 3, served: 3, calls: 3, jobs: 0, texts: 3 });
    expect(sentences.filter(({ type }) => type === "success")).toMatchObject(
      [0, 1, 2].map(() => ({ texts: 1, retries: 0 })),
    );
    expect(typesOf(vectors)).toEqual(["strategy_chosen", "success", "batch_generated"]);
    expect(report).toMatchObject({
      usage: { calls: 1, texts: 3 },
      enrichment: { sentences: 3, calls: 3, jobs: 0 },
      metrics: { requests: 6, individualCalls: 4, jobs: 0, texts: 6, textsPerCall: 1.5 },
    });
    const { inputTokens = 0, outputTokens = 0 } = report.enrichment ?? {};
    expect(outputTokens).toBeGreaterThan(0);
    expect(report.metrics.tokens).toBe(report.usage.tokens + inputTokens + outputTokens);
  });

  test("by jobs", async () => {
    const run = await toldSite(11);
    const { report, sentences, vectors } = await run();
    const kinds = ["strategy_chosen", "job_state", "batch_generated"];
    expect([...new Set(typesOf(sentences))]).toEqual(kinds);
    expect([...new Set(typesOf(vectors))]).toEqual(kinds);
    expect(sentences.at(-1)).toMatchObject({ total: 11, served: 11, calls: 0, jobs: 1, texts: 11 });
    expect(report).toMatchObject({
      usage: { jobs: 1, texts: 11 },
      enrichment: { sentences: 11, calls: 0, jobs: 1 },
      metrics: { requests: 22, individualCalls: 0, jobs: 2, texts: 22, errors: 0 },
    });
  });

  test("those that fail, too", async () => {
    const run = await toldSite(2);
    const answer = (): string => {
      throw new Error("It was not there.");
    };
    const { report, sentences, vectors } = await run(new MockGenerator({ answer }));
    expect(typesOf(sentences)).toEqual([
      "strategy_chosen",
      "failure",
      "failure",
      "batch_generated",
    ]);
    expect(sentences.filter(({ type }) => type === "failure")).toMatchObject(
      [0, 1].map(() => ({ texts: 1, retries: 0, message: "It was not there." })),
    );
    expect(typesOf(vectors)).toEqual(["strategy_chosen"]);
    expect(report).toMatchObject({
      enrichment: { sentences: 0, calls: 2 },
      metrics: { requests: 2, individualCalls: 2, errors: 2, errorRate: 1 },
    });
  });
});
