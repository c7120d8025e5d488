import { cp } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { indexSite } from "../../../src/indexing/index-site.ts";
import { cancelJob, collectJobs, listJobs } from "../../../src/upkeep/jobs.ts";
import { planSite } from "../../../src/indexing/plan-site.ts";
import { search } from "../../../src/searching/search.ts";
import { readStatus } from "../../../src/upkeep/status.ts";
import type { SiteragConfig } from "../../../src/config/schema.ts";
import { docsSite, rowsOf } from "../../support/docs-site.ts";
import type { DocsSite } from "../../support/docs-site.ts";
import { clientOf, geminiHarness } from "./gemini-harness.ts";
import type { GeminiHarness } from "./gemini-harness.ts";

const MINUTE_MS = 60_000;

const embedding = { provider: "gemini", dimensions: 128 } as const;

const site = (pages: number, config: SiteragConfig = {}): Promise<DocsSite> =>
  docsSite(
    Object.fromEntries(
      Array.from({ length: pages }, (_, page) => [
        `page-${page}.md`,
        `# Page ${page}\n\nWhat page number ${page} says.\n`,
      ]),
    ),
    { ...config, embedding },
  );

const index = ({ config }: DocsSite, { client, clock }: GeminiHarness) =>
  indexSite({ config, client, clock });

describe("which road a site takes", () => {
  test.each([
    { texts: 1, calls: 1, jobs: 0 },
    { texts: 3, calls: 1, jobs: 0 },
    { texts: 7, calls: 1, jobs: 1 },
    { texts: 10, calls: 0, jobs: 1 },
    { texts: 300, calls: 0, jobs: 1 },
  ])("$texts texts: $calls calls, $jobs jobs", async ({ texts, calls, jobs }) => {
    const docs = await site(texts);
    const harness = await geminiHarness();
    const report = await index(docs, harness);
    expect(report).toMatchObject({ failures: [], warnings: [], chunks: { pending: 0 } });
    expect(report.usage).toMatchObject({ calls, jobs, texts });
    expect(harness.emulator.billed).toMatchObject({ calls, jobs, texts, duplicates: 0 });
  });

  test("a single text under the strategy batch is one job", async () => {
    const docs = await site(1, { batching: { strategy: "batch" } });
    const harness = await geminiHarness({ batching: { strategy: "batch" } });
    await index(docs, harness);
    expect(harness.emulator.billed).toMatchObject({ calls: 0, jobs: 1 });
  });

  test("calls and jobs store the same rows", async () => {
    const byJob = await site(12);
    const byCalls = await site(12, { batching: { strategy: "individual" } });
    const harness = await geminiHarness();
    await index(byJob, harness);
    await index(byCalls, harness);
    expect(await rowsOf(byJob.config)).toEqual(await rowsOf(byCalls.config));
  });
});

describe("a job that outlives the build", () => {
  test("is left at the deadline, and collected by the next build without another call", async () => {
    const docs = await site(12, { batching: { deadlineMinutes: 2 } });
    const harness = await geminiHarness({}, { jobMs: 60 * MINUTE_MS });
    const { clock, emulator } = harness;
    const started = clock.now();
    const first = await index(docs, harness);
    expect(clock.now() - started).toBeLessThan(3 * MINUTE_MS);
    expect(first).toMatchObject({ failures: [], chunks: { pending: 12, failed: 0 } });
    expect(first.warnings).toEqual([expect.stringMatching(/^12 texts .* batches\//u)]);
    const found = await search({ config: docs.config, query: "page number 7", mode: "text" });
    expect(found.hits[0]?.page).toBe("page-7.md");

    const { publishedAt } = (await readStatus({ config: docs.config })).index ?? {};
    const second = await index(docs, harness);
    expect(second).toMatchObject({ usage: { texts: 0, jobs: 0 }, chunks: { pending: 12 } });
    expect(await readStatus({ config: docs.config })).toMatchObject({ index: { publishedAt } });
    const plan = await planSite({ config: docs.config, client: harness.client });
    expect(plan).toMatchObject({ jobsOut: [expect.stringMatching(/^batches\//u)] });
    expect(plan.plan).toMatchObject({
      resolved: "none",
      reason: "nothing to send: 12 texts in batch jobs from earlier runs",
    });

    clock.advance(60 * MINUTE_MS);
    const third = await index(docs, harness);
    expect(third).toMatchObject({ usage: { texts: 0, calls: 0, jobs: 0 }, chunks: { pending: 0 } });
    expect(emulator.billed).toMatchObject({ jobs: 1, texts: 12, duplicates: 0 });
    expect(await listJobs({ config: docs.config })).toEqual([]);
  });

  test("is not waited for with a deadline of 0", async () => {
    const docs = await site(7, { batching: { deadlineMinutes: 0 } });
    const harness = await geminiHarness();
    const started = harness.clock.now();
    expect(await index(docs, harness)).toMatchObject({ chunks: { pending: 4 } });
    expect(harness.clock.now() - started).toBeLessThan(5000);
  });

  test("is waited for when its texts are needed, while new texts are sent", async () => {
    const docs = await site(12, { batching: { deadlineMinutes: 2 } });
    const harness = await geminiHarness({}, { jobMs: 3 * MINUTE_MS });
    await index(docs, harness);
    await docs.write("new.md", "# New\n\nA page that was not there.\n");
    const report = await index(docs, harness);
    expect(report).toMatchObject({ usage: { texts: 1, calls: 1 }, chunks: { pending: 0 } });
    expect(harness.emulator.billed).toMatchObject({ texts: 13, duplicates: 0 });
  });

  test("is collected on another machine, from a copy of the store", async () => {
    const docs = await site(12, { batching: { deadlineMinutes: 1 } });
    const harness = await geminiHarness({}, { jobMs: 30 * MINUTE_MS });
    await index(docs, harness);
    harness.clock.advance(30 * MINUTE_MS);
    for (const name of ["one", "other"]) {
      const uri = join(docs.folder, name);
      await cp(docs.config.store.uri, uri, { recursive: true });
      const config = { ...docs.config, store: { ...docs.config.store, uri } };
      const client = clientOf(harness.emulator, harness.clock);
      const report = await indexSite({ config, client, clock: harness.clock });
      expect(report).toMatchObject({ usage: { texts: 0 }, chunks: { pending: 0 } });
    }
    expect(harness.emulator.billed).toMatchObject({ jobs: 1, texts: 12, duplicates: 0 });
  });

  test("can be listed, collected and cancelled", async () => {
    const docs = await site(12, { batching: { deadlineMinutes: 0 } });
    const harness = await geminiHarness({}, { jobMs: 10 * MINUTE_MS });
    const { client, clock } = harness;
    const options = { config: docs.config, client, clock };
    await index(docs, harness);
    const [job] = await listJobs(options);
    expect(job).toMatchObject({ name: expect.stringMatching(/^batches\//u), index: "chunks" });
    expect(job?.fingerprints).toHaveLength(12);
    expect(await collectJobs(options)).toMatchObject({ collected: [], out: [{}] });
    clock.advance(10 * MINUTE_MS);
    expect(await collectJobs(options)).toMatchObject({ collected: [job?.name], out: [] });
    expect(await index(docs, harness)).toMatchObject({
      usage: { texts: 0 },
      chunks: { pending: 0 },
    });
  });

  test("once cancelled, its texts are sent again; an unknown job name is refused", async () => {
    const docs = await site(12, { batching: { deadlineMinutes: 0 } });
    const harness = await geminiHarness({}, { jobMs: 10 * MINUTE_MS });
    const { client, clock } = harness;
    const options = { config: docs.config, client, clock };
    await index(docs, harness);
    const [job] = await listJobs(options);
    await expect(cancelJob({ ...options, name: "batches/no" })).rejects.toMatchObject({
      code: "USAGE",
    });
    await cancelJob({ ...options, name: job?.name ?? "" });
    expect(await listJobs(options)).toEqual([]);
    expect(await index(docs, harness)).toMatchObject({ usage: { jobs: 1, texts: 12 } });
  });
});

/** A client whose jobs hold five texts at most. */
function withSmallJobs(harness: GeminiHarness): GeminiHarness {
  const { batch } = harness.client.profile;
  if (batch === null) throw new TypeError("The harness has a tier with jobs.");
  const limits = { ...batch.limits, texts: 5 };
  const profile = { ...harness.client.profile, batch: { ...batch, limits } };
  Object.assign(harness.client, { profile });
  return harness;
}

describe("several jobs at once", () => {
  test("end at the same instant, and all of them arrive", async () => {
    const docs = await site(25);
    const harness = withSmallJobs(await geminiHarness());
    const report = await index(docs, harness);
    expect(report).toMatchObject({ failures: [], warnings: [], chunks: { pending: 0 } });
    expect(harness.emulator.billed).toMatchObject({ jobs: 5, texts: 25, duplicates: 0 });
    expect(await listJobs({ config: docs.config, client: harness.client })).toEqual([]);
  });

  test("are left, and collected together", async () => {
    const docs = await site(25, { batching: { deadlineMinutes: 0 } });
    const harness = withSmallJobs(await geminiHarness());
    expect(await index(docs, harness)).toMatchObject({ chunks: { pending: 25 } });
    harness.clock.advance(2 * MINUTE_MS);
    const report = await index(docs, harness);
    expect(report).toMatchObject({ usage: { texts: 0 }, chunks: { pending: 0 } });
    expect(harness.emulator.billed).toMatchObject({ jobs: 5, texts: 25, duplicates: 0 });
  });

  test("wait for room in the account's queue", async () => {
    const docs = await site(25);
    const enqueuedTokens = 150;
    const harness = await geminiHarness({}, { quota: { enqueuedTokens } });
    // The engine of the client has the same profile.
    Object.assign(harness.client.profile.batch ?? {}, { enqueuedTokens });
    const report = await index(docs, withSmallJobs(harness));
    expect(report).toMatchObject({ usage: { calls: 0 }, chunks: { pending: 0 } });
    expect(harness.emulator.billed).toMatchObject({ jobs: 5, duplicates: 0 });
  });

  test("in an account without batch jobs are refused once, and that is said once", async () => {
    const docs = await site(25);
    const harness = withSmallJobs(await geminiHarness({}, { quota: { enqueuedTokens: 0 } }));
    const report = await index(docs, harness);
    expect(report).toMatchObject({ failures: [], chunks: { pending: 0 } });
    expect(report.warnings).toEqual([expect.stringMatching(/cannot create batch jobs/u)]);
  });
});

describe("a job that has not ended at the deadline", () => {
  test("is cancelled under `individual`, and its texts go by calls", async () => {
    const batching = { deadlineMinutes: 1, onDeadline: "individual" } as const;
    const docs = await site(12, { batching });
    const harness = await geminiHarness({}, { jobMs: 60 * MINUTE_MS });
    const report = await index(docs, harness);
    expect(report).toMatchObject({ failures: [], chunks: { pending: 0 } });
    expect(await listJobs({ config: docs.config, client: harness.client })).toEqual([]);
  });

  test("fails the run under `fail`, twice, and is paid once", async () => {
    const batching = { deadlineMinutes: 1, onDeadline: "fail" } as const;
    const docs = await site(12, { batching });
    const harness = await geminiHarness({}, { jobMs: 10 * MINUTE_MS });
    expect((await index(docs, harness)).failures).toHaveLength(12);
    expect((await index(docs, harness)).failures).toHaveLength(12);
    harness.clock.advance(10 * MINUTE_MS);
    expect(await index(docs, harness)).toMatchObject({ failures: [], chunks: { pending: 0 } });
    expect(harness.emulator.billed).toMatchObject({ jobs: 1, texts: 12, duplicates: 0 });
  });
});

describe("a service that cannot be read", () => {
  test.each(["rate-limited", "unavailable"] as const)(
    "%s at a create, always: `auto` goes by calls or waits, and nothing is paid twice",
    async (name) => {
      const docs = await site(12);
      const harness = await geminiHarness();
      harness.emulator.addFault({
        name: name === "rate-limited" ? "job-refused" : "create-unavailable-after",
      });
      await index(docs, harness);
      harness.clock.advance(5 * MINUTE_MS);
      const report = await index(docs, harness);
      expect(report).toMatchObject({ failures: [], chunks: { pending: 0 } });
      expect(harness.emulator.billed).toMatchObject({ texts: 12, duplicates: 0 });
    },
  );

  test("a download that always drops leaves the job pending; the next run has it", async () => {
    const docs = await site(12);
    const harness = await geminiHarness();
    harness.emulator.addFault({ name: "download-drop", times: 4 });
    const first = await index(docs, harness);
    expect(first).toMatchObject({ failures: [], chunks: { pending: 12 }, usage: { calls: 0 } });
    expect(await index(docs, harness)).toMatchObject({
      usage: { texts: 0 },
      chunks: { pending: 0 },
    });
    expect(harness.emulator.billed).toMatchObject({ jobs: 1, texts: 12, duplicates: 0 });
  });

  test("new pages are indexed while the status of an old job cannot be read", async () => {
    const docs = await site(12, { batching: { deadlineMinutes: 0 } });
    const harness = await geminiHarness();
    await index(docs, harness);
    harness.clock.advance(2 * MINUTE_MS);
    harness.emulator.addFault({ name: "download-drop", times: 8 });
    await docs.write("new.md", "# New\n\nA page that was not there.\n");
    const report = await index(docs, harness);
    expect(report).toMatchObject({ failures: [], usage: { texts: 1 }, chunks: { pending: 12 } });
  });
});

describe("what a service does to jobs", () => {
  test.each([
    "create-unavailable-after",
    "create-cut-after",
    "download-drop",
    "unknown-state",
  ] as const)("%s, once: one job, and everything arrives", async (name) => {
    const docs = await site(12);
    const harness = await geminiHarness();
    harness.emulator.addFault({ name, times: 1 });
    const report = await index(docs, harness);
    expect(report).toMatchObject({ failures: [], chunks: { pending: 0 }, usage: { calls: 0 } });
    expect(harness.emulator.billed).toMatchObject({ jobs: 1, texts: 12, duplicates: 0 });
  });

  test.each(["row-failed", "row-missing", "row-duplicate", "row-wrong-length"] as const)(
    "%s: only that text goes by a call",
    async (name) => {
      const docs = await site(12);
      const harness = await geminiHarness();
      harness.emulator.addFault({ name, text: "number 7 " });
      const report = await index(docs, harness);
      expect(report.usage).toMatchObject({ calls: 1, jobs: 1 });
      expect(report.chunks.failed).toBe(name === "row-failed" ? 1 : 0);
    },
  );

  test("a job whose rows have all failed: its texts go by calls", async () => {
    const docs = await site(12);
    const harness = await geminiHarness();
    harness.emulator.addFault({ name: "job-all-rows-failed" });
    const report = await index(docs, harness);
    expect(report).toMatchObject({ failures: [], chunks: { pending: 0 }, usage: { calls: 1 } });
  });

  test.each(["job-failed", "job-expired", "job-cancelled"] as const)(
    "%s: reported with page and heading, and sent anew by the next run",
    async (name) => {
      const docs = await site(12);
      const harness = await geminiHarness();
      harness.emulator.addFault({ name, times: 1 });
      const first = await index(docs, harness);
      expect(first.failures).toHaveLength(12);
      expect(first.failures[0]).toMatch(/^page-0\.md, under “Page 0”: Batch job batches\//u);
      expect(await index(docs, harness)).toMatchObject({ failures: [], chunks: { pending: 0 } });
    },
  );

  test("a job that answers 404 is given up, and found again where the service still lists it", async () => {
    const docs = await site(12, { batching: { deadlineMinutes: 0 } });
    const harness = await geminiHarness();
    await index(docs, harness);
    harness.emulator.addFault({ name: "job-unknown", times: 1 });
    harness.clock.advance(MINUTE_MS);
    const report = await index(docs, harness);
    expect(report).toMatchObject({ usage: { jobs: 0 }, chunks: { pending: 0 } });
    expect(harness.emulator.billed).toMatchObject({ jobs: 1, duplicates: 0 });
  });

  test("an account without batch jobs goes by calls, and says so once", async () => {
    const docs = await site(12);
    const warnings: string[] = [];
    const logger = { info: () => undefined, warn: (text: string) => warnings.push(text) };
    const { client, clock } = await geminiHarness({}, { quota: { enqueuedTokens: 0 } });
    const report = await indexSite({ config: docs.config, client, clock, logger });
    expect(report).toMatchObject({ failures: [], chunks: { pending: 0 }, usage: { calls: 1 } });
    expect(warnings).toEqual([expect.stringMatching(/cannot create batch jobs/u)]);
  });
});
