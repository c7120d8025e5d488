import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { indexSite } from "../../src/indexing/index-site.ts";
import { search } from "../../src/searching/search.ts";
import { clearCache } from "../../src/upkeep/cache.ts";
import { MockGeminiClient } from "../../src/providers/mock/mock-gemini-client.ts";
import { DAMAGES } from "../support/damage-table.ts";
import { docsSite } from "../support/docs-site.ts";

const PAGES = { "a.md": "# A\n\nThe first.\n", "b.md": "# B\n\nThe second.\n" };
const MISSING = {
  "is missing": (folder: string, table: string) =>
    rm(join(folder, `${table}.lance`), { recursive: true }),
};
const LOSSES = Object.entries({ ...DAMAGES, ...MISSING });

/** What reaches a user must not come from Rust, its libraries or a schema. */
const FOREIGN = /LanceError|lance error|panic|\.rs\b|cargo|ZodError|SyntaxError/u;

/** A site with an index, whose store is copied and damaged. */
async function damagedSite(
  table: string,
  damage: (folder: string, table: string) => Promise<void>,
) {
  const site = await docsSite(PAGES);
  await indexSite({ config: site.config });
  await damage(site.config.store.uri, table);
  const run = async () => {
    const client = new MockGeminiClient();
    const report = await indexSite({ config: site.config, client });
    return { ...report, sent: [...client.calls, ...client.jobs].flat().length };
  };
  const find = async () => {
    const { hits } = await search({
      config: site.config,
      query: "second",
      client: new MockGeminiClient(),
    });
    return hits.map(({ page }) => page);
  };
  return { ...site, run, find };
}

test.for(
  LOSSES.flatMap(([what, damage]) =>
    ["chunks", "pages", "meta"].map((table) => [table, what, damage] as const),
  ),
)(
  "when the table %s %s, a run rebuilds the index without a call and warns once",
  async ([table, , damage]) => {
    const { run, find } = await damagedSite(table, damage);
    expect(String(await find().catch(String))).not.toMatch(FOREIGN);
    const { chunks, sent, warnings, failures } = await run();
    expect({ sent, failures, total: chunks.total }).toEqual({ sent: 0, failures: [], total: 2 });
    expect(warnings).toEqual([expect.stringContaining(`another version: ${table}.`)]);
    expect(await find()).toContain("b.md");
    expect((await run()).warnings).toEqual([]);
  },
);

const VECTORS = "vectors_mock_mock-embedding_768";

test.for(Object.entries(DAMAGES))(
  "when the table of vectors %s, runs stop until the user gives the vectors up",
  async ([, damage]) => {
    const { config, run, find, write } = await damagedSite(VECTORS, damage);
    await write("c.md", "# C\n\nThe third.\n");
    await expect(run()).rejects.toThrow(
      /^The table vectors_.* run `siterag cache clear --damaged`\.$/u,
    );
    expect(await find()).toContain("b.md");
    expect(await clearCache({ config, damaged: true })).toEqual({ removed: 0 });
    expect(await run()).toMatchObject({ sent: 1, chunks: { total: 3, pending: 0 }, warnings: [] });
  },
);
