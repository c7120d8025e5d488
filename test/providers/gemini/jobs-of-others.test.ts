import { expect, test } from "vitest";
import { MockGeminiClient } from "../../../src/providers/mock/mock-gemini-client.ts";
import { indexSite } from "../../../src/indexing/index-site.ts";
import { cancelJob, collectJobs, listJobs } from "../../../src/upkeep/jobs.ts";
import { Database } from "../../../src/store/database.ts";
import { jobsTable } from "../../../src/store/tables.ts";
import { openEmulator } from "../../emulator/open-emulator.ts";
import { createJob, jobFile, uploadFile } from "../../emulator/send-job.ts";
import { docsSite } from "../../support/docs-site.ts";
import type { DocsSite } from "../../support/docs-site.ts";
import { clientOf, geminiHarness } from "./gemini-harness.ts";

const MINUTE_MS = 60_000;

/** A site of so many texts whose runs wait for no job. */
const patientSite = (texts: number): Promise<DocsSite> =>
  docsSite(
    Object.fromEntries(
      Array.from({ length: texts }, (_, page) => [
        `${page}.md`,
        `# Page ${page}\n\nText ${page}.\n`,
      ]),
    ),
    { embedding: { provider: "gemini", dimensions: 128 }, batching: { deadlineMinutes: 0 } },
  );

test("a job of another model is collected into that model's cache, and going back is free", async () => {
  const docs = await patientSite(12);
  const { client, clock, emulator } = await geminiHarness();
  await indexSite({ config: docs.config, client, clock });
  clock.advance(2 * MINUTE_MS);
  const other = clientOf(emulator, clock, { model: "gemini-embedding-001", dimensions: 256 });
  await indexSite({ config: docs.config, client: other, clock });
  expect(await listJobs({ config: docs.config })).toMatchObject([
    { space: { model: "gemini-embedding-001", dimensions: 256 } },
  ]);
  const back = await indexSite({ config: docs.config, client, clock });
  expect(back).toMatchObject({ usage: { texts: 0, cacheHits: 12 }, chunks: { pending: 0 } });
  clock.advance(2 * MINUTE_MS);
  expect(emulator.billed).toMatchObject({ jobs: 2, texts: 24, duplicates: 0 });
});

test("a job of another provider stays, is reported, and can be forgotten but not cancelled", async () => {
  const docs = await patientSite(12);
  const { client, clock } = await geminiHarness();
  await indexSite({ config: docs.config, client, clock });
  const options = { config: docs.config, client: new MockGeminiClient({ clock }), clock };
  expect(await collectJobs(options)).toMatchObject({
    collected: [],
    out: [{ reason: expect.stringContaining("Ordered from gemini") }],
  });
  const [job] = await listJobs(options);
  const name = job?.name ?? "";
  await expect(cancelJob({ ...options, name })).rejects.toMatchObject({
    code: "USAGE",
    message: expect.stringContaining("--forget"),
  });
  expect(await cancelJob({ ...options, name, forget: true })).toMatchObject({
    outcome: "forgotten",
  });
  expect(await listJobs(options)).toEqual([]);
});

test("a job that answers 403 stays pending, and the message says how to go on without it", async () => {
  const docs = await patientSite(12);
  const { client, clock, emulator } = await geminiHarness();
  await indexSite({ config: docs.config, client, clock });
  emulator.addFault({ name: "job-forbidden" });
  clock.advance(2 * MINUTE_MS);
  const { out } = await collectJobs({ config: docs.config, client, clock });
  const [job] = await listJobs({ config: docs.config });
  expect(out).toMatchObject([
    { reason: expect.stringContaining(`\`siterag jobs cancel ${job?.name} --forget\``) },
  ]);
});

test("a job is found again behind a hundred newer ones of the account", async () => {
  const open = await openEmulator();
  const { clock, emulator } = open;
  const docs = await patientSite(12);
  const client = clientOf(emulator, clock);
  await indexSite({ config: docs.config, client, clock });
  const [job] = await listJobs({ config: docs.config });
  const file = await uploadFile(open, jobFile(["another text"]));
  // No more than a hundred at once.
  clock.advance(2 * MINUTE_MS);
  for (let other = 0; other < 100; other += 1) await createJob(open, file);
  await loseLedger(docs);
  const report = await indexSite({ config: docs.config, client, clock });
  expect(report).toMatchObject({ usage: { jobs: 0 } });
  expect(emulator.jobs).toHaveLength(101);
  expect(job?.displayName).toBe(emulator.jobs[0]?.displayName);
});

/** As if the store were new to the account. */
async function loseLedger({ config }: DocsSite): Promise<void> {
  const database = await Database.connect(config.store.uri);
  await database.drop(jobsTable.name);
  database.close();
}

test("a forgotten job is not found again, and its texts go into a new job", async () => {
  const docs = await patientSite(12);
  const { client, clock, emulator } = await geminiHarness();
  const run = () => indexSite({ config: docs.config, client, clock });
  await run();
  const [job] = await listJobs({ config: docs.config });
  emulator.addFault({ name: "job-forbidden", times: 2 });
  clock.advance(2 * MINUTE_MS);
  const refused = await run();
  expect(refused.failures).toEqual([expect.stringContaining("--forget")]);
  await cancelJob({ config: docs.config, client, clock, name: job?.name ?? "", forget: true });
  expect(await listJobs({ config: docs.config })).toEqual([]);
  expect(await run()).toMatchObject({ usage: { jobs: 1, texts: 12 } });
  clock.advance(2 * MINUTE_MS);
  expect(await run()).toMatchObject({ failures: [], chunks: { pending: 0 } });
});

test("a record that this version cannot read stops the run before it pays for anything again", async () => {
  const docs = await patientSite(12);
  const { client, clock, emulator } = await geminiHarness();
  await indexSite({ config: docs.config, client, clock });
  const database = await Database.connect(docs.config.store.uri);
  const table = await database.openOrReplace(jobsTable);
  await table.upsert([{ displayName: "siterag-later", job: '{"version":2}' }]);
  database.close();
  await expect(indexSite({ config: docs.config, client, clock })).rejects.toMatchObject({
    code: "STORE_FAILED",
    message: expect.stringContaining("siterag-later"),
  });
  expect(emulator.jobs).toHaveLength(1);
});
