import { expect, test } from "vitest";
import { indexSite } from "../../../src/indexing/index-site.ts";
import { cacheStats } from "../../../src/upkeep/cache.ts";
import { listJobs } from "../../../src/upkeep/jobs.ts";
import { docsSite } from "../../support/docs-site.ts";
import { heldFetch } from "../../support/held-fetch.ts";
import { clientOf, geminiHarness } from "./gemini-harness.ts";

const pages = (count: number): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, page) => [`${page}.md`, `# Page ${page}\n\nText.\n`]),
  );

const CALL = /:(?:batchEmbedContents|asyncBatchEmbedContent)$/u;

/** Runs until that many calls are under way, then stops the run; gives the virtual time that it went on. */
async function stopAt(calls: number, strategy: "individual" | "batch", count: number) {
  const batching = { strategy, textsPerCall: 1 };
  const docs = await docsSite(pages(count), {
    embedding: { provider: "gemini", dimensions: 128 },
    batching,
  });
  const { clock, emulator } = await geminiHarness();
  emulator.addFault({ name: "hang", text: "Page 0" });
  const controller = new AbortController();
  const send = heldFetch(clock);
  let begun = 0;
  let stoppedAt = 0;
  const fetch: typeof globalThis.fetch = (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (CALL.test(url)) begun += 1;
    if (begun === calls && !controller.signal.aborted) {
      stoppedAt = clock.now();
      controller.abort();
    }
    const isCreate = url.endsWith(":asyncBatchEmbedContent");
    return isCreate ? noAnswer(init?.signal) : send(input, init);
  };
  const options = { config: docs.config, clock, signal: controller.signal };
  const run = indexSite({ ...options, client: clientOf(emulator, clock, { fetch, batching }) });
  await expect(run).rejects.toMatchObject({ code: "INTERRUPTED" });
  const tookMs = clock.now() - stoppedAt;
  const again = () =>
    indexSite({ config: docs.config, clock, client: clientOf(emulator, clock, { batching }) });
  return { docs, emulator, tookMs, again };
}

/** The answer of a server that never answers. */
const noAnswer = (signal: AbortSignal | null | undefined): Promise<Response> =>
  new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(new Error("aborted")));
  });

test("a stopped run keeps the answers that come within seconds, and gives up the others", async () => {
  const { docs, tookMs } = await stopAt(3, "individual", 3);
  expect(tookMs).toBeLessThan(4_000);
  expect(await cacheStats({ config: docs.config })).toMatchObject([{ entries: 2 }]);
});

test("a stopped run gives up a job's creation, which the next run looks for", async () => {
  const { docs, emulator, tookMs, again } = await stopAt(1, "batch", 12);
  expect(tookMs).toBeLessThan(4_000);
  expect(await listJobs({ config: docs.config })).toMatchObject([{ name: null }]);
  expect(await again()).toMatchObject({ failures: [], chunks: { pending: 0 } });
  expect(emulator.jobs).toHaveLength(1);
});
