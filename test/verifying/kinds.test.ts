import { describe, expect, test } from "vitest";
import { indexSite } from "../../src/indexing/index-site.ts";
import { verifySite } from "../../src/verifying/verify-site.ts";
import { builtSite, htmlPage } from "./built-site.ts";

const INSTALL =
  "# Install\n\nRun npm install siterag and wait a moment.\n\n## On Windows\n\nUse a shell.";
const INSTALL_HTML =
  '<h1 id="install">Install</h1><p>Run npm install siterag and wait a moment.</p><h2 id="on-windows">On Windows</h2><p>Use a shell.</p>';
const CACHE = "# Cache\n\nVectors of unchanged passages stay in the store for later builds.";
const CACHE_HTML =
  '<h1 id="cache">Cache</h1><p>Vectors of unchanged passages stay in the store for later builds.</p>';

const SOURCE = { "install.md": INSTALL, "cache.md": CACHE };
const BUILT = { "install/index.html": INSTALL_HTML, "cache/index.html": CACHE_HTML };

test("a site whose HTML shows what its source says agrees in all four figures", async () => {
  const site = await builtSite(SOURCE, BUILT);
  expect(await site.verify()).toMatchObject({
    pages: 2,
    figures: {
      urls: { total: 2, wrong: 0, share: 1 },
      anchors: { wrong: 0, share: 1 },
      missing: { wrong: 0, share: 1 },
      neverShown: { wrong: 0, share: 1 },
    },
    agreement: 1,
    advice: null,
    differing: [],
    notIndexed: [],
    notStored: null,
  });
});

describe("the file of an address is found under the base, with every style of addresses", () => {
  test.each([
    ["directory", "/", "install/index.html"],
    ["directory", "/manual/", "install/index.html"],
    ["directory", "https://docs.example.org/manual", "install/index.html"],
    ["clean", "/", "install.html"],
    ["clean", "/manual/", "install/index.html"],
    ["html", "/", "install.html"],
    ["directory", "/", "install.html"],
  ] as const)("%s %s %s", async (urlStyle, baseUrl, file) => {
    const content = { urlStyle, baseUrl };
    const site = await builtSite({ "install.md": INSTALL }, { [file]: INSTALL_HTML }, { content });
    const { figures, corrections } = await site.verify();
    expect(figures.urls).toMatchObject({ total: 1, wrong: 0 });
    // A server that has only install.html sends nothing for /install/.
    const isElsewhere = urlStyle === "directory" && file === "install.html";
    expect(corrections.urls).toHaveLength(isElsewhere ? 1 : 0);
  });
});

test("a page without HTML is named, and stays in the index", async () => {
  const site = await builtSite(SOURCE, { "cache/index.html": CACHE_HTML });
  const { differing, figures } = await site.verify();
  expect(differing).toMatchObject([{ page: "install.md", file: null, kinds: ["no such page"] }]);
  expect(figures.urls).toEqual({ total: 2, wrong: 1, share: 0.5 });
  expect((await site.verify()).pages).toBe(2);
});

test("a file that only leads elsewhere is no page", async () => {
  const redirect = htmlPage(
    "<p>Moved.</p>",
    '<meta http-equiv="refresh" content="0; url=/setup/">',
  );
  const site = await builtSite(SOURCE, { ...BUILT, "install/index.html": redirect });
  expect((await site.verify()).differing).toMatchObject([
    { page: "install.md", kinds: ["no such page"] },
  ]);
});

test("a page is found again under another address by its words", async () => {
  const built = { "setup/index.html": INSTALL_HTML, "cache/index.html": CACHE_HTML };
  const { corrections, differing, figures } = await (await builtSite(SOURCE, built)).verify();
  expect(differing).toMatchObject([
    { page: "install.md", url: "/setup/", file: "setup/index.html", kinds: ["rewritten"] },
  ]);
  expect(corrections.urls).toEqual([{ page: "install.md", from: "/install/", to: "/setup/" }]);
  expect(figures.urls.wrong).toBe(0);
});

test("two files with the same words are no proof", async () => {
  const built = {
    "setup/index.html": INSTALL_HTML,
    "start/index.html": `${INSTALL_HTML}<p>Or so.</p>`,
    "cache/index.html": CACHE_HTML,
  };
  const { corrections, differing, notIndexed } = await (await builtSite(SOURCE, built)).verify();
  expect(differing).toMatchObject([{ page: "install.md", kinds: ["no such page"] }]);
  expect(corrections.urls).toEqual([]);
  expect(notIndexed).toEqual(["setup/index.html", "start/index.html"]);
});

test("an anchor that the page does not have is named", async () => {
  const gone = INSTALL_HTML.replace(/<h2.*<\/h2>/u, "<p>On Windows</p>");
  const site = await builtSite(SOURCE, { ...BUILT, "install/index.html": gone });
  const { differing, figures } = await site.verify();
  expect(differing).toMatchObject([{ kinds: ["anchors missing"], anchors: ["on-windows"] }]);
  expect(figures.anchors.wrong).toBe(1);
});

test("HTML that a script fills is said to be so, and nothing is corrected", async () => {
  const source = `# Long\n\n${"Many words that nobody sees before scripts run. ".repeat(30)}\n\n## Usage\n\nText.`;
  const site = await builtSite(
    { "long.md": source },
    { "long/index.html": '<div id="app">Loading …</div><h2 id="how-to-use">Usage</h2>' },
  );
  const { corrections, differing } = await site.verify();
  expect(differing).toMatchObject([{ kinds: ["hardly any HTML", "anchors missing"] }]);
  expect(corrections.anchors).toEqual([]);
});

test("no words on either side are no agreement", async () => {
  const site = await builtSite(
    { "1.md": "---\ntitle: '?'\n---\n" },
    { "1/index.html": '<img src="a.png">' },
  );
  const { agreement, differing, figures } = await site.verify();
  expect(differing).toMatchObject([{ kinds: ["empty"] }]);
  expect([agreement, figures.missing.share, figures.neverShown.share]).toEqual([0, 0, 0]);
  // A site may do without anchors.
  expect(figures.anchors).toEqual({ total: 0, wrong: 0, share: 1 });
});

test("files that belong in an index but are in none are listed, and others are not", async () => {
  const noIndex = htmlPage("<p>Secret.</p>", '<meta name="robots" content="noindex">');
  const site = await builtSite(SOURCE, {
    ...BUILT,
    "404.html": "<p>Nothing here.</p>",
    "tags/index.html": "<h1>Tags</h1><p>All of them.</p>",
    "secret/index.html": noIndex,
    "empty/index.html": '<div id="search"></div>',
    "cache.html": CACHE_HTML,
  });
  expect((await site.verify()).notIndexed).toEqual(["tags/index.html"]);
});

test("a site whose words differ is advised to read its HTML", async () => {
  const built = { ...BUILT, "cache/index.html": `${CACHE_HTML}<p>Much that an include adds.</p>` };
  const { advice, agreement } = await (await builtSite(SOURCE, built)).verify();
  expect(agreement).toBeLessThan(0.995);
  expect(advice).toContain('content.from: "html"');
});

test("an index of the built pages is verified like any other, and has nothing to correct", async () => {
  const site = await builtSite(SOURCE, BUILT);
  const content = { ...site.config.content, from: "html" as const };
  const config = { ...site.config, content };
  await indexSite({ config });
  expect(await verifySite({ config })).toMatchObject({
    pages: 2,
    figures: { urls: { wrong: 0 }, anchors: { wrong: 0 }, missing: { wrong: 0 } },
    differing: [],
  });
});

test("a page that has moved since its built page was indexed is not at its address", async () => {
  const site = await builtSite(SOURCE, BUILT);
  const content = { ...site.config.content, from: "html" as const };
  const config = { ...site.config, content };
  await indexSite({ config });
  await site.build("install/index.html", null);
  await site.build("setup/index.html", INSTALL_HTML);
  const { corrections, differing, figures } = await verifySite({ config });
  expect(differing).toMatchObject([
    { url: "/install/", file: "setup/index.html", kinds: ["rewritten"] },
  ]);
  expect([figures.urls.wrong, corrections.urls]).toEqual([1, []]);
});

test.each([
  [null, "USAGE"],
  ["nowhere", "CONTENT_ROOT_MISSING"],
  [".", "USAGE"],
])("without a built site in %j, the error says to build it", async (site, code) => {
  const { config, folder } = await builtSite(SOURCE, {});
  const content = { ...config.content, site: site && `${folder}/${site === "." ? "docs" : site}` };
  await expect(verifySite({ config: { ...config, content } })).rejects.toMatchObject({
    code,
    exitCode: 2,
    message: expect.stringContaining("build the site"),
  });
});
