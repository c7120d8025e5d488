import { cp, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { satteri } from "../../src/chunking/satteri.ts";
import { clearCache } from "../../src/upkeep/cache.ts";
import type { EmbeddingClient } from "../../src/embedding/client.ts";
import { SiteragError } from "../../src/words/errors.ts";
import { MockGeminiClient } from "../../src/providers/mock/mock-gemini-client.ts";
import { indexSite } from "../../src/indexing/index-site.ts";
import { search } from "../../src/searching/search.ts";
import type { Progress } from "../../src/words/types.ts";
import { docsSite, rowsOf } from "../support/docs-site.ts";

const filler = (word: string): string => `${word} is explained here at length. `.repeat(40);

/** Two sections that do not fit one chunk together. */
const GUIDE = `# Guide\n\n## Install\n\n${filler("Installing")}\n\n## Upgrade\n\n${filler("Upgrading")}\n`;
const PAGES = { "guide.md": GUIDE, "about.md": "# About\n\nWho made this.\n" };

const sentBy = (client: MockGeminiClient): readonly string[] =>
  [...client.calls, ...client.jobs].flat();

async function versionsOf(folder: string): Promise<string[]> {
  const entries = await readdir(join(folder, "db"), { recursive: true });
  return entries.filter((name) => name.includes(".lance")).sort();
}

describe("indexing a site", () => {
  it("indexes every chunk, each with a vector of its own", async () => {
    const site = await docsSite(PAGES);
    const report = await indexSite({ config: site.config });
    const rows = await rowsOf(site.config);
    expect(report.pages).toBe(2);
    expect(report.chunks).toMatchObject({ total: rows.size, added: rows.size, pending: 0 });
    expect([...rows.keys()]).toContain("guide.md#install");
    for (const row of rows.values()) {
      expect(row.vectorFingerprint).toBe(row.fingerprint);
      expect(row.vector).toHaveLength(768);
    }
  });

  it("makes no call, parses no page and writes no row when nothing has changed", async () => {
    const site = await docsSite(PAGES);
    await indexSite({ config: site.config });
    const before = await versionsOf(site.folder);
    const client = new MockGeminiClient();
    const report = await indexSite({ config: site.config, client });
    expect(sentBy(client)).toEqual([]);
    expect(report.plan.resolved).toBe("none");
    expect(report.chunks).toMatchObject({ added: 0, deleted: 0, reused: report.chunks.total });
    expect(await versionsOf(site.folder)).toEqual(before);
  });

  it("embeds the changed chunks of an edited page alone", async () => {
    const site = await docsSite(PAGES);
    await indexSite({ config: site.config });
    const before = await rowsOf(site.config);
    await site.write("guide.md", GUIDE.replaceAll("Upgrading", "Updating"));
    const client = new MockGeminiClient();
    const report = await indexSite({ config: site.config, client });
    const after = await rowsOf(site.config);
    expect(sentBy(client)).toHaveLength(1);
    expect(report.chunks.added).toBe(1);
    const changed = [...after.values()].filter(
      (row) => before.get(row.id)?.fingerprint !== row.fingerprint,
    );
    expect(changed.map((row) => row.id)).toEqual(["guide.md#upgrade"]);
  });

  it("leaves no row of a deleted page", async () => {
    const site = await docsSite(PAGES);
    await indexSite({ config: site.config });
    await site.remove("guide.md");
    const report = await indexSite({ config: site.config });
    const rows = await rowsOf(site.config);
    expect([...rows.values()].map((row) => row.page)).toEqual(["about.md"]);
    expect(report.chunks.deleted).toBeGreaterThan(0);
  });

  it("pays nothing for a page that moves, or that comes back", async () => {
    const site = await docsSite(PAGES);
    await indexSite({ config: site.config });
    const client = new MockGeminiClient();
    await site.remove("guide.md");
    await site.write("manual/guide.md", GUIDE);
    const moved = await indexSite({ config: site.config, client });
    expect(moved.chunks.moved).toBe(moved.chunks.total - 1);
    await site.remove("manual/guide.md");
    await indexSite({ config: site.config, client });
    await site.write("guide.md", GUIDE);
    const back = await indexSite({ config: site.config, client });
    expect(back.usage.cacheHits).toBe(back.chunks.added);
    expect(sentBy(client)).toEqual([]);
  });

  it("sends equal texts once", async () => {
    const text = "# Same\n\nThe very same page.\n";
    const site = await docsSite({ "one.md": text, "two.md": text });
    const client = new MockGeminiClient();
    await indexSite({ config: site.config, client });
    expect(sentBy(client)).toHaveLength(1);
    expect((await rowsOf(site.config)).size).toBe(2);
  });

  it.each([
    ["another model", { model: "another" }],
    ["other dimensions", { dimensions: 64 }],
  ])("embeds everything again with %s on the same store", async (_what, options) => {
    const site = await docsSite(PAGES);
    const first = await indexSite({ config: site.config });
    const client = new MockGeminiClient(options);
    const second = await indexSite({ config: site.config, client });
    expect(second.usage.texts).toBe(first.usage.texts);
    const rows = await rowsOf(site.config);
    for (const row of rows.values()) {
      expect(row.vector).toHaveLength(client.space.dimensions);
      expect(row.vectorFingerprint).toBe(row.fingerprint);
    }
    const back = new MockGeminiClient();
    await indexSite({ config: site.config, client: back });
    expect(sentBy(back)).toEqual([]);
    expect((await rowsOf(site.config)).size).toBe(rows.size);
  });

  it("keeps the indexes of one store apart, and shares their cache", async () => {
    const site = await docsSite(PAGES);
    await indexSite({ config: site.config });
    const branch = site.withConfig({ store: { index: "branch" } });
    const client = new MockGeminiClient();
    await indexSite({ config: branch, client });
    expect(sentBy(client)).toEqual([]);
    await site.remove("about.md");
    await indexSite({ config: branch });
    expect([...(await rowsOf(site.config)).keys()]).toContain("about.md");
    expect([...(await rowsOf(branch)).keys()]).not.toContain("about.md");
  });
});

describe("when something fails", () => {
  it("reports a failed chunk by page and heading and keeps it findable by text", async () => {
    const site = await docsSite(PAGES, { batching: { textsPerCall: 1 } });
    const client = new MockGeminiClient({ failOn: (text) => text.includes("Upgrading") });
    const report = await indexSite({ config: site.config, client });
    expect(report.chunks).toMatchObject({ pending: 1, failed: 1 });
    expect(report.failures).toEqual([expect.stringMatching(/guide\.md.*“Upgrade”/)]);
    const answer = await search({ config: site.config, query: "upgrading", mode: "text" });
    expect(answer.hits[0]?.page).toBe("guide.md");
  });

  it("embeds what is still pending in the next run, and that alone", async () => {
    const site = await docsSite(PAGES, { batching: { textsPerCall: 1 } });
    const failing = new MockGeminiClient({ failOn: (text) => text.includes("Upgrading") });
    await indexSite({ config: site.config, client: failing });
    const client = new MockGeminiClient();
    const report = await indexSite({ config: site.config, client });
    expect(sentBy(client)).toHaveLength(1);
    expect(report.chunks).toMatchObject({ pending: 0, failed: 0, added: 0 });
  });

  it("keeps the old vector of an edited chunk in service while the new one fails", async () => {
    const site = await docsSite(PAGES);
    await indexSite({ config: site.config });
    const before = (await rowsOf(site.config)).get("guide.md#upgrade");
    await site.write("guide.md", GUIDE.replaceAll("Upgrading", "Updating"));
    const client = new MockGeminiClient({ failOn: () => true });
    await indexSite({ config: site.config, client });
    const after = (await rowsOf(site.config)).get("guide.md#upgrade");
    expect(after?.text).toContain("Updating");
    expect(after?.vectorFingerprint).toBe(before?.fingerprint);
    expect(after?.vector).toEqual(before?.vector);
  });

  it("keeps no old vector of another model in service", async () => {
    const site = await docsSite(PAGES);
    await indexSite({ config: site.config });
    const client = new MockGeminiClient({ model: "another", failOn: () => true });
    await indexSite({ config: site.config, client });
    for (const row of (await rowsOf(site.config)).values()) {
      expect(row.vector).toBeNull();
      expect(row.vectorFingerprint).toBeNull();
    }
  });

  it("keeps the rows of a page that cannot be read", async () => {
    const site = await docsSite(PAGES);
    await indexSite({ config: site.config });
    const before = await rowsOf(site.config);
    await site.remove("guide.md");
    await symlink(join(site.folder, "nowhere"), join(site.folder, "docs", "guide.md"));
    const report = await indexSite({ config: site.config });
    expect(report.failures).toEqual([expect.stringContaining("guide.md")]);
    expect(await rowsOf(site.config)).toEqual(before);
  });

  it("stops sending when interrupted, commits what is under way and pays for it no more", async () => {
    const site = await docsSite(PAGES, { batching: { textsPerCall: 1, maxParallelIndividual: 1 } });
    const controller = new AbortController();
    const onProgress = ({ phase, done }: Progress): void => {
      if (phase === "embed" && done > 0) controller.abort();
    };
    const first = new MockGeminiClient({ batching: { maxParallelIndividual: 1 } });
    const { signal } = controller;
    const run = indexSite({ config: site.config, client: first, signal, onProgress });
    await expect(run).rejects.toMatchObject({ code: "INTERRUPTED", exitCode: 130 });
    expect(first.calls).toHaveLength(1);
    const second = new MockGeminiClient();
    await indexSite({ config: site.config, client: second });
    expect(sentBy(second)).not.toContain(first.calls.flat()[0]);
  });

  it("warns of a site without pages", async () => {
    const site = await docsSite({});
    const report = await indexSite({ config: site.config });
    expect(report.warnings).toEqual([expect.stringContaining("No pages found in")]);
  });

  it("warns once where the fast parser is missing, and makes the same chunks", async () => {
    const [first, second] = [await docsSite(PAGES), await docsSite(PAGES)];
    await indexSite({ config: first.config });
    const spy = vi.spyOn(satteri, "parser").mockReturnValue(null);
    onTestFinished(() => spy.mockRestore());
    const report = await indexSite({ config: second.config });
    expect(report.warnings).toEqual([expect.stringContaining("satteri, the fast parser")]);
    expect(await rowsOf(second.config)).toEqual(await rowsOf(first.config));
    const again = await indexSite({ config: second.config });
    expect(again).toMatchObject({ chunks: { added: 0 }, warnings: [] });
  });

  it("refuses a content root that is not there", async () => {
    const site = await docsSite({});
    const config = { ...site.config, content: { ...site.config.content, root: "/nowhere/docs" } };
    await expect(indexSite({ config })).rejects.toBeInstanceOf(SiteragError);
  });
});

describe("the store over many runs", () => {
  it("keeps vectors in service when the cache is cleared", async () => {
    const site = await docsSite(PAGES);
    await indexSite({ config: site.config });
    await clearCache({ config: site.config });
    await site.write("guide.md", `\n${GUIDE}`);
    const client = new MockGeminiClient();
    await indexSite({ config: site.config, client });
    expect(sentBy(client)).toEqual([]);
    for (const row of (await rowsOf(site.config)).values()) expect(row.vector).not.toBeNull();
  });

  it("works from a copy of the store", async () => {
    const site = await docsSite(PAGES);
    await indexSite({ config: site.config });
    await cp(join(site.folder, "db"), join(site.folder, "copy"), { recursive: true });
    const copy = {
      ...site.config,
      store: { ...site.config.store, uri: join(site.folder, "copy") },
    };
    const client = new MockGeminiClient();
    await indexSite({ config: copy, client });
    expect(sentBy(client)).toEqual([]);
  });
});

it("tells when the rows are written, then the search files, and that rows are merged and indexed next", async () => {
  const { config } = await docsSite({ "a.md": "# A\n\nOne.\n", "b.md": "# B\n\nTwo.\n" });
  const told: Progress[] = [];
  await indexSite({ config, onProgress: (progress) => void told.push(progress) });
  expect(told.slice(-3)).toEqual([
    { phase: "write", done: 2, total: 2 },
    // Texts, the table and terms.
    { phase: "files", done: 3, total: null },
    { phase: "merge", done: 2, total: null },
  ]);
});

describe("a run that dies while it writes", () => {
  const dying = (): ((progress: { phase: string }) => void) => {
    return ({ phase }) => {
      if (phase === "write") throw new Error("out of power");
    };
  };

  it("leaves nothing of itself when its edit is taken back", async () => {
    const site = await docsSite(PAGES);
    await indexSite({ config: site.config });
    const before = await rowsOf(site.config);
    await site.write("guide.md", GUIDE.replaceAll("Upgrading", "Updating"));
    await expect(indexSite({ config: site.config, onProgress: dying() })).rejects.toThrow("power");
    await site.write("guide.md", GUIDE);
    await indexSite({ config: site.config });
    expect(await rowsOf(site.config)).toEqual(before);
  });

  it("leaves nothing of its model when the model is taken back", async () => {
    const site = await docsSite(PAGES);
    await indexSite({ config: site.config });
    const before = await rowsOf(site.config);
    const client = new MockGeminiClient({ model: "another" });
    const run = indexSite({ config: site.config, client, onProgress: dying() });
    await expect(run).rejects.toThrow("power");
    await indexSite({ config: site.config });
    expect(await rowsOf(site.config)).toEqual(before);
  });
});

describe("a client that breaks its promises", () => {
  const calls = {
    calls: 1,
    jobs: 0,
    texts: 1,
    textsRepeated: 0,
    retries: 0,
    tokens: 1,
    inputTokens: 1,
    outputTokens: 0,
    costUsd: 0,
    cacheHits: 0,
  };

  it("gets no vector into the store that is not of unit length", async () => {
    const site = await docsSite(PAGES);
    const client: EmbeddingClient = {
      space: new MockGeminiClient().space,
      profile: new MockGeminiClient().profile,
      embedContent: (requests) => new MockGeminiClient().embedContent(requests),
      embed: (request) => new MockGeminiClient().embed(request),
      async execute(plan, { settle }) {
        const vector = new Float32Array(768).fill(5);
        const result = { status: "ok", vector, route: "individual" } as const;
        await settle(plan.calls.flat().map((item) => ({ item, result })));
        return calls;
      },
    };
    const report = await indexSite({ config: site.config, client });
    expect(report.chunks.failed).toBe(report.chunks.total);
    expect(report.failures[0]).toMatch(/with a length of/u);
  });

  it("leaves no silent gap when it answers nothing", async () => {
    const site = await docsSite(PAGES);
    const client: EmbeddingClient = {
      space: new MockGeminiClient().space,
      profile: new MockGeminiClient().profile,
      embedContent: (requests) => new MockGeminiClient().embedContent(requests),
      embed: (request) => new MockGeminiClient().embed(request),
      execute: () => Promise.resolve(calls),
    };
    const report = await indexSite({ config: site.config, client });
    expect(report.chunks.failed).toBe(report.chunks.total);
    expect(report.failures[0]).toMatch(/no answer came back/u);
  });
});
