import { hostname } from "node:os";
import { join } from "node:path";
import { mkdir, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type { ResolvedConfig } from "../../src/config/schema.ts";
import { indexSite } from "../../src/indexing/index-site.ts";
import { answerQueries } from "../../src/searching/answers.ts";
import { clearCache, pruneCache } from "../../src/upkeep/cache.ts";
import { cancelJob, collectJobs } from "../../src/upkeep/jobs.ts";
import { createVirtualClock, type VirtualClock } from "../../src/words/virtual-clock.ts";
import type { Logger } from "../../src/words/types.ts";
import { docsSite } from "../support/docs-site.ts";

interface Given {
  readonly config: ResolvedConfig;
  readonly clock: VirtualClock;
  readonly logger: Logger;
}

/** What some work tells as a wait while another process writes to its store. */
async function waitsOf(config: ResolvedConfig, work: (given: Given) => Promise<unknown>) {
  await mkdir(config.store.uri, { recursive: true });
  const holder = { token: "theirs", pid: process.ppid, host: hostname(), since: "" };
  await writeFile(join(config.store.uri, "writer.lock"), JSON.stringify(holder));
  const waits: string[] = [];
  const logger: Logger = {
    info: () => undefined,
    warn: () => undefined,
    wait: (line) => waits.push(line),
  };
  const clock = createVirtualClock(Date.now());
  await expect(work({ config, clock, logger })).rejects.toMatchObject({ code: "STORE_LOCKED" });
  return waits;
}

const told = [expect.stringContaining("to finish writing")];

test.each<[string, (given: Given) => Promise<unknown>]>([
  ["an index run", indexSite],
  ["collecting jobs", collectJobs],
  ["cancelling a job", (given) => cancelJob({ ...given, name: "batches/1" })],
  ["pruning the cache", pruneCache],
  ["clearing the cache", clearCache],
])("%s tells for whom it waits, as a wait", async (_, work) => {
  const { config } = await docsSite({ "a.md": "# A\n\nText.\n" });
  expect(await waitsOf(config, work)).toEqual(told);
});

test("answering a build's queries tells for whom it waits, as a wait", async () => {
  const { config } = await docsSite({ "a.md": "# A\n\nText.\n" });
  await indexSite({ config });
  const answer = (given: Given) => answerQueries({ ...given, queries: ["winter"] });
  expect(await waitsOf(config, answer)).toEqual(told);
});
