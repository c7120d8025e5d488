import { hostname } from "node:os";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { withReader } from "../../src/store/index-reader.ts";
import { StoreTable } from "../../src/store/store-table.ts";
import { verifySite } from "../../src/verifying/verify-site.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import { dieAfter } from "../support/die-after.ts";
import { plainRows } from "../support/docs-site.ts";
import { builtSite, type BuiltSite } from "./built-site.ts";

const LONG = Array.from({ length: 30 }, (_, at) => `Sentence ${at} is here.`).join(" ");
const SOURCE = { "guide.md": `# Guide\n\n${LONG}\n\n## Usage\n\n${LONG}\n\n## Usage\n\nAgain.\n` };

const html = (one: string, other: string): string =>
  `<h1 id="guide">Guide</h1><p>${LONG}</p><h2 id="${one}">Usage</h2><p>${LONG}</p><h2 id="${other}">Usage</h2><p>Again.</p>`;

const SMALL = { chunking: { maxTokens: 128 } };
const anchored = (one = "usage_1", other = "usage_2"): Promise<BuiltSite> =>
  builtSite(SOURCE, { "guide/index.html": html(one, other) }, SMALL);
const moved = (): Promise<BuiltSite> =>
  builtSite(SOURCE, { "handbook/index.html": html("usage", "usage-1") }, SMALL);

/** The addresses of the published index, and the ids of its chunks. */
const addressesOf = ({ config }: BuiltSite) =>
  withReader(config.store, async (reader) => {
    const rows = await reader.rowsOf(["guide.md"]);
    const anchors = rows.flatMap(({ sections }) => sections.map(({ anchor }) => anchor));
    return {
      ids: rows.map(({ id }) => id).sort(),
      urls: [...new Set(rows.map(({ url }) => url))].sort(),
      anchors: new Set(anchors),
    };
  });

const EXPECTED = {
  urls: ["/guide/#guide", "/guide/#usage", "/guide/#usage-1"],
  anchors: new Set(["guide", "usage", "usage-1"]),
};
const CORRECTED = {
  urls: ["/guide/#guide", "/guide/#usage_1", "/guide/#usage_2"],
  anchors: new Set(["guide", "usage_1", "usage_2"]),
};

afterEach(() => {
  vi.restoreAllMocks();
});

test("anchors are corrected by the headings of the built page, and chunks keep their ids", async () => {
  const site = await anchored();
  const before = await addressesOf(site);
  expect(before).toMatchObject(EXPECTED);
  const { corrections, differing, figures } = await site.verify();
  expect(corrections.anchors).toEqual([
    { page: "guide.md", heading: "Usage", from: "usage", to: "usage_1" },
    { page: "guide.md", heading: "Usage", from: "usage-1", to: "usage_2" },
  ]);
  expect([differing, figures.anchors.wrong]).toEqual([[], 0]);
  expect(await addressesOf(site)).toEqual({ ...before, ...CORRECTED });
});

test("the address of a page is corrected where its words are", async () => {
  const site = await moved();
  await site.verify();
  expect((await addressesOf(site)).urls).toEqual([
    "/handbook/#guide",
    "/handbook/#usage",
    "/handbook/#usage-1",
  ]);
});

test("a heading to which the site gives no id leads to its page", async () => {
  const built = '<h1>Guide</h1><p>Text.</p><h2 id="usage">Usage</h2><p>Text.</p>';
  const source = { "guide.md": "# Guide\n\nText.\n\n## Usage\n\nText.\n" };
  const site = await builtSite(source, { "guide/index.html": built });
  expect((await site.verify()).corrections.anchors).toEqual([
    { page: "guide.md", heading: "Guide", from: "guide", to: null },
  ]);
  expect((await addressesOf(site)).anchors).toEqual(new Set([null, "usage"]));
  expect((await site.verify()).figures.anchors).toMatchObject({ total: 1, wrong: 0 });
});

describe.each([
  ["anchors", anchored, CORRECTED.urls],
  ["an address", moved, ["/handbook/#guide", "/handbook/#usage", "/handbook/#usage-1"]],
] as const)("a correction of %s", (_name, make, urls) => {
  test("costs no call and keeps every vector", async () => {
    const site = await make();
    const before = await plainRows(site.config);
    await site.verify();
    expect(await plainRows(site.config)).toEqual(before);
  });

  test("is kept by the next index run, which sends and writes nothing", async () => {
    const site = await make();
    await site.verify();
    const writes = [
      vi.spyOn(StoreTable.prototype, "upsert"),
      vi.spyOn(StoreTable.prototype, "set"),
      vi.spyOn(StoreTable.prototype, "append"),
    ];
    expect(await site.index()).toEqual([]);
    for (const write of writes) expect(write).not.toHaveBeenCalled();
    expect((await addressesOf(site)).urls).toEqual(urls);
  });

  test("is kept when the page changes", async () => {
    const site = await make();
    await site.verify();
    await site.write("guide.md", SOURCE["guide.md"].replace("Again.", "Once more."));
    await site.index();
    expect((await addressesOf(site)).urls).toEqual(urls);
  });

  test("is made once: the next verification finds nothing to do", async () => {
    const site = await make();
    await site.verify();
    const report = await site.verify();
    expect(report).toMatchObject({
      parsed: 0,
      corrections: { urls: [], anchors: [], withdrawn: [] },
    });
    expect(report.figures).toMatchObject({ urls: { wrong: 0 }, anchors: { wrong: 0 } });
  });

  test("goes when the site has changed its mind", async () => {
    const site = await make();
    await site.verify();
    if (make === moved) await site.build("handbook/index.html", null);
    await site.build("guide/index.html", html("usage", "usage-1"));
    expect((await site.verify()).corrections.withdrawn).toEqual(["guide.md"]);
    expect(await addressesOf(site)).toMatchObject(EXPECTED);
    await site.index();
    expect(await addressesOf(site)).toMatchObject(EXPECTED);
    expect((await site.verify()).differing).toEqual([]);
  });

  test("goes when nothing of the page is left", async () => {
    const site = await make();
    await site.verify();
    await site.build("guide/index.html", "<p>Something else altogether.</p>");
    if (make === moved) await site.build("handbook/index.html", null);
    await site.verify();
    expect((await addressesOf(site)).anchors).toEqual(EXPECTED.anchors);
  });
});

test("a correction that a further build shows to be another one is replaced", async () => {
  const site = await anchored();
  await site.verify();
  await site.build("guide/index.html", html("usage-a", "usage-b"));
  expect((await site.verify()).corrections.anchors).toMatchObject([
    { from: "usage", to: "usage-a" },
    { from: "usage-1", to: "usage-b" },
  ]);
  expect((await addressesOf(site)).anchors).toEqual(new Set(["guide", "usage-a", "usage-b"]));
});

test("anchors that two headings have in turn are told apart by their headings", async () => {
  const source = {
    "guide.md": "# Guide\n\nText.\n\n## One {#two}\n\nFirst.\n\n## Two {#one}\n\nSecond.\n",
  };
  const main =
    '<h1 id="guide">Guide</h1><p>Text.</p><h2 id="one">One</h2><p>First.</p><h2 id="two">Two</h2><p>Second.</p>';
  const settings = { content: { slugger: "vitepress" as const } };
  const site = await builtSite(source, { "guide/index.html": main }, settings);
  expect((await site.verify()).corrections.anchors).toMatchObject([
    { heading: "One", from: "two", to: "one" },
    { heading: "Two", from: "one", to: "two" },
  ]);
  await site.build(
    "guide/index.html",
    main
      .replace('id="one"', 'id="x"')
      .replace('id="two"', 'id="one"')
      .replace('id="x"', 'id="two"'),
  );
  expect((await site.verify()).corrections.withdrawn).toEqual(["guide.md"]);
});

test("headings that the site has more often than the source are not corrected", async () => {
  const more = `${html("usage_1", "usage_2")}<h2 id="usage_3">Usage</h2>`;
  const site = await builtSite(SOURCE, { "guide/index.html": more }, SMALL);
  const { corrections, differing } = await site.verify();
  expect(corrections.anchors).toEqual([]);
  expect(differing[0]?.anchors.toSorted()).toEqual(["usage", "usage-1"]);
});

test("where another process writes to the store, the report comes without corrections", async () => {
  const site = await anchored();
  const holder = { token: "theirs", pid: process.ppid, host: hostname(), since: "" };
  await writeFile(join(site.config.store.uri, "writer.lock"), JSON.stringify(holder));
  const clock = createVirtualClock(Date.now());
  const report = await verifySite({ config: site.config, clock });
  expect(report.notStored).toContain("is being written by");
  expect(report.corrections.anchors).toEqual([]);
  expect(report.figures.anchors).toMatchObject({ total: 3, wrong: 2 });
  expect(await addressesOf(site)).toMatchObject(EXPECTED);
});

const WRITES = ["append", "upsert", "delete", "compact", "prune"] as const;

describe("a process that dies between two writes leaves an index that the next runs bring in order", () => {
  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8])("after %d writes", async (most) => {
    const site = await anchored();
    dieAfter(most, WRITES);
    const isDead = await site.verify().then(
      () => false,
      () => true,
    );
    vi.restoreAllMocks();
    const seen = (await addressesOf(site)).urls;
    expect([EXPECTED.urls, CORRECTED.urls]).toContainEqual(seen);
    if (isDead) await site.index();
    await site.verify();
    expect(await addressesOf(site)).toMatchObject(CORRECTED);
    expect(await site.index()).toEqual([]);
    expect((await site.verify()).differing).toEqual([]);
  });
});

test("after a run that died while it wrote, nothing is stored, and the report says why", async () => {
  const site = await anchored();
  await site.write("guide.md", `${SOURCE["guide.md"]}More.\n`);
  dieAfter(2, WRITES);
  await site.index().catch(() => undefined);
  vi.restoreAllMocks();
  const report = await site.verify();
  expect(report.notStored).toContain("siterag index");
  expect(report.figures.anchors.wrong).toBe(2);
});

test("while nothing can be stored, a page is not at the address where its words are", async () => {
  const site = await moved();
  await site.write("guide.md", `${SOURCE["guide.md"]}More.\n`);
  dieAfter(2, WRITES);
  await site.index().catch(() => undefined);
  vi.restoreAllMocks();
  const { differing, figures, notStored } = await site.verify();
  expect(notStored).toContain("siterag index");
  expect(figures.urls.wrong).toBe(1);
  expect(differing).toMatchObject([
    { url: "/guide/", kinds: expect.arrayContaining(["rewritten"]) },
  ]);
});
