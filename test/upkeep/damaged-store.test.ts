import { cp } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ResolvedConfig } from "../../src/config/schema.ts";
import { indexSite } from "../../src/indexing/index-site.ts";
import { answerQueries } from "../../src/searching/answers.ts";
import { clearCache, pruneCache } from "../../src/upkeep/cache.ts";
import { cancelJob, collectJobs } from "../../src/upkeep/jobs.ts";
import type { Logger } from "../../src/words/types.ts";
import { DAMAGES } from "../support/damage-table.ts";
import { docsSite } from "../support/docs-site.ts";

interface Options {
  readonly config: ResolvedConfig;
  readonly logger: Logger;
}

const WRITERS: Readonly<Record<string, (options: Options) => Promise<unknown>>> = {
  index: indexSite,
  collect: collectJobs,
  cancel: (options) => cancelJob({ ...options, name: "none", forget: true }),
  prune: pruneCache,
  clear: clearCache,
  answers: (options) => answerQueries({ ...options, queries: ["page"] }),
};

test("all that open a damaged store for writing say once what they dropped", async () => {
  const site = await docsSite({ "a.md": "# A\n\nText.\n" });
  await indexSite({ config: site.config });
  await DAMAGES["has a cut manifest"](site.config.store.uri, "pages");
  for (const [name, run] of Object.entries(WRITERS)) {
    const uri = join(site.folder, name);
    await cp(site.config.store.uri, uri, { recursive: true });
    const warnings: string[] = [];
    const logger = { info: () => undefined, warn: (line: string) => void warnings.push(line) };
    const config = { ...site.config, store: { ...site.config.store, uri } };
    await Promise.allSettled([run({ config, logger })]);
    expect(warnings, name).toEqual([
      "Tables of the store were missing, damaged or of another version: pages. `siterag index` rebuilds pages at no cost.",
    ]);
  }
});
