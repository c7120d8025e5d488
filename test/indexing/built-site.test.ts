import { rmSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { indexSite } from "../../src/indexing/index-site.ts";
import { planSite } from "../../src/indexing/plan-site.ts";
import { configSchema } from "../../src/providers/load-config.ts";
import { MockGeminiClient } from "../../src/providers/mock/mock-gemini-client.ts";
import { related } from "../../src/searching/related.ts";
import { search } from "../../src/searching/search.ts";
import type { SiteragConfig } from "../../src/config/schema.ts";
import type { Progress } from "../../src/words/types.ts";
import { MARKUPS } from "../html/markups.ts";
import { rowsOf } from "../support/docs-site.ts";
import { NOTHING, remainsIn } from "../support/store-remains.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const page = (title: string, text: string, head = ""): string =>
  `<!doctype html><html lang="en"><head><title>${title} | Site</title>${head}<script src="/app.A1.js"></script></head>` +
  `<body><nav><a href="/">Menu</a></nav><main><h1 id="top">${title}</h1><p>${text}</p></main></body></html>`;

/** A built site in a folder `dist` that is removed when the test ends. */
async function builtSite(
  files: Readonly<Record<string, string>>,
  content: SiteragConfig["content"] = {},
) {
  const folder = await temporaryFolder();
  const site = join(folder, "dist");
  const write = async (path: string, html: string): Promise<void> => {
    await mkdir(dirname(join(site, path)), { recursive: true });
    await writeFile(join(site, path), html);
  };
  for (const [path, html] of Object.entries(files)) await write(path, html);
  const config = configSchema.parse({
    content: { from: "html", site, ...content },
    embedding: { provider: "mock" },
    store: { uri: join(folder, "db") },
  });
  const remove = (path: string): Promise<void> => rm(join(site, path));
  return { config, folder, remove, site, write };
}

const PAGES = {
  "index.html": page("Home", "Welcome to the garden."),
  "guide/water/index.html": page("Water", "Water the tomatoes in the morning."),
  "guide/prune.html": page("Prune", "Prune the roses in spring."),
};

/** Removes files once the site is scanned: whoever parses one reads it again, and fails. */
const onceScanned =
  (site: string, paths: readonly string[]) =>
  ({ done, phase }: Progress): void => {
    if (phase !== "read" || done === 0) return;
    for (const path of paths) rmSync(join(site, path), { force: true });
  };

const pagesIn = async (config: Parameters<typeof rowsOf>[0]): Promise<string[]> =>
  [...(await rowsOf(config)).values()].map((row) => row.page).toSorted();

describe("indexing a built site", () => {
  it("finds each page at its address, without lines", async () => {
    const { config } = await builtSite(PAGES);
    const report = await indexSite({ config });
    expect(report).toMatchObject({ pages: 3, chunks: { total: 3, added: 3 }, warnings: [] });
    const { hits } = await search({ config, query: "tomatoes", mode: "text" });
    expect(hits[0]).toMatchObject({ page: "guide/water/index.html", title: "Water" });
    expect(hits[0]?.url).toMatch(/^\/guide\/water\/(?:#top)?$/);
  });

  it("parses nothing, writes nothing and sends nothing while nothing that counts has changed", async () => {
    const { config, folder, site, write } = await builtSite({
      ...PAGES,
      "old.html": page("Old", "Moved.", '<meta http-equiv="refresh" content="0; url=/">'),
      "empty.html": "<main></main>",
    });
    await indexSite({ config });
    const before = await readdir(join(folder, "db"), { recursive: true });
    for (const [path, html] of Object.entries(PAGES)) {
      await write(path, html.replace("app.A1.js", "app.B2.js").replace("Menu", "Longer menu"));
    }
    const client = new MockGeminiClient();
    const onProgress = onceScanned(site, [...Object.keys(PAGES), "old.html", "empty.html"]);
    const report = await indexSite({ config, client, onProgress });
    expect(report).toMatchObject({ pages: 3, chunks: { reused: 3, added: 0, deleted: 0 } });
    expect(report.failures).toEqual([]);
    expect([...client.calls, ...client.jobs]).toEqual([]);
    expect(await readdir(join(folder, "db"), { recursive: true })).toEqual(before);
  });

  it("parses and embeds a changed page alone", async () => {
    const { config, site, write } = await builtSite(PAGES);
    await indexSite({ config });
    await write("guide/prune.html", page("Prune", "Prune the roses in autumn."));
    const client = new MockGeminiClient();
    const onProgress = onceScanned(site, ["index.html", "guide/water/index.html"]);
    const report = await indexSite({ config, client, onProgress });
    expect(report).toMatchObject({ failures: [], chunks: { added: 1 } });
    expect([...client.calls, ...client.jobs].flat()).toHaveLength(1);
  });

  it("keeps the rows of a page that is gone before it is parsed, and reports it", async () => {
    const { config, site, write } = await builtSite(PAGES);
    await indexSite({ config });
    await write("guide/prune.html", page("Prune", "Prune the roses in autumn."));
    const report = await indexSite({ config, onProgress: onceScanned(site, ["guide/prune.html"]) });
    expect(report.failures).toEqual([expect.stringMatching(/^guide\/prune\.html cannot be read/)]);
    expect(await pagesIn(config)).toEqual(Object.keys(PAGES).toSorted());
  });

  it.each(Object.entries(MARKUPS))(
    "finds the text of %s, and no words beside it",
    async (_name, markup) => {
      const { config } = await builtSite({ "index.html": markup.html });
      await indexSite({ config });
      const texts = [...(await rowsOf(config)).values()].map(({ text }) => text).join("\n");
      expect(texts).toContain("goodText");
      expect(texts).not.toMatch(/bad[A-Z]/);
    },
  );

  it("leaves out what is no page, and says how many files", async () => {
    const { config } = await builtSite({
      ...PAGES,
      "404.html": page("Not found", "Nothing here."),
      "tags.html": page("Tags", "All.", '<meta name="robots" content="noindex">'),
      "home.html": PAGES["index.html"],
    });
    const lines: string[] = [];
    const logger = {
      info: (line: string) => lines.push(line),
      warn: (line: string) => lines.push(line),
    };
    expect((await indexSite({ config, logger })).pages).toBe(3);
    expect(await pagesIn(config)).toEqual([
      "guide/prune.html",
      "guide/water/index.html",
      "home.html",
    ]);
    expect(lines).toContain("Left out 3 files of the built site: 1 not found, 1 copy, 1 noindex.");
  });

  it("takes the base of a site from its canonical addresses", async () => {
    const canonical = (path: string) =>
      `<link rel="canonical" href="https://example.org/docs/${path}">`;
    const { config } = await builtSite({
      "a/index.html": page("A", "Text a.", canonical("a/")),
      "b/index.html": page("B", "Text b.", canonical("b/")),
    });
    await indexSite({ config });
    const { hits } = await search({ config, query: "text", mode: "text" });
    expect(hits.map(({ url }) => url.replace(/#.*/, "")).toSorted()).toEqual([
      "/docs/a/",
      "/docs/b/",
    ]);
  });

  it("warns of two pages with one address", async () => {
    const files = { "a.html": page("A", "One."), "a/index.html": page("A", "Two.") };
    const clean = { "b/index.html": page("B", "B.", '<link rel="canonical" href="/b">') };
    const { config } = await builtSite({ ...files, ...clean }, { urlStyle: "clean" });
    expect((await indexSite({ config })).warnings).toEqual([
      expect.stringMatching(/^a\/index\.html: has the same URL as a\.html \(\/a\)/),
    ]);
  });

  it("warns of a site without pages", async () => {
    const { config } = await builtSite({ "app.js": "" });
    expect((await indexSite({ config })).warnings).toEqual([
      expect.stringMatching(/^No pages found in .*dist: check that it holds the built site/),
    ]);
  });
});

describe("what must not be found", () => {
  const CANARY = "xylocanary";

  it("is in no file of the store and in no call: drafts and what is hidden", async () => {
    const hidden =
      `<!-- ${CANARY} --><p hidden>${CANARY}</p><template>${CANARY}</template>` +
      `<p style="display:none">${CANARY}</p><p aria-hidden="true">${CANARY}</p>` +
      `<script>"${CANARY}"</script><p data-pagefind-ignore>${CANARY}</p>`;
    const { config } = await builtSite({
      ...PAGES,
      "hidden.html": page("Hidden", `Seen. ${hidden}`),
      "draft.html": page("Draft", CANARY, '<meta name="robots" content="noindex">'),
    });
    const client = new MockGeminiClient();
    await indexSite({ config, client });
    expect([...client.calls, ...client.jobs].flat().join()).toContain("Seen.");
    expect([...client.calls, ...client.jobs].flat().join()).not.toContain(CANARY);
    expect(await remainsIn(config.store.uri, CANARY)).toEqual(NOTHING);
  });

  it.each([
    [
      "whose file is gone",
      (site: Awaited<ReturnType<typeof builtSite>>) => site.remove("gone.html"),
    ],
    [
      "that says noindex",
      (site: Awaited<ReturnType<typeof builtSite>>) =>
        site.write("gone.html", page("Gone", CANARY, '<meta name="robots" content="noindex">')),
    ],
    [
      "that has no words any more",
      (site: Awaited<ReturnType<typeof builtSite>>) => site.write("gone.html", "<main></main>"),
    ],
  ])("leaves the disk: the text of a page %s", async (_what, change) => {
    const others = Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [`p${at}.html`, page(`P${at}`, `Text ${at}.`)]),
    );
    const site = await builtSite({ ...others, "gone.html": page("Gone", CANARY) });
    await indexSite({ config: site.config });
    expect((await remainsIn(site.config.store.uri, CANARY)).withWord).not.toEqual([]);
    await change(site);
    const report = await indexSite({ config: site.config });
    expect(report).toMatchObject({ pages: 40, chunks: { deleted: 1 } });
    expect(await remainsIn(site.config.store.uri, CANARY)).toEqual(NOTHING);
  });
});

describe("a page of a built site is known", () => {
  it.each([
    ["its path below the site", (_site: string) => "guide/water/index.html"],
    ["its path with the folder of the site", (_site: string) => "dist/guide/water/index.html"],
    ["its absolute path", (site: string) => join(site, "guide/water/index.html")],
    ["its address", (_site: string) => "/guide/water/"],
  ])("by %s", async (_what, nameIn) => {
    const { config, site } = await builtSite(PAGES);
    await indexSite({ config });
    const found = await related({ config, page: nameIn(site) });
    expect(found.map(({ url }) => url.replace(/#.*/, "")).toSorted()).toEqual([
      "/",
      "/guide/prune.html",
    ]);
  });

  it("by its path in a list of pages to update", async () => {
    const { config, write } = await builtSite(PAGES);
    await indexSite({ config });
    await write("index.html", page("Home", "Another welcome."));
    await write("guide/prune.html", page("Prune", "Prune in autumn."));
    const report = await indexSite({ config, only: ["dist/guide/prune.html"] });
    expect(report).toMatchObject({ pages: 3, chunks: { added: 1, total: 3 } });
    await expect(planSite({ config, only: ["nowhere.html"] })).rejects.toMatchObject({
      code: "PAGE_UNKNOWN",
    });
  });
});
