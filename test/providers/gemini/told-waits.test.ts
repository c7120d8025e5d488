import { expect, test } from "vitest";
import type { SiteragConfig } from "../../../src/config/schema.ts";
import { indexSite } from "../../../src/indexing/index-site.ts";
import { search } from "../../../src/searching/search.ts";
import { collectJobs } from "../../../src/upkeep/jobs.ts";
import { Jobs } from "../../../src/store/jobs.ts";
import { withWriter } from "../../../src/store/open-store.ts";
import type { Logger } from "../../../src/words/types.ts";
import { docsSite } from "../../support/docs-site.ts";
import { heldFetch } from "../../support/held-fetch.ts";
import { clientOf, geminiHarness } from "./gemini-harness.ts";
import type { SmartGeminiOptions } from "../../../src/providers/gemini/gemini-options.ts";

const TIME = String.raw`\d\d:\d\d:\d\d`;

async function setUp(
  count: number,
  batching: NonNullable<SiteragConfig["batching"]>,
  options: Partial<SmartGeminiOptions> = {},
) {
  const pages = Array.from({ length: count }, (_, page) => [
    `${page}.md`,
    `# Page ${page}\n\nText.\n`,
  ]);
  const docs = await docsSite(Object.fromEntries(pages), {
    embedding: { provider: "gemini", dimensions: 128 },
    batching,
  });
  const { clock, emulator } = await geminiHarness();
  const told: string[] = [];
  const logger: Logger = {
    info: () => undefined,
    warn: () => undefined,
    wait: (line) => told.push(line),
  };
  const run = (changes: Partial<SmartGeminiOptions> = {}) => {
    const client = clientOf(emulator, clock, { ...options, ...changes });
    return indexSite({ config: docs.config, client, clock, logger });
  };
  return { clock, docs, emulator, logger, run, told };
}

const line = (text: string) =>
  expect.stringMatching(new RegExp(`^Waiting until ${TIME} ${text}`, "u"));

test("the log says until when a run waits for the limits of a minute", async () => {
  const batching = { strategy: "individual", textsPerCall: 1 } as const;
  const { run, told } = await setUp(3, batching, {
    batching,
    limits: { tier: "tier1", requestsPerMinute: 2 },
  });
  await run();
  expect(told).toContainEqual(line("because the requests"));
});

test("the log says until when a run waits to repeat a request about a job", async () => {
  const { clock, run, told } = await setUp(12, {});
  const send = heldFetch(clock);
  let refused = 0;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const isUpload = String(input instanceof Request ? input.url : input).includes("/upload/");
    if (!isUpload || refused === 3) return send(input, init);
    refused += 1;
    return new Response("", { status: 503 });
  };
  await run({ fetch });
  expect(told).toContainEqual(line("to repeat a call that failed: UNAVAILABLE"));
  expect(told).toContainEqual(line("at the latest for batch job batches/"));
});

test("the log says until when a run waits for a job that does not answer", async () => {
  const { clock, run, told } = await setUp(12, {});
  const send = heldFetch(clock);
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const isLook = /\/batches\/[a-z0-9]+$/u.test(
      String(input instanceof Request ? input.url : input),
    );
    return isLook ? new Response("", { status: 503 }) : send(input, init);
  };
  await run({ fetch });
  expect(told).toContainEqual(line("at the latest for batch job .*: it does not answer"));
});

test("the log says until when a job waits for room beside the others", async () => {
  const { clock, docs, emulator, told, logger } = await setUp(12, {});
  const client = clientOf(emulator, clock);
  Object.assign(client.profile.batch ?? {}, { enqueuedTokens: 120 });
  Object.assign(client.profile.batch?.limits ?? {}, { texts: 4 });
  await indexSite({ config: docs.config, client, clock, logger });
  expect(told).toContainEqual(line("at the latest for room in the account's queue"));
});

test("the log says until when jobs are collected of which the name is not known yet", async () => {
  const { clock, docs, emulator, logger, run, told } = await setUp(12, { deadlineMinutes: 0 });
  await run();
  const client = clientOf(emulator, clock);
  const target = { target: docs.config.store, space: client.space, clock };
  await withWriter(target, async ({ database }) => {
    const jobs = new Jobs(database);
    const [job] = await jobs.all();
    if (job !== undefined)
      await jobs.update({ ...job, name: null, leaseUntil: clock.now() + 40_000 });
  });
  told.length = 0;
  await collectJobs({ config: docs.config, client, clock, logger });
  expect(told).toEqual([line("for another run")]);
});

test("a search tells until when it waits to repeat a call", async () => {
  const { clock, docs, emulator, logger, run, told } = await setUp(1, {});
  await run();
  told.length = 0;
  emulator.addFault({ name: "rate-limited", times: 1, retryDelaySeconds: 5 });
  const client = clientOf(emulator, clock);
  await search({ config: docs.config, client, clock, logger, query: "text" });
  expect(told).toEqual([line("to repeat a call that failed: RATE_LIMITED")]);
});
