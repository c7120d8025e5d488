import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { finishBuild } from "../../src/adapters/finish-build.ts";
import { loadSite } from "../../src/adapters/host-site.ts";
import { NO_RESULTS } from "../../src/adapters/site-results.ts";
import { MockGeminiClient } from "../../src/providers/mock/mock-gemini-client.ts";
import { searchPublished } from "../../src/searching/search-published.ts";
import { folderWith } from "../support/temporary-folder.ts";
import { build, FILES, PAGES, recordingLogger, siteIn } from "./fake-host.ts";

const urlsFor = async (root: string, query: string): Promise<string[]> => {
  const [answer] = await searchPublished({ from: join(root, "dist/siterag"), queries: [query] });
  return answer?.hits.slice(0, 1).map(({ url }) => url) ?? [];
};

describe("when a host has written its pages", () => {
  it("publishes the readers' index beside them, in a few log lines", async () => {
    const root = await folderWith(FILES);
    const { infos, warnings } = await build(root);
    expect(await urlsFor(root, "watering in the morning")).toEqual(["/tomato/#water-them"]);
    expect(warnings).toEqual([]);
    expect(infos).toEqual([
      expect.stringMatching(/^\d texts/u),
      expect.stringMatching(/^indexed 2 pages, \d chunks .* in \d+\.\d s: /u),
      "answers to 1 query: 1 embedded together",
      expect.stringMatching(
        /^published 2 pages \(3 sections\) for readers in dist\/siterag: \d+ kB$/u,
      ),
    ]);
  });

  it("makes no call and writes no row in a second build", async () => {
    const root = await folderWith(FILES);
    const first = await build(root);
    const before = await everyFile(root);
    const client = new MockGeminiClient();
    const second = await build(root, {}, () => PAGES, client);
    expect(client.calls).toEqual([]);
    expect(await everyFile(root)).toEqual(before);
    expect(second.build.results).toEqual(first.build.results);
    expect(second.infos.at(-1)).toBe(first.infos.at(-1));
  });

  it("corrects addresses that the pages prove wrong before readers get them", async () => {
    const root = await folderWith(FILES);
    const other = {
      ...PAGES,
      "tomato/index.html": PAGES["tomato/index.html"]?.replace("water-them", "wet") ?? "",
    };
    const { infos, warnings } = await build(root, {}, () => other);
    expect(await urlsFor(root, "watering in the morning")).toEqual(["/tomato/#wet"]);
    expect(infos.at(-1)).toMatch(/; 1 address corrected$/u);
    expect(warnings).toEqual([]);
  });

  it("says which addresses the pages do not have", async () => {
    const root = await folderWith(FILES);
    const { "garden/index.html": _garden, ...others } = PAGES;
    const { warnings } = await build(root, {}, () => others);
    expect(warnings).toEqual([
      "The index has 1 page that the built site does not have: run `siterag verify` for the details",
    ]);
  });

  it("publishes nothing if the search is off", async () => {
    const root = await folderWith(FILES);
    const { build: begun } = await build(root, { options: { build: { search: "off" } } });
    expect(await readdir(join(root, "dist"))).toEqual(["garden", "tomato"]);
    expect(begun.results.search).toBe("off");
  });

  it("deletes the index of an earlier build if the search is off by now, and no other file", async () => {
    const root = await folderWith(FILES);
    await build(root);
    await writeFile(join(root, "dist/siterag/own.txt"), "A file of the site.");
    const logger = recordingLogger();
    const site = siteIn(root, { logger, options: { build: { search: "off" } } });
    const loaded = await loadSite(site);
    if (loaded === null) throw new Error("siterag is off");
    const work = { ...loaded, client: new MockGeminiClient(), logger };
    await finishBuild(work, { isThere: true, instead: null }, { outDir: join(root, "dist") });
    const left = (await readdir(join(root, "dist/siterag"))).filter(
      (name) => !name.endsWith(".js"),
    );
    expect(left).toEqual(["own.txt"]);
    expect(logger.warnings).toEqual([]);
  });

  it("goes on with a warning if the readers' index cannot be written, or stops if it is strict", async () => {
    const root = await folderWith(FILES);
    const pages = { ...PAGES, siterag: "a file where the folder should be" };
    const { warnings } = await build(root, {}, () => pages);
    expect(warnings).toEqual([
      expect.stringMatching(/^This build has no search for readers: Could not write .*siterag/u),
    ]);
    const strict = build(root, { options: { build: { strict: true } } }, () => pages);
    await expect(strict).rejects.toMatchObject({ code: "STORE_FAILED" });
  });
});

describe("a site that is read from its HTML", () => {
  const files = {
    ...FILES,
    "siterag.config.json": '{ "embedding": { "provider": "mock" }, "content": { "from": "html" } }',
  };
  const found = { content: { site: "dist" } };

  it("is indexed when its pages are written, and has its related pages in the next build", async () => {
    const root = await folderWith(files);
    const first = await build(root, { found });
    expect(first.build.results.pages).toEqual([]);
    expect(first.warnings).toEqual([]);
    expect(first.infos[0]).toMatch(/: the next build has related pages and answers$/u);
    expect(await urlsFor(root, "watering in the morning")).toEqual(["/tomato/#water-them"]);
    const client = new MockGeminiClient();
    // A host lists related pages in a `nav`, which is no text of the page.
    const withRelated = ({ results }: typeof first.build) =>
      Object.fromEntries(
        Object.entries(PAGES).map(([name, html]) => {
          const { related = [] } = results.pages.find(({ page }) => page === name) ?? {};
          const list = `<nav>${related.map(({ title }) => title).join()}</nav>`;
          return [name, html.replace("</main>", `${list}</main>`)];
        }),
      );
    const second = await build(root, { found }, withRelated, client);
    expect(second.build.results.pages.map(({ page, related }) => [page, related.length])).toEqual([
      ["garden/index.html", 1],
      ["tomato/index.html", 1],
    ]);
    expect(client.calls).toEqual([]);
    expect(second.infos[0]).toMatch(/come from the last index$/u);
  });
});

describe("a failure", () => {
  it("to update the index leaves the site with what the store has, with one warning", async () => {
    const root = await folderWith(FILES);
    const first = await build(root);
    await breakIndexing(root);
    const { build: begun, warnings } = await build(root);
    expect(begun.results).toEqual(first.build.results);
    expect(warnings).toEqual([
      expect.stringMatching(/^Indexing failed, so this build has no vectors of new texts: .+/u),
    ]);
    expect(await urlsFor(root, "watering in the morning")).toEqual(["/tomato/#water-them"]);
    const strict = build(root, { options: { build: { strict: true } } });
    await expect(strict).rejects.toMatchObject({ code: "STORE_FAILED" });
  });

  it.each([
    ["deleted", { "docs/tomato.md": null }, {}],
    ["made a draft", { "docs/tomato.md": "---\ndraft: true\n---\n\n# Tomatoes\n" }, {}],
    ["left out", {}, { content: { exclude: ["tomato.md"] } }],
  ])(
    "to update the index brings no page back that was %s, and no text that was edited",
    async (_what, files, options) => {
      const root = await folderWith(FILES);
      await build(root);
      await breakIndexing(root);
      await edit(root, { ...files, "docs/garden/index.md": "# Garden\n\nBeans grow in rows.\n" });
      const { build: begun } = await build(root, { options });
      expect(JSON.stringify(begun.results)).not.toMatch(/tomato\.md|Tomatoes|morning/u);
      expect(begun.results.pages.map(({ page }) => page)).toEqual(["garden/index.md"]);
      expect(begun.results.answers).toMatchObject([{ query: "water tomatoes", hits: [] }]);
      expect(await urlsFor(root, "rows of beans")).toEqual(["/garden/#garden"]);
      const published = [...(await everyFile(join(root, "dist/siterag"))).values()];
      const texts = published.filter((text) => !text.includes("customElements"));
      expect(texts.join("\n")).not.toMatch(/tomato|morning/iu);
    },
  );

  it("to read the site leaves the scripts that its pages name, and no index", async () => {
    const root = await folderWith(FILES);
    await build(root);
    const logger = recordingLogger();
    const loaded = await loadSite(siteIn(root, { logger }));
    if (loaded === null) throw new Error("siterag is off");
    const work = { ...loaded, client: new MockGeminiClient(), logger };
    await finishBuild(work, { isThere: false, instead: null }, { outDir: join(root, "dist") });
    const names = await readdir(join(root, "dist/siterag"));
    expect(names).toContain("search.js");
    expect(names.filter((name) => !name.endsWith(".js"))).toEqual([]);
    expect(logger.warnings).toEqual([]);
  });

  it("of several texts is one warning, and readers find their words; it stops a strict build", async () => {
    const client = () => new MockGeminiClient({ failOn: () => true });
    const root = await folderWith(FILES);
    const { warnings } = await build(root, {}, () => PAGES, client());
    expect(warnings).toEqual([
      expect.stringMatching(
        /^The index has gaps: .*garden\/index.md.*\(and 1 more failure: `siterag index` lists them\)$/u,
      ),
    ]);
    expect(await urlsFor(root, "watering in the morning")).toEqual(["/tomato/#water-them"]);
    const options = { build: { strict: true } };
    const strict = build(await folderWith(FILES), { options }, () => PAGES, client());
    await expect(strict).rejects.toMatchObject({ code: "EMBEDDING_FAILED" });
  });

  it("to create a batch job leaves texts to the next build, unless the build is strict", async () => {
    const environment = { GEMINI_API_KEY: "key", GOOGLE_GEMINI_BASE_URL: "http://127.0.0.1:9" };
    const options = {
      embedding: { provider: "gemini" },
      search: { queries: [] },
      batching: { strategy: "batch" },
      calls: { maxRetries: 0 },
    } as const;
    const root = await folderWith(FILES);
    const { warnings } = await build(root, { environment, options });
    expect(warnings).toEqual([
      expect.stringMatching(/^2 texts wait for a vector .*No batch job could be created: /u),
    ]);
    const strict = build(root, {
      environment,
      options: { ...options, build: { strict: true } },
    });
    await expect(strict).rejects.toMatchObject({ code: "EMBEDDING_FAILED" });
  });

  it("of a question alone stops a strict build", async () => {
    const client = () => new MockGeminiClient({ failOn: (text) => text.includes("water tom") });
    const { warnings } = await build(await folderWith(FILES), {}, () => PAGES, client());
    expect(warnings).toEqual([
      expect.stringMatching(/^Answers come from full-text search only: /u),
    ]);
    const options = { build: { strict: true } };
    const strict = build(await folderWith(FILES), { options }, () => PAGES, client());
    await expect(strict).rejects.toMatchObject({ code: "EMBEDDING_FAILED" });
  });

  it("to find a key is one if the build is strict", async () => {
    const options = { embedding: { provider: "gemini" }, build: { strict: true } } as const;
    const strict = build(await folderWith(FILES), { options });
    await expect(strict).rejects.toMatchObject({ code: "KEY_MISSING" });
  });
});

it("does nothing while SITERAG is off", async () => {
  const root = await folderWith(FILES);
  const { build: begun, infos } = await build(root, { environment: { SITERAG: "off" } });
  expect(begun.config).toBeNull();
  expect(begun.results).toBe(NO_RESULTS);
  expect(infos).toEqual([]);
  expect(await readdir(root)).toEqual(["dist", "docs", "package.json", "siterag.config.json"]);
  const odd = build(root, { environment: { SITERAG: "no" } });
  await expect(odd).rejects.toThrow('the environment: SITERAG: expected "off" or "on", got "no"');
});

/** Damages the record of paid jobs: no run may go on without it, and what was indexed can be read. */
async function breakIndexing(root: string): Promise<void> {
  const jobs = join(root, ".siterag/db/jobs.lance");
  await rm(jobs, { recursive: true, force: true });
  await writeFile(jobs, "no table");
}

/** Changes files of a site; null: deletes one. */
const edit = (root: string, files: Readonly<Record<string, string | null>>): Promise<unknown> =>
  Promise.all(
    Object.entries(files).map(([path, text]) =>
      text === null ? rm(join(root, path)) : writeFile(join(root, path), text),
    ),
  );

/** Path and content of every file but those of the built pages. */
async function everyFile(root: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(
    paths.map(async (path) => [path, await readFile(path, "latin1")] as const),
  );
  return new Map(contents);
}
