import { describe, expect, test } from "vitest";
import { indexSite } from "../../../src/indexing/index-site.ts";
import { collectJobs, listJobs } from "../../../src/upkeep/jobs.ts";
import type { SiteragConfig } from "../../../src/config/schema.ts";
import type { VirtualClock } from "../../../src/words/virtual-clock.ts";
import { docsSite } from "../../support/docs-site.ts";
import type { DocsSite } from "../../support/docs-site.ts";
import type { Emulator } from "../../support/emulator/emulator.ts";
import { heldFetch } from "../../support/held-fetch.ts";
import { clientOf, geminiHarness } from "./gemini-harness.ts";
import type { IndexReport } from "../../../src/words/reports.ts";

const MINUTE_MS = 60_000;

const embedding = { provider: "gemini", dimensions: 128 } as const;

const site = (batching: SiteragConfig["batching"] = {}): Promise<DocsSite> =>
  docsSite(
    Object.fromEntries(
      Array.from({ length: 12 }, (_, page) => [`${page}.md`, `# Page ${page}\n\nText ${page}.\n`]),
    ),
    { embedding, batching: batching ?? {} },
  );

/** Requests that get another answer than the service's, and how often. */
interface Spoiled {
  readonly path: RegExp;
  readonly method?: string;
  readonly times?: number;
  /** How many such requests are answered rightly before. */
  readonly after?: number;
  readonly status: number;
  readonly body: string;
}

const refusal = (code: number, status: string, details: readonly object[] = []): string =>
  JSON.stringify({ error: { code, status, message: "spoiled", details } });

const NOT_FOUND = { status: 404, body: refusal(404, "NOT_FOUND") } as const;
const HTML_404 = { status: 404, body: "<html>Not Found</html>" } as const;

const gone = (what: string): Pick<Spoiled, "status" | "body"> => ({
  status: 403,
  body: refusal(403, "PERMISSION_DENIED").replace(
    "spoiled",
    `You do not have permission to access the ${what} 123 or it may not exist.`,
  ),
});

function spoiling(
  clock: VirtualClock,
  { path, method = "GET", ...spoiled }: Spoiled,
): typeof fetch {
  const { times = Number.POSITIVE_INFINITY, after = 0, status, body } = spoiled;
  const send = heldFetch(clock);
  let met = 0;
  return async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const isMet = (init?.method ?? "GET") === method && path.test(url);
    if (isMet) met += 1;
    return isMet && met > after && met <= after + times
      ? new Response(body, { status })
      : send(input, init);
  };
}

const STATUS = /\/batches\/[a-z0-9]+$/u;
const LIST = /\/batches(?:\?|$)/u;
const DOWNLOAD = /:download/u;
const CREATE = /:asyncBatchEmbedContent$/u;

interface Run {
  readonly docs: DocsSite;
  readonly emulator: Emulator;
  readonly clock: VirtualClock;
  readonly run: (spoiled: Spoiled | null) => Promise<IndexReport>;
}

async function setUp(batching: SiteragConfig["batching"] = {}, jobMs = MINUTE_MS): Promise<Run> {
  const docs = await site(batching);
  const { clock, emulator } = await geminiHarness({}, { jobMs });
  const run = (spoiled: Spoiled | null): Promise<IndexReport> => {
    const fetch = spoiled === null ? heldFetch(clock) : spoiling(clock, spoiled);
    const client = clientOf(emulator, clock, { fetch, batching: docs.config.batching });
    return indexSite({ config: docs.config, client, clock });
  };
  return { docs, emulator, clock, run };
}

describe("one wrong answer never makes the user pay twice", () => {
  test.each([
    { what: "404 to the first look", path: STATUS, ...NOT_FOUND, times: 1 },
    { what: "404 to a later look", path: STATUS, ...NOT_FOUND, after: 2, times: 1 },
    { what: "404 to the download", path: DOWNLOAD, ...NOT_FOUND, times: 1 },
    { what: "a gateway's 404 to the download", path: DOWNLOAD, ...HTML_404, times: 1 },
    { what: "403 to the first look", path: STATUS, ...gone("BatchJob"), times: 1 },
    { what: "403 to the download", path: DOWNLOAD, ...gone("File"), times: 1 },
    {
      what: "success without the name of its output",
      path: STATUS,
      // A job of a minute is looked at 23 times; the next read is for its output.
      after: 23,
      times: 1,
      status: 200,
      body: JSON.stringify({
        name: "batches/1",
        done: true,
        metadata: {
          state: "BATCH_STATE_SUCCEEDED",
          createTime: "2026-11-23T20:00:00Z",
          batchStats: { requestCount: "12", successfulRequestCount: "12" },
        },
      }),
    },
  ])("$what", async (spoiled) => {
    const { docs, emulator, run } = await setUp();
    const first = await run(spoiled);
    expect(first.usage.calls).toBe(0);
    await docs.write("0.md", "# Page 0\n\nAnother text.\n");
    expect(await run(null)).toMatchObject({ failures: [], chunks: { pending: 0 } });
    expect(emulator.billed).toMatchObject({ jobs: 1, duplicates: 0 });
  });

  test("when a gateway answers 404 to everything, no job is closed, and the failure has a reason", async () => {
    const { docs, emulator, clock, run } = await setUp({ deadlineMinutes: 0 });
    await run(null);
    clock.advance(2 * MINUTE_MS);
    const report = await run({ path: /./u, ...HTML_404 });
    expect(report.failures).toEqual([expect.stringMatching(/^12 chunks .* answered 404/u)]);
    expect(await listJobs({ config: docs.config })).toHaveLength(1);
    expect(await run(null)).toMatchObject({ usage: { texts: 0 }, chunks: { pending: 0 } });
    expect(emulator.billed).toMatchObject({ jobs: 1, duplicates: 0 });
  });
});

describe("a job that has gone, or whose output has gone, is lost, and its texts are sent anew", () => {
  test.each([
    { what: "the emulator's answer to a download, after a minute", waitMs: 2 * MINUTE_MS },
    { what: "the same after three days", waitMs: 72 * 60 * MINUTE_MS },
    {
      what: "404 to every download",
      waitMs: 2 * MINUTE_MS,
      spoiled: { path: DOWNLOAD, ...NOT_FOUND },
    },
  ])("$what", async ({ waitMs, spoiled = null }) => {
    const { clock, docs, emulator, run } = await setUp({ deadlineMinutes: 0 });
    await run(null);
    clock.advance(waitMs);
    emulator.addFault({ name: "output-gone" });
    const report = await run(spoiled);
    expect(report).toMatchObject({ failures: [], usage: { jobs: 1, texts: 12 } });
    expect(emulator.jobs).toHaveLength(2);
    const [left] = await listJobs({ config: docs.config });
    expect(left?.skipped).toEqual([emulator.jobs[0]?.name]);
  });

  test("403 to every look at a job that is in no list", async () => {
    const { clock, docs, emulator, run } = await setUp({ deadlineMinutes: 0 });
    await run(null);
    // The service keeps a job for six weeks.
    clock.advance(50 * 24 * 60 * MINUTE_MS);
    const report = await run({ path: STATUS, ...gone("BatchJob"), times: 1 });
    expect(report).toMatchObject({ failures: [], usage: { jobs: 1, texts: 12 } });
    expect(emulator.jobs).toHaveLength(2);
    expect(await listJobs({ config: docs.config })).toHaveLength(1);
  });
});

describe("a service that keeps a build waiting ends it in time", () => {
  const LATER = [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "60s" }];
  const busy = { status: 429, body: refusal(429, "RESOURCE_EXHAUSTED", LATER) } as const;

  test("a status check that is refused for a minute, at a deadline of 0", async () => {
    const { clock, run } = await setUp({ deadlineMinutes: 0 });
    await run(null);
    const started = clock.now();
    const report = await run({ path: STATUS, ...busy });
    expect(report).toMatchObject({ failures: [], chunks: { pending: 12 } });
    expect(clock.now() - started).toBeLessThan(MINUTE_MS);
  });

  test("a job creation that is refused for a minute, again and again", async () => {
    const { clock, run } = await setUp({ deadlineMinutes: 0 });
    const started = clock.now();
    const report = await run({ path: CREATE, method: "POST", ...busy });
    expect(report).toMatchObject({ failures: [], chunks: { pending: 0 }, usage: { calls: 1 } });
    expect(clock.now() - started).toBeLessThan(2 * MINUTE_MS);
  });
});

describe("a job list without end is given up, and no job is created or lost on its word", () => {
  const MOST_PAGES = 100;

  test.each([
    { what: "new tokens for ever", tokenAfter: String, most: MOST_PAGES },
    { what: "tokens in a circle", tokenAfter: (page: number) => String(page % 3), most: 4 },
    { what: "a page a minute, until the deadline", tokenAfter: String, most: 11, takesMs: 59_000 },
  ])("$what", async ({ tokenAfter, most, takesMs = 0 }) => {
    const { docs, emulator, clock } = await setUp();
    const send = heldFetch(clock);
    let pages = 0;
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const url = input instanceof Request ? input.url : String(input);
      if (!LIST.test(url)) return send(input, init);
      pages += 1;
      clock.advance(takesMs);
      return Response.json({ operations: [], nextPageToken: tokenAfter(pages) });
    };
    const options = { fetch, batching: docs.config.batching, calls: { maxRetries: 0 } };
    const client = clientOf(emulator, clock, options);
    const report = await indexSite({ config: docs.config, client, clock });
    expect(report).toMatchObject({ failures: [], chunks: { pending: 12 }, usage: { calls: 0 } });
    expect(report.warnings).toEqual([expect.stringMatching(/job list without end/u)]);
    expect(emulator.jobs).toHaveLength(0);
    expect(pages).toBe(most);
  });
});

describe("the message names what keeps a job from being created or read", () => {
  test.each([
    {
      what: "an upload",
      path: /\/upload\//u,
      method: "POST",
      status: 503,
      body: refusal(503, "UNAVAILABLE"),
    },
    {
      what: "a list",
      path: LIST,
      method: "GET",
      status: 429,
      body: refusal(429, "RESOURCE_EXHAUSTED"),
    },
    {
      what: "a create without a request left in the day",
      path: CREATE,
      method: "POST",
      status: 429,
      body: refusal(429, "RESOURCE_EXHAUSTED", [{ quotaId: "EmbedRequestsPerDayPerProject" }]),
    },
  ])("$what that fails leaves all pending, and nothing in the ledger", async (spoiled) => {
    const { docs, run } = await setUp();
    const report = await run(spoiled);
    expect(report).toMatchObject({ failures: [], chunks: { pending: 12 }, usage: { calls: 0 } });
    expect(report.warnings).toEqual([expect.stringContaining("No batch job could be created")]);
    expect(await listJobs({ config: docs.config })).toEqual([]);
  });

  test("a refused key fails the texts in a job, and the job stays", async () => {
    const { docs, clock, run } = await setUp({ deadlineMinutes: 0 });
    await run(null);
    const report = await run({ path: STATUS, status: 401, body: refusal(401, "UNAUTHENTICATED") });
    expect(report.failures).toEqual([expect.stringMatching(/^12 chunks .*GEMINI_API_KEY/u)]);
    expect(await listJobs({ config: docs.config })).toHaveLength(1);
    clock.advance(2 * MINUTE_MS);
    expect(await run(null)).toMatchObject({ failures: [], usage: { texts: 0 } });
  });

  test("a refused cancel is reported, and the job stays", async () => {
    const batching = { deadlineMinutes: 1, onDeadline: "individual" } as const;
    const { clock, run } = await setUp(batching, 10 * MINUTE_MS);
    const cancel = { path: /:cancel$/u, method: "POST" };
    const report = await run({ ...cancel, status: 403, body: refusal(403, "PERMISSION_DENIED") });
    expect(report.warnings).toEqual([expect.stringContaining("could not be cancelled")]);
    clock.advance(10 * MINUTE_MS);
    expect(await run(null)).toMatchObject({ usage: { texts: 0 }, chunks: { pending: 0 } });
  });
});

describe("under `individual`, a run cancels only its own jobs", () => {
  test("a job goes on while one of its pages is still needed", async () => {
    const { docs, emulator, clock } = await setUp({ deadlineMinutes: 0 }, 10 * MINUTE_MS);
    const client = clientOf(emulator, clock, { batching: docs.config.batching });
    await indexSite({ config: docs.config, client, clock });
    const batching = { deadlineMinutes: 0, onDeadline: "individual" } as const;
    const config = docs.withConfig({ embedding, batching });
    const report = await indexSite({ config, client, clock, only: ["3.md"] });
    expect(report).toMatchObject({ failures: [], usage: { texts: 0 } });
    expect(emulator.jobs).toMatchObject([{ state: "BATCH_STATE_PENDING" }]);
    clock.advance(10 * MINUTE_MS);
    expect(await collectJobs({ config, client, clock })).toMatchObject({ collected: [{}] });
  });
});
