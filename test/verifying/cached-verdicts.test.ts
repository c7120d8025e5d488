import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { verifySite } from "../../src/verifying/verify-site.ts";
import { builtSite, countingReader, htmlPage, type BuiltSite } from "./built-site.ts";

const SOURCE = { "a.md": "# A\n\nOne text.", "b.md": "# B\n\nAnother text." };
const BUILT = {
  "a/index.html": '<h1 id="a">A</h1><p>One text and more.</p>',
  "b/index.html": '<h1 id="b">B</h1><p>Another text.</p>',
  "tags/index.html": "<p>All tags.</p>",
};

/** Verifies, and returns how many pages were parsed. */
async function parsesOf({ config }: BuiltSite): Promise<number> {
  const { pages, readPage } = countingReader();
  const report = await verifySite({ config, readPage });
  expect(report.parsed).toBe(pages.length);
  return pages.length;
}

test("an unchanged site is not parsed again, and gets the same report", async () => {
  const site = await builtSite(SOURCE, BUILT);
  const first = await site.verify();
  expect(first).toMatchObject({ parsed: 2, differing: [{ missing: { and: 1, more: 1 } }] });
  expect(await parsesOf(site)).toBe(0);
  expect(await site.verify()).toEqual({ ...first, parsed: 0 });
});

test("an unchanged site costs no write, not even the lock", async () => {
  const site = await builtSite(SOURCE, BUILT);
  await site.verify();
  const lock = join(site.config.store.uri, "writer.lock");
  // Taking it would fail.
  await writeFile(lock, "held by somebody who never lets go");
  expect((await site.verify()).notStored).toBeNull();
  expect(await readFile(lock, "utf8")).toContain("never lets go");
});

test("what is new in every build parses nothing, and costs no write", async () => {
  const built = (hash: string): string =>
    htmlPage(
      BUILT["a/index.html"],
      `<title>Site</title><script src="/_assets/app.${hash}.js"></script><link rel="stylesheet" href="/_assets/app.${hash}.css">`,
    );
  const site = await builtSite(SOURCE, { ...BUILT, "a/index.html": built("BQ2f1x") });
  await site.verify();
  await site.build("a/index.html", built("Cx9_aa"));
  await writeFile(join(site.config.store.uri, "writer.lock"), "held by somebody");
  expect(await site.verify()).toMatchObject({ parsed: 0, notStored: null });
});

test.each([
  ["a search page", '<input type="search"><p>Search it.</p>'],
  ["an index of words", '<table class="indextable"><tr><td>Search it.</td></tr></table>'],
  ["a page for no index", htmlPage("<p>Search it.</p>", '<meta name="robots" content="noindex">')],
])("the verdict on %s of the index is known, too", async (_name, html) => {
  const site = await builtSite({ "find.md": "Search it." }, { "find/index.html": html });
  expect(await parsesOf(site)).toBe(1);
  expect(await parsesOf(site)).toBe(0);
});

test.each<[string, (site: BuiltSite) => Promise<unknown>, number]>([
  ["the HTML of a page changes", (site) => site.build("a/index.html", "<p>One text.</p>"), 1],
  ["the source of a page changes", (site) => site.write("b.md", "# B\n\nOther text."), 1],
  [
    "nothing changes in the source but its white space",
    (site) => site.write("b.md", "# B\n\n\nAnother text."),
    1,
  ],
  ["a page is new", (site) => site.write("c.md", "# C"), 1],
])("only what changed is parsed: %s", async (_name, change, parses) => {
  const site = await builtSite(SOURCE, { ...BUILT, "c/index.html": '<h1 id="c">C</h1>' });
  await site.verify();
  await change(site);
  await site.index();
  expect(await parsesOf(site)).toBe(parses);
});

test("a page without HTML is looked for again only when something is new", async () => {
  const site = await builtSite(SOURCE, { ...BUILT, "b/index.html": "<p>Of no page.</p>" });
  await site.write("gone.md", "# Gone\n\nOne two three four five six seven eight nine ten.");
  await site.index();
  const parsed = [await parsesOf(site), await parsesOf(site)];
  await site.build("tags/index.html", "<p>Other tags.</p>");
  parsed.push(await parsesOf(site), await parsesOf(site));
  await site.write("gone.md", "# Gone\n\nTwo three four five six seven eight nine ten eleven.");
  await site.index();
  parsed.push(await parsesOf(site), await parsesOf(site));
  // Two pages and the file that no page has; then that file.
  expect(parsed).toEqual([3, 0, 1, 0, 1, 0]);
  await site.build("new/index.html", "<p>Two three four five six seven eight nine ten eleven.</p>");
  expect((await site.verify()).corrections.urls).toMatchObject([{ page: "gone.md" }]);
});

test("other settings of the chunks are judged anew", async () => {
  const site = await builtSite(SOURCE, BUILT);
  await site.verify();
  const config = { ...site.config, chunking: { maxTokens: 64, overlapTokens: 8 } };
  expect((await verifySite({ config })).parsed).toBe(2);
});

test("the next index run keeps the verdicts, and writes nothing", async () => {
  const site = await builtSite(SOURCE, BUILT);
  await site.verify();
  expect(await site.index()).toEqual([]);
  expect(await parsesOf(site)).toBe(0);
});
