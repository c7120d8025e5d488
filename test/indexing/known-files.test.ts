import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ResolvedConfig } from "../../src/config/schema.ts";
import { indexSite } from "../../src/indexing/index-site.ts";
import { MockGeminiClient } from "../../src/providers/mock/mock-gemini-client.ts";
import type { FileKind } from "../../src/store/known-files.ts";
import { withWriter } from "../../src/store/open-store.ts";
import { knownFilesTable } from "../../src/store/tables.ts";
import { verifySite } from "../../src/verifying/verify-site.ts";
import { docsSite } from "../support/docs-site.ts";
import { tracesInStore } from "../support/traces-in-store.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import { builtSite, htmlPage } from "../verifying/built-site.ts";

const { space } = new MockGeminiClient();

/** Changes what the store knows of the files of a site; returns what it knew. */
const changeKnown = (
  config: ResolvedConfig,
  kind: FileKind,
  change: (known: string) => string,
): Promise<string> =>
  withWriter({ target: config.store, space, clock: createVirtualClock() }, async (store) => {
    const known = (await store.knownFiles.read(kind)) ?? "";
    await store.knownFiles.write(kind, change(known));
    return known;
  });

const index = (config: ResolvedConfig) => indexSite({ config, client: new MockGeminiClient() });

describe("a file that has not changed", () => {
  test("is read from the store where it is a page of Markdown, and from the disk once it has changed", async () => {
    const site = await docsSite({
      "a.md": "---\nslug: first\n---\n# A\n\nOne text.",
      "b.md": "# B\n\nAnother text.",
    });
    const config = site.withConfig({});
    await index(config);
    const known = await changeKnown(config, "source", (text) =>
      text.replace("/first/", "/second/"),
    );
    expect(known).toContain("/first/");
    const moved = await index(config);
    expect(moved).toMatchObject({ pages: 2, chunks: { added: 0 }, usage: { texts: 0 } });
    // Nobody would say so who reads the file.
    expect(await changeKnown(config, "source", (text) => text)).toContain("/second/");
    await site.write("a.md", "---\nslug: third\n---\n# A\n\nOne text.");
    await index(config);
    expect(await changeKnown(config, "source", (text) => text)).toContain("/third/");
  });

  test("is not scanned again where no page of the index has it", async () => {
    const site = await builtSite(
      { "a.md": "# A\n\nOne text." },
      { "a/index.html": '<h1 id="a">A</h1><p>One text.</p>', "tags/index.html": "<p>Tags.</p>" },
    );
    expect((await site.verify()).notIndexed).toEqual(["tags/index.html"]);
    // Nobody would say so who scans it.
    await changeKnown(site.config, "built", (text) =>
      text.replaceAll('"leftOut":null', '"leftOut":"noindex"'),
    );
    expect((await site.verify()).notIndexed).toEqual([]);
    await site.build("tags/index.html", "<p>Other tags.</p>");
    expect((await site.verify()).notIndexed).toEqual(["tags/index.html"]);
  });

  test("is not scanned again where pages are read from the built site", async () => {
    const site = await docsSite({ "a.html": htmlPage("<p>One text.</p>") });
    const config = site.withConfig({ content: { from: "html", site: site.config.content.root } });
    await index(config);
    await changeKnown(config, "built", (text) =>
      text.replace('"leftOut":null', '"leftOut":"noindex"'),
    );
    expect(await index(config)).toMatchObject({ pages: 0 });
    await site.write("a.html", htmlPage("<p>Another text.</p>"));
    expect(await index(config)).toMatchObject({ pages: 1 });
  });
});

test("a page that something was told of is read again, so that it is told again", async () => {
  const site = await docsSite({ "a.md": "---\ntitle: [\n---\n# A\n\nOne text." });
  const config = site.withConfig({});
  const [first] = [await index(config)];
  expect(first.warnings).toHaveLength(1);
  expect((await index(config)).warnings).toEqual(first.warnings);
});

test("a page that includes a file is read again when that changes", async () => {
  const site = await docsSite({
    "a.md": "# A\n\n<!--@include: ./part.txt-->\n",
    "part.txt": "One text.",
  });
  const config = site.withConfig({ content: { slugger: "vitepress" } });
  await index(config);
  await site.write("part.txt", "Another text.");
  expect(await index(config)).toMatchObject({ chunks: { added: 1 } });
});

test("other settings make other pages of the same files", async () => {
  const site = await docsSite({ "a.md": "# A\n\nOne text." });
  await index(site.withConfig({}));
  await index(site.withConfig({ content: { baseUrl: "/docs/" } }));
  const known = await changeKnown(site.config, "source", (text) => text);
  expect(known).toContain('"url":"/docs/a/"');
});

test("the store keeps no title of a page that is gone", async () => {
  const site = await docsSite({ "a.md": "---\ntitle: Quokka\n---\nText.", "b.md": "# B" });
  const config = site.withConfig({});
  await index(config);
  expect(await changeKnown(config, "source", (text) => text)).toContain("Quokka");
  await site.remove("a.md");
  await index(config);
  expect(await changeKnown(config, "source", (text) => text)).not.toContain("Quokka");
});

const namesOf = (config: ResolvedConfig, kind: FileKind): Promise<string> =>
  changeKnown(config, kind, (text) => text);

test("the store keeps no title of a page that no run has indexed, once it is gone", async () => {
  const site = await docsSite({ "a.md": "# A\n\nOne text." });
  const config = site.withConfig({});
  await index(config);
  await site.write("a.md", "# A\n\nAnother text.");
  await site.write("quokka.md", "---\ntitle: Quokka\n---\nText.");
  await indexSite({ config, client: new MockGeminiClient(), only: ["a.md"] });
  expect(await namesOf(config, "source")).toContain("Quokka");
  await site.remove("quokka.md");
  expect(await index(config)).toMatchObject({ chunks: { added: 0, deleted: 0 } });
  expect(await namesOf(config, "source")).not.toMatch(/quokka/iu);
});

test("a killed run leaves no title in an older version of the table", async () => {
  const site = await docsSite({ "a.md": "# A\n\nOne text." });
  const config = site.withConfig({});
  await index(config);
  const target = { target: config.store, space, clock: createVirtualClock() };
  await withWriter(target, async ({ database, knownFiles }) => {
    const files = (await knownFiles.read("source")) ?? "";
    const table = await database.openOrReplace(knownFilesTable);
    for (const some of ["Quokka", files])
      await table.upsert([{ id: "chunks:source", files: some }]);
  });
  expect(await tracesInStore(config.store.uri, ["Quokka"])).not.toEqual([]);
  await index(config);
  expect(await tracesInStore(config.store.uri, ["Quokka"])).toEqual([]);
});

test("the store names no Markdown once the pages are those of the built site", async () => {
  const site = await docsSite({ "quokka.md": "# Quokka", "a.html": htmlPage("<p>One text.</p>") });
  await index(site.withConfig({}));
  expect(await namesOf(site.config, "source")).toContain("quokka");
  await index(site.withConfig({ content: { from: "html", site: site.config.content.root } }));
  expect(await namesOf(site.config, "source")).toBe("");
});

test("the store names no page of the built site, which has drafts and deleted pages too", async () => {
  const canonical = '<link rel="canonical" href="https://example.org/docs/quokka/">';
  const site = await builtSite(
    { "a.md": "# A\n\nOne text.", "quokka.md": "---\nrag: false\n---\nText." },
    {
      "a/index.html": '<h1 id="a">A</h1><p>One text.</p>',
      "quokka/index.html": htmlPage("<p>Text.</p>", canonical),
      "other/index.html": htmlPage("<p>Some text.</p>", canonical),
    },
  );
  await site.verify();
  const known = await namesOf(site.config, "built");
  expect(known).toContain('"base":"/docs/"');
  expect(known).not.toMatch(/quokka/iu);
});

test("what is repaired in a built page is told in every run", async () => {
  const site = await docsSite({ "a.html": `${htmlPage("<p>One text.</p>")}\0` });
  const config = site.withConfig({ content: { from: "html", site: site.config.content.root } });
  const { warnings } = await index(config);
  expect(warnings).toEqual([expect.stringContaining("NUL byte")]);
  expect((await index(config)).warnings).toEqual(warnings);
});

test("what is repaired in a built page is told in every comparison with the built site", async () => {
  const site = await builtSite(
    { "a.md": "# A\n\nOne text." },
    { "a/index.html": `${htmlPage("<p>One text.</p>")}\0` },
  );
  const warnings: string[] = [];
  const logger = { info: () => {}, warn: (message: string) => warnings.push(message) };
  for (const run of [1, 2]) {
    await verifySite({ config: site.config, logger });
    expect(warnings).toHaveLength(run);
  }
});

test("the next run reads all files if what the store knows of them is of another version", async () => {
  const site = await builtSite({ "a.md": "# A\n\nOne." }, { "a/index.html": "<p>One.</p>" });
  await site.verify();
  await changeKnown(site.config, "built", () => '{"reading":0,"files":[]}');
  expect(await verifySite({ config: site.config })).toMatchObject({ notIndexed: [], parsed: 0 });
  const lock = join(site.config.store.uri, "writer.lock");
  await writeFile(lock, "held by somebody who never lets go");
  expect((await site.verify()).notStored).toBeNull();
  expect(await readFile(lock, "utf8")).toContain("never lets go");
});
