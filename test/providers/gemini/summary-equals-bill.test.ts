import { expect, test } from "vitest";
import { indexSite } from "../../../src/indexing/index-site.ts";
import type { ClientEvent } from "../../../src/sending/events.ts";
import { readStatus } from "../../../src/upkeep/status.ts";
import { docsSite } from "../../support/docs-site.ts";
import { clientOf, geminiHarness } from "./gemini-harness.ts";

const PAGES = 14;

const pages = Object.fromEntries(
  Array.from({ length: PAGES }, (_, page) => [
    `guide/${page}.md`,
    `# Page ${page}\n\nWas kostet das? ${"Ein Wort. ".repeat(page)}\n\n## Code\n\n\`\`\`ts\nconst x = ${page};\n\`\`\`\n`,
  ]),
);

test.each([
  { model: "gemini-embedding-2", strategy: "individual", batchThreshold: 10 },
  { model: "gemini-embedding-2", strategy: "auto", batchThreshold: 1000 },
  { model: "gemini-embedding-2", strategy: "auto", batchThreshold: 10 },
  { model: "gemini-embedding-001", strategy: "individual", batchThreshold: 10 },
  { model: "gemini-embedding-001", strategy: "batch", batchThreshold: 10 },
] as const)(
  "$model, $strategy from $batchThreshold on: a run's summary is what the service has billed",
  async ({ model, ...batching }) => {
    const docs = await docsSite(pages, {
      embedding: { provider: "gemini", model, dimensions: 128 },
      batching,
    });
    const { clock, emulator } = await geminiHarness();
    const client = clientOf(emulator, clock, { model, batching });
    const { usage, metrics } = await indexSite({ config: docs.config, client, clock });
    const { calls, jobs, texts, tokens } = usage;
    const costUsd = expect.closeTo(emulator.billed.costUsd, 12);
    expect({ ...usage, duplicates: 0 }).toMatchObject({ ...emulator.billed, costUsd });
    expect(metrics).toMatchObject({ individualCalls: calls, jobs, texts, tokens, costUsd });
    expect(await readStatus({ config: docs.config })).toMatchObject({ lastRun: { metrics } });
  },
);

test.each([
  { name: "job-failed" },
  { name: "job-expired" },
  { name: "job-all-rows-failed" },
  { name: "row-failed", text: "Page 7" },
  { name: "row-missing", text: "Page 7" },
] as const)("$name: the summary still equals the bill", async (fault) => {
  const docs = await docsSite(pages, { embedding: { provider: "gemini", dimensions: 128 } });
  const { client, clock, emulator } = await geminiHarness();
  emulator.addFault({ ...fault, times: 1 });
  const { usage } = await indexSite({ config: docs.config, client, clock });
  const { texts, tokens, costUsd } = emulator.billed;
  expect(usage.texts + usage.textsRepeated).toBe(texts);
  expect(usage).toMatchObject({ tokens, costUsd: expect.closeTo(costUsd, 9), jobs: 1 });
});

test("a run with faults counts each repetition, each latency, each call given up, and tells of them", async () => {
  const docs = await docsSite(pages, {
    embedding: { provider: "gemini", dimensions: 128 },
    batching: { strategy: "individual", textsPerCall: 7, maxParallelIndividual: 2 },
  });
  const { clock, emulator } = await geminiHarness();
  const client = clientOf(emulator, clock, { batching: docs.config.batching });
  emulator.addFault({ name: "unavailable", times: 2 });
  emulator.addFault({ name: "bad-request", text: "x = 3;" });
  const heard: ClientEvent[] = [];
  client.events.listen((event) => heard.push(event));
  const { metrics, usage } = await indexSite({ config: docs.config, client, clock });
  const told = Map.groupBy(heard, ({ type }) => type);
  const count = (type: ClientEvent["type"]): number => told.get(type)?.length ?? 0;
  expect(count("strategy_chosen")).toBe(1);
  expect(count("batch_generated")).toBe(1);
  expect(metrics).toMatchObject({
    retries: 2,
    errors: count("failure"),
    individualCalls: emulator.seen.calls,
    averageLatencyMs: 400,
    poolExhausted: 0,
  });
  expect(told.get("retry")).toMatchObject([{ code: "UNAVAILABLE" }, { code: "UNAVAILABLE" }]);
  expect(told.get("failure")).toMatchObject([{ texts: 1, code: "INVALID_REQUEST" }]);
  expect(count("success")).toBe(emulator.billed.calls);
  expect(metrics.textsPerCall).toBe(emulator.billed.texts / emulator.billed.calls);
  expect(metrics.errorRate).toBeCloseTo(1 / (1 + emulator.billed.calls));
  expect(usage.texts).toBe(metrics.texts);
  expect(client.pool).toMatchObject({ active: 0, queueLength: 0 });
  expect(metrics.poolUtilisation).toBe(client.pool.utilisation);
  expect(metrics.poolUtilisation).toBeGreaterThan(0.5);
  expect(client.metrics).toEqual(metrics);
});

test("two runs at once on one client count their own work", async () => {
  const config = {
    embedding: { provider: "gemini", dimensions: 128 },
    batching: { strategy: "individual", textsPerCall: 5, maxParallelIndividual: 2 },
  } as const;
  const large = await docsSite(pages, config);
  const small = await docsSite({ "one.md": "# One\n\nAlone.\n" }, config);
  const { clock, emulator } = await geminiHarness();
  const client = clientOf(emulator, clock, { batching: large.config.batching });
  const runs = [large, small].map((docs) => indexSite({ config: docs.config, client, clock }));
  const reports = await Promise.all(runs);
  for (const { metrics, usage } of reports) {
    expect(metrics).toMatchObject({ individualCalls: usage.calls, texts: usage.texts });
  }
  const [ofLarge, ofSmall] = reports.map(({ metrics }) => metrics);
  expect(ofSmall).toMatchObject({ texts: 1, individualCalls: 1, textsPerCall: 1 });
  expect(client.metrics.texts).toBe(1 + (ofLarge?.texts ?? 0));
});

test("the states of a job are told once each, and jobs alone are what it is compared with", async () => {
  const docs = await docsSite(pages, { embedding: { provider: "gemini", dimensions: 128 } });
  const { client, clock } = await geminiHarness({}, { jobMs: 90_000 });
  const states: string[] = [];
  client.events.listen((event) => {
    if (event.type === "job_state") states.push(event.state);
  });
  const { metrics } = await indexSite({ config: docs.config, client, clock });
  expect(states).toEqual(["PENDING", "RUNNING", "SUCCEEDED"]);
  expect(metrics).toMatchObject({ jobs: 1, individualCalls: 0, averageLatencyMs: null });
  expect(metrics.secondsSavedAgainstAlwaysBatch).toBeLessThan(0);
});

test("a run that the cache serves makes no call and says what it has saved", async () => {
  const docs = await docsSite(pages, { embedding: { provider: "gemini", dimensions: 128 } });
  const { client, clock } = await geminiHarness();
  await indexSite({ config: docs.config, client, clock });
  const other = docs.withConfig({ embedding: { provider: "gemini" }, store: { index: "other" } });
  const config = { ...other, embedding: docs.config.embedding };
  const { metrics } = await indexSite({ config, client, clock });
  expect(metrics).toMatchObject({ cacheHitRate: 1, individualCalls: 0, jobs: 0, texts: 0 });
  expect(metrics.cacheHits).toBe(metrics.requests);
  expect((await readStatus({ config })).lastRun).toBeNull();
});

test("a job that fails counts as an error, and one that is left saves no time", async () => {
  const docs = await docsSite(pages, {
    embedding: { provider: "gemini", dimensions: 128 },
    batching: { deadlineMinutes: 0 },
  });
  const { client, clock, emulator } = await geminiHarness();
  const left = await indexSite({ config: docs.config, client, clock });
  expect(left.metrics).toMatchObject({ errors: 0, secondsSavedAgainstAlwaysBatch: 0 });
  emulator.addFault({ name: "job-failed", times: 1 });
  const other = docs.withConfig({
    embedding: { provider: "gemini", model: "gemini-embedding-001" },
  });
  const config = { ...other, embedding: { ...other.embedding, dimensions: 128 } };
  const second = clientOf(emulator, clock, { model: "gemini-embedding-001" });
  const { failures, metrics } = await indexSite({ config, client: second, clock });
  expect(failures.length).toBeGreaterThan(10);
  expect(metrics).toMatchObject({ errors: 1, errorRate: 1 });
});

test("an interrupted run leaves what it has cost", async () => {
  const docs = await docsSite(pages, {
    embedding: { provider: "gemini", dimensions: 128 },
    batching: { strategy: "individual", textsPerCall: 2, maxParallelIndividual: 1 },
  });
  const { clock, emulator } = await geminiHarness();
  const client = clientOf(emulator, clock, { batching: docs.config.batching });
  await indexSite({ config: docs.config, client, clock });
  for (const name of ["a", "b", "c"]) await docs.write(`${name}.md`, `# ${name}\n\nNew.\n`);
  const stop = new AbortController();
  client.events.listen(({ type }) => {
    if (type === "success") stop.abort();
  });
  const running = indexSite({ config: docs.config, client, clock, signal: stop.signal });
  await expect(running).rejects.toMatchObject({ code: "INTERRUPTED" });
  const { lastRun } = await readStatus({ config: docs.config });
  expect(lastRun?.metrics).toMatchObject({ texts: 2, individualCalls: 1 });
});
