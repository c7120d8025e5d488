import { mkdtempSync } from "node:fs";
import { cp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { satteri } from "../../src/chunking/satteri.ts";
import { CHUNKER_VERSION, PARSERS } from "../../src/chunking/version.ts";
import type { ResolvedConfig } from "../../src/config/schema.ts";
import { readPages } from "../support/read-pages.ts";
import { indexSite } from "../../src/indexing/index-site.ts";
import { planSite } from "../../src/indexing/plan-site.ts";
import { pageKey } from "../../src/planning/fingerprint.ts";
import { MockGeminiClient } from "../../src/providers/mock/mock-gemini-client.ts";
import { mockProfile } from "../../src/providers/mock/mock-profile.ts";
import { related } from "../../src/searching/related.ts";
import { search } from "../../src/searching/search.ts";
import { Meta } from "../../src/store/meta.ts";
import { withWriter } from "../../src/store/open-store.ts";
import { readStatus } from "../../src/upkeep/status.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import { docsSite, rowsOf } from "../support/docs-site.ts";
import { changeInputs, takePositions } from "../support/other-version.ts";

const PAGES = {
  "a.md": "# Apples\n\nApples [grow](https://example.org/a) on trees.\n",
  "b.md": "# Bread\n\nBread is *baked*.\n",
  "c.md": "# Cheese\n\nCheese is `made` of milk.\n",
};

const free = mockProfile({ callMs: 0, jobMs: 0 });
const PAID = { ...free, individual: { ...free.individual, usdPerMillionTokens: 1000 } };
const paidClient = () => new MockGeminiClient({ profile: PAID });

/** Holds the store of `PAGES`, which is built once. */
const builtStore = mkdtempSync(join(tmpdir(), "siterag-built-"));
afterAll(() => rm(builtStore, { recursive: true }));

/** A site that this version of siterag has indexed. */
async function indexedSite() {
  const site = await docsSite(PAGES);
  const { uri } = site.config.store;
  if ((await readdir(builtStore)).length === 0) {
    await indexSite({ config: site.config });
    await cp(uri, builtStore, { recursive: true });
  }
  await cp(builtStore, uri, { recursive: true });
  return site;
}

/** A site whose index another version built. */
async function updatedSite(hasPositions = true) {
  const site = await indexedSite();
  await changeInputs(site.config.store);
  if (!hasPositions) await takePositions(site.config.store);
  return site;
}

describe.each([
  ["makes other embedding inputs", true],
  ["gives chunks positions too", false],
])("the first run after an update that %s", (_, hasPositions) => {
  it("says what they cost before it sends anything, as a dry run does, and no later run does", async () => {
    const { config } = await updatedSite(hasPositions);
    const client = paidClient();
    const planned = await planSite({ config, client });
    const sentBefore: number[] = [];
    const warn = (): number => sentBefore.push(client.calls.length);
    const first = await indexSite({ config, client, logger: { info: () => undefined, warn } });
    expect(sentBefore).toEqual([0]);
    expect(first.warnings).toEqual([
      expect.stringMatching(
        /^3 of 3 texts to embed have a new embedding input, because another version of siterag built the index: for about \$0\.0\d+\. /,
      ),
    ]);
    expect(client.calls.flat()).toContain("Apples\n\nApples grow on trees.");
    expect(planned.warnings).toEqual(first.warnings);
    expect(first.chunks).toMatchObject(planned.chunks);
    const second = await indexSite({ config, client });
    expect(second).toMatchObject({ warnings: [], plan: { resolved: "none" } });
  });

  it("keeps old vectors in use until the budget allows the new ones", async () => {
    const site = await updatedSite(hasPositions);
    const before = await rowsOf(site.config);
    const config = site.withConfig({ budget: { maxRequests: 2 } });
    const client = new MockGeminiClient();
    const { chunks } = await indexSite({ config, client });
    expect(client.calls.flat()).toHaveLength(2);
    expect(chunks.pending).toBe(1);
    const old = [...(await rowsOf(config)).values()].filter(
      (row) => row.vectorFingerprint !== row.fingerprint,
    );
    expect(old.map(({ vector, vectorFingerprint }) => ({ vector, vectorFingerprint }))).toEqual(
      old.map(({ id }) => ({
        vector: before.get(id)?.vector,
        vectorFingerprint: before.get(id)?.fingerprint,
      })),
    );
    expect(old).toHaveLength(1);
    const { hits } = await search({ config, query: "cheese of milk", mode: "vector" });
    expect(hits.map(({ page }) => page).toSorted()).toEqual(["a.md", "b.md", "c.md"]);
    await indexSite({ config, client });
    expect(client.calls.flat()).toHaveLength(3);
    for (const row of (await rowsOf(config)).values())
      expect(row.vectorFingerprint).toBe(row.fingerprint);
  });
});

it("texts of new pages do not count as re-embedded", async () => {
  const site = await updatedSite();
  await site.write("d.md", "# Dates\n\nDates are sweet.\n");
  const { warnings } = await planSite({ config: site.config });
  expect(warnings).toEqual([expect.stringContaining("3 of 4 texts")]);
});

/** Every file of a store with its size and time. */
async function filesOf({ store }: ResolvedConfig): Promise<string[]> {
  const names = (await readdir(store.uri, { recursive: true })).sort();
  return Array.fromAsync(names, async (name) => {
    const { mtimeMs, size } = await stat(join(store.uri, name));
    return `${name} ${size} ${mtimeMs}`;
  });
}

describe("an index without positions", () => {
  it("asks searches for the first run, which alone changes it, and is read otherwise", async () => {
    const site = await updatedSite(false);
    const { config } = site;
    const before = await filesOf(config);
    const query = "bread baked";
    for (const mode of ["text", "vector", "hybrid"] as const)
      await expect(search({ config, query, mode })).rejects.toMatchObject({
        code: "INDEX_MISSING",
        message: expect.stringContaining("`siterag index`"),
      });
    expect(await related({ config, page: "a.md" })).toHaveLength(2);
    expect(await readStatus({ config })).toMatchObject({
      index: { pages: 3, chunks: 3, pending: 0 },
    });
    await planSite({ config });
    expect(await filesOf(config)).toEqual(before);
  });
});

it.each(["publish", "setSchemaVersion"] as const)(
  "a dry run still knows the chunks after a first run that died in %s",
  async (step) => {
    const { config } = await updatedSite(false);
    const planned = await planSite({ config });
    vi.spyOn(Meta.prototype, step).mockRejectedValueOnce(new Error("The process died."));
    await expect(indexSite({ config })).rejects.toThrow("died");
    expect(await planSite({ config })).toEqual(planned);
    expect(planned.chunks).toMatchObject({ added: 3, deleted: 0 });
  },
);

describe("no other version is named", () => {
  it("after an edit", async () => {
    const site = await indexedSite();
    await site.write("a.md", "# Apples\n\nThey [grow](https://example.org/b) in gardens.\n");
    expect(await indexSite({ config: site.config })).toMatchObject({ warnings: [] });
  });

  it("after a change of the model", async () => {
    const { config } = await indexedSite();
    const client = new MockGeminiClient({ model: "another" });
    const report = await indexSite({ config, client });
    expect(report).toMatchObject({ warnings: [], usage: { texts: 3 } });
  });
});

/** Writes the page keys that a version with these parsers would have written. */
async function writeKeys(config: ResolvedConfig, parsers: string): Promise<void> {
  const { space } = new MockGeminiClient();
  const quiet = { warn() {}, warnOfAll() {}, tell() {}, fail() {} };
  const pages = await Array.fromAsync(readPages(config.content, quiet));
  const settings = { ...config.chunking, space, chunkerVersion: CHUNKER_VERSION, parsers };
  const records = pages.map((page) => ({
    page: page.id,
    key: pageKey(page, settings),
    chunks: 1,
    corrections: null,
    verdict: null,
  }));
  const target = { target: config.store, space, clock: createVirtualClock() };
  await withWriter(target, (store) => store.pages.write(records, []));
}

it("pages are parsed again by other parsers, and by no others", async () => {
  const { config } = await indexedSite();
  const parser = vi.spyOn(satteri, "parser");
  onTestFinished(() => parser.mockRestore());
  await writeKeys(config, PARSERS);
  await indexSite({ config });
  expect(parser).not.toHaveBeenCalled();
  await writeKeys(config, `another one, ${PARSERS}`);
  await indexSite({ config });
  expect(parser).toHaveBeenCalled();
});

it("a link that moves needs no embedding", async () => {
  const site = await indexedSite();
  await site.write("a.md", PAGES["a.md"].replace("example.org/a", "example.org/moved"));
  const client = new MockGeminiClient();
  await indexSite({ config: site.config, client });
  expect([client.calls, client.jobs]).toEqual([[], []]);
  expect((await rowsOf(site.config)).get("a.md")?.text).toContain("example.org/moved");
});
