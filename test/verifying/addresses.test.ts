import { afterEach, expect, test, vi } from "vitest";
import { indexSite } from "../../src/indexing/index-site.ts";
import { StoreTable } from "../../src/store/store-table.ts";
import { verifySite } from "../../src/verifying/verify-site.ts";
import { builtSite, htmlPage } from "./built-site.ts";

const canonical = (path: string): string =>
  `<link rel="canonical" href="https://example.org${path}">`;
const page = (name: string, path: string): string =>
  htmlPage(`<h1 id="top">${name}</h1><p>All about ${name}.</p>`, canonical(path));

const SOURCE = {
  "one.md": "# One {#top}\n\nAll about One.",
  "two.md": "# Two {#top}\n\nAll about Two.",
};
const BUILT = {
  "one/index.html": page("One", "/docs/one/"),
  "two/index.html": page("Two", "/docs/two/"),
};

afterEach(() => {
  vi.restoreAllMocks();
});

/** A site whose built pages are indexed. */
async function readFromHtml(built: Readonly<Record<string, string>>, content: object) {
  const site = await builtSite({}, built);
  const config = {
    ...site.config,
    content: { ...site.config.content, ...content, from: "html" as const },
  };
  await indexSite({ config });
  return { ...site, verify: () => verifySite({ config }) };
}

test("an address of the source that lacks the base of the site is corrected", async () => {
  const site = await builtSite(SOURCE, BUILT);
  const { corrections, figures } = await site.verify();
  expect(corrections.urls).toEqual([
    { page: "one.md", from: "/one/", to: "/docs/one/" },
    { page: "two.md", from: "/two/", to: "/docs/two/" },
  ]);
  expect(figures.urls).toMatchObject({ total: 2, wrong: 0 });
  expect(await site.verify()).toMatchObject({ parsed: 0, figures: { urls: { wrong: 0 } } });
});

test("a wrong base in the settings is corrected, too", async () => {
  const content = { baseUrl: "https://example.org/manual" };
  const { corrections } = await (await builtSite(SOURCE, BUILT, { content })).verify();
  expect(corrections.urls[0]).toEqual({
    page: "one.md",
    from: "https://example.org/manual/one/",
    to: "https://example.org/docs/one/",
  });
});

test("a site may be built into the folder of its base", async () => {
  const built = { "docs/one/index.html": htmlPage('<h1 id="top">One</h1><p>All about One.</p>') };
  const source = { "one.md": SOURCE["one.md"] };
  const site = await builtSite(source, built, { content: { baseUrl: "/docs/" } });
  expect((await site.verify()).differing).toEqual([]);
});

test.each([
  ["has the base of the canonical addresses", BUILT, {}, []],
  [
    "lacks the base of the canonical addresses",
    BUILT,
    { baseUrl: "/manual/" },
    ["one/index.html", "two/index.html"],
  ],
  [
    "leads to another page",
    { "one.html": htmlPage("<p>First.</p>"), "one/index.html": page("Second", "/one") },
    { urlStyle: "clean" },
    ["one.html"],
  ],
])("the address of a built page that %s", async (_what, built, content, wrong) => {
  const site = await readFromHtml(built, content);
  const { differing, figures } = await site.verify();
  expect(differing.map(({ page: id, file, kinds }) => [id, file, kinds])).toEqual(
    wrong.map((id) => [id, id, ["rewritten"]]),
  );
  expect(figures.urls).toMatchObject({ total: 2, wrong: wrong.length });
  const writes = [
    vi.spyOn(StoreTable.prototype, "upsert"),
    vi.spyOn(StoreTable.prototype, "set"),
    vi.spyOn(StoreTable.prototype, "append"),
  ];
  expect(await site.verify()).toMatchObject({ parsed: 0, figures, differing });
  for (const write of writes) expect(write).not.toHaveBeenCalled();
});

test("the address of a built page is wrong once the site has moved", async () => {
  const site = await readFromHtml(BUILT, {});
  await site.build("one/index.html", page("One", "/handbook/one/"));
  await site.build("two/index.html", page("Two", "/handbook/two/"));
  expect((await site.verify()).figures.urls).toMatchObject({ total: 2, wrong: 2 });
});

test("the home page of a site without last slashes is found", async () => {
  const source = { "index.md": "# Home\n\nAll about Home." };
  const built = { "index.html": htmlPage('<h1 id="home">Home</h1><p>All about Home.</p>') };
  const content = { baseUrl: "/docs/", urlStyle: "clean", pathStyle: "starlight" } as const;
  const site = await builtSite(source, built, { content });
  const { corrections, differing, figures } = await site.verify();
  expect([corrections.urls, differing]).toEqual([[], []]);
  expect(figures.urls).toMatchObject({ total: 1, wrong: 0 });
});
