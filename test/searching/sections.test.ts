import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { anchorsOf } from "../../src/chunking/anchors.ts";
import { blocksOfPage } from "../../src/chunking/page-blocks.ts";
import { indexSite } from "../../src/indexing/index-site.ts";
import { search, searchAll } from "../../src/searching/search.ts";
import { pageOf } from "../chunking/page.ts";
import { docsSite } from "../support/docs-site.ts";

const MODES = ["text", "vector", "hybrid"] as const;
const PROSE = "Words of another kind follow here, and they say little. ".repeat(30);

async function indexed(pages: Readonly<Record<string, string>>) {
  const { config } = await docsSite(pages);
  await indexSite({ config });
  return config;
}

const JOINED =
  "# Guide\n\nWelcome.\n\n## Install\n\nRun the installer.\n\n### On Windows\n\nTake winget for it.\n\n## Cache\n\nVectors stay on disk.\n";

test("a hit is the section in which the words stand, in every mode", async () => {
  const config = await indexed({ "guide.md": JOINED });
  for (const mode of MODES) {
    const { hits } = await search({ config, query: "winget", mode });
    expect(hits).toMatchObject([
      {
        url: "/guide/#on-windows",
        headings: ["Guide", "Install", "On Windows"],
        snippet: { text: "Take winget for it.", marks: [[5, 11]] },
      },
    ]);
    expect(hits[0]?.text).toBe("Take winget for it.");
  }
});

test("a hit by its vector alone is the nearest section by words, else the first", async () => {
  const config = await indexed({ "guide.md": JOINED });
  const urlFor = async (query: string) =>
    (await search({ config, query, mode: "vector" })).hits.map(({ url }) => url);
  expect(await urlFor("where is the disk of unknown")).toEqual(["/guide/#cache"]);
  expect(await urlFor("unknown")).toEqual(["/guide/#guide"]);
});

test("the snippet of a heading without text comes from what follows it", async () => {
  const config = await indexed({ "a.md": "# Guide\n\n## Reference\n\n### Keys\n\nEach key.\n" });
  const { hits } = await search({ config, query: "reference" });
  expect(hits[0]).toMatchObject({ url: "/a/#reference", snippet: { text: "Each key." } });
});

test("no list has a URL twice, and it is full all the same", async () => {
  const parts = Array.from({ length: 12 }, (_, at) => `Caching ${at}. ${PROSE}`).join("\n\n");
  const others = ["b", "c", "d"].map((name) => [`${name}.md`, `# ${name}\n\nOn caching. ${PROSE}`]);
  const config = await indexed({ "a.md": `# Caching\n\n${parts}`, ...Object.fromEntries(others) });
  for (const mode of MODES) {
    const { hits } = await search({ config, query: "caching", mode, limit: 4 });
    expect(hits.map(({ url }) => url).toSorted()).toEqual([
      "/a/#caching",
      "/b/#b",
      "/c/#c",
      "/d/#d",
    ]);
    const scores = hits.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((one, other) => other - one));
    const grouped = await search({ config, query: "caching", mode, groupByPage: true });
    expect(grouped.hits.map(({ others: more }) => more)).toEqual([[], [], [], []]);
  }
});

test("pages with the same URL are one page when hits are grouped", async () => {
  const page = "# Guide\n\nOn caching.\n";
  const pages = { "a.md": page, "a/index.md": page, "b.md": "# Other\n\nOn caching, too.\n" };
  const config = await indexed(pages);
  const { hits } = await search({ config, query: "caching", groupByPage: true, limit: 2 });
  const urls = hits.flatMap(({ others = [], url }) => [url, ...others.map((other) => other.url)]);
  expect(urls.toSorted()).toEqual(["/a/#guide", "/b/#other"]);
});

test("a heading that says what the query says goes before sections that only repeat it", async () => {
  const repeated = "Caching here, caching there, caching all over. ".repeat(20);
  const config = await indexed({
    "a.md": `# Start\n\n${PROSE}\n\n## Caching\n\n${PROSE}\n\n### Details\n\n${repeated}\n`,
  });
  for (const mode of ["text", "hybrid"] as const) {
    const { hits } = await search({ config, query: "caching", mode });
    expect(hits[0]?.url).toBe("/a/#caching");
  }
});

const TITLED = "## Oil lamps\n\nAll about lamps.\n\n## Lamps that burn\n\nOf lamps, too.\n";

test.each([
  ["a page with text above its headings", `On light.\n\n${TITLED}`, "/a/"],
  ["a page that begins with a heading", TITLED, "/a/"],
  ["a page with such a heading", `On light.\n\n${TITLED}\n## All lamps\n\nYes.\n`, "/a/#all-lamps"],
  ["a long page", `On light. ${PROSE}\n\n${TITLED}\n\n${PROSE.repeat(9)}\n`, "/a/"],
])(
  "the title of %s leads to its beginning, unless a heading says the same",
  async (_, body, url) => {
    const about = "All lamps here, all lamps there, lamps all over. ".repeat(20);
    const config = await indexed({
      "a.md": `---\ntitle: “All” lamps\n---\n\n${body}`,
      "b.md": `# Others\n\n${about}\n`,
    });
    for (const mode of ["text", "hybrid"] as const) {
      const { hits } = await search({ config, query: "all lamps", mode });
      expect(hits[0]?.url).toBe(url);
      expect(hits[0]?.snippet.text).not.toBe("");
    }
  },
);

const FIXTURES = new URL("../../fixtures/chunks/", import.meta.url);

test("each heading of the fixtures is found first on its page by its own words", async () => {
  const names = (await readdir(FIXTURES)).filter((name) => /^page-.*\.mdx?$/.test(name));
  const pages = await Promise.all(
    names.map(async (name) => [name, await readFile(new URL(name, FIXTURES), "utf8")] as const),
  );
  const config = await indexed(Object.fromEntries(pages));
  const missed: string[] = [];
  let asked = 0;
  for (const [id, text] of pages) {
    const body = text.replace(/^---\n[^]*?\n---\n/, "");
    const { blocks, headings } = blocksOfPage(pageOf(body), () => {});
    const anchors = anchorsOf("github", headings);
    const own = blocks.filter((block) => block.kind === "heading");
    const unique = own.filter((heading) =>
      own.every((one) => one === heading || !one.plain.includes(heading.plain)),
    );
    const queries = unique.map(({ plain }) => plain);
    const answers = await searchAll({ config, queries, filter: { page: id } });
    asked += queries.length;
    answers.forEach(({ hits, query }, at) => {
      const anchor = anchors[unique[at]?.order ?? -1];
      if (!hits[0]?.url.endsWith(`#${anchor}`)) missed.push(`${query}: ${hits[0]?.url}`);
    });
  }
  expect(asked).toBeGreaterThan(50);
  expect(missed).toEqual([]);
});
