import { expect, test } from "vitest";
import { MockGeminiClient } from "../../src/providers/mock/mock-gemini-client.ts";
import { indexSite } from "../../src/indexing/index-site.ts";
import { related } from "../../src/searching/related.ts";
import { search, searchAll } from "../../src/searching/search.ts";
import type { SearchFilter } from "../../src/words/hits.ts";
import { docsSite } from "../support/docs-site.ts";

const PAGES = {
  "names.md": "# Names\n\nCall `foo_bar.baz` in the template, or set CONTENT_ROOT.\n",
  "words.md": "# Words\n\nThe foo of a bar is no baz; a model has a letter v.\n",
  "vue.md": "# Binding\n\nUse `v-model` and pass --batching-strategy to the tool.\n",
  "chinese.md": "# 安装\n\n如何安装软件包。検索の設定を変更する。\n",
  "german.md": "# Schriften\n\nGrößere Überschriften für die Straße.\n",
  "setup.md": "# Setup\n\nThe configuration lives beside the site.\n",
};

const FILLER = "Words of another kind follow here, and they say little. ".repeat(30);

async function indexed(pages: Readonly<Record<string, string>> = PAGES) {
  const { config } = await docsSite(pages);
  await indexSite({ config });
  return config;
}

const FINDABLE = [
  ["foo_bar.baz", "names.md"],
  ["foo_bar", "names.md"],
  ["content_root", "names.md"],
  ["v-model", "vue.md"],
  ["--batching-strategy", "vue.md"],
  ["安装", "chinese.md"],
  ["設定", "chinese.md"],
  ["GRÖSSERE Überschriften", "german.md"],
  ["uberschriften", "german.md"],
  ["strasse", "german.md"],
  ["configuratoin", "setup.md"],
] as const;

test("names, signs, scripts, accents and misspellings are found by text and by both", async () => {
  const config = await indexed();
  for (const [query, page] of FINDABLE) {
    for (const mode of ["text", "hybrid"] as const) {
      const { hits } = await search({ config, query, mode });
      expect([query, mode, hits[0]?.page]).toEqual([query, mode, page]);
    }
  }
});

test("no query at all makes a search fail", async () => {
  const config = await indexed();
  const odd = [
    "'",
    '"""',
    "?!…",
    "' OR 1=1; DROP TABLE chunks; --",
    "*",
    "(a AND",
    "\u0000",
    "x ".repeat(5000),
    "configuration words ".repeat(500),
    "y".repeat(10_000),
  ];
  for (const mode of ["text", "vector", "hybrid"] as const) {
    const answers = await searchAll({ config, queries: odd, mode });
    expect(answers.map(({ query }) => query)).toEqual(odd);
  }
});

test("an exact spelling comes before similar ones", async () => {
  const config = await indexed({
    "near.md": "# Near\n\nconfiguration configuration\n",
    "exact.md":
      "# Exact\n\nA long page that says configuraton once, by mistake, among many words.\n",
  });
  const { hits } = await search({ config, query: "configuraton", mode: "text" });
  expect(hits.map(({ page }) => page)).toEqual(["exact.md", "near.md"]);
  expect(hits[0]?.score).toBeGreaterThanOrEqual(hits[1]?.score ?? Infinity);
});

const LOCALES = {
  "en/a.md": "---\nlocale: en\nversion: '2'\n---\n# Page\n\nShared words here.\n",
  "de/it's.md": "---\nlocale: de\nversion: '1'\n---\n# Seite\n\nShared words here.\n",
  "plain.md": "# Plain\n\nShared words here.\n",
};

const FILTERS: readonly (readonly [SearchFilter, readonly string[]])[] = [
  [{}, ["de/it's.md", "en/a.md", "plain.md"]],
  [{ locale: "de" }, ["de/it's.md"]],
  [{ version: "2" }, ["en/a.md"]],
  [{ locale: null }, ["plain.md"]],
  [{ page: "de/it's.md" }, ["de/it's.md"]],
  [{ urlPrefix: "/en" }, ["en/a.md"]],
  [{ urlPrefix: "/%" }, []],
  [{ locale: "de", version: "2" }, []],
  [{ page: "x' OR '1'='1" }, []],
];

test("a filter holds in every mode, and is never more than a value", async () => {
  const config = await indexed(LOCALES);
  for (const [filter, pages] of FILTERS) {
    for (const mode of ["text", "vector", "hybrid"] as const) {
      const { hits } = await search({ config, query: "shared words", mode, filter });
      expect(hits.map(({ page }) => page).sort()).toEqual(pages);
    }
  }
});

test("a set of queries is embedded by one call and answered in order", async () => {
  const config = await indexed();
  const client = new MockGeminiClient();
  const queries = ["configuration", " ", "v-model", "configuration"];
  const answers = await searchAll({ config, queries, client, limit: 1 });
  expect(client.calls).toEqual([["configuration", "v-model"]]);
  expect(answers.map(({ hits }) => hits.map(({ page }) => page))).toEqual([
    ["setup.md"],
    [],
    ["vue.md"],
    ["setup.md"],
  ]);
});

test("a text search asks no client", async () => {
  const client = new MockGeminiClient();
  await search({ config: await indexed(), query: "configuration", mode: "text", client });
  expect(client.calls).toEqual([]);
});

test("minScore cuts off what is only near, and keeps what has the words", async () => {
  const config = await indexed();
  const query = "configuration";
  const found = async (mode: "vector" | "hybrid") =>
    (await search({ config, query, mode, minScore: 0.99 })).hits.map(({ page }) => page);
  expect(await found("vector")).toEqual([]);
  expect(await found("hybrid")).toEqual(["setup.md"]);
});

test("a hit tells what its score is made of, and marks the words in its snippet", async () => {
  const [hit] = (await search({ config: await indexed(), query: "configuration" })).hits;
  expect(hit?.scores).toEqual({
    vector: { rank: 1, score: expect.any(Number) },
    text: { rank: 1, score: expect.any(Number) },
  });
  expect(hit?.snippet).toEqual({
    text: "The configuration lives beside the site.",
    marks: [[4, 17]],
  });
});

test("grouped by page, each page stands once with its other hits below", async () => {
  const filler = "Caching is told at length. ".repeat(60);
  const config = await indexed({
    "a.md": `# A\n\n## One\n\n${filler}\n\n## Two\n\n${filler}\n`,
    "b.md": "# B\n\nCaching.\n",
  });
  const { hits } = await search({ config, query: "caching", groupByPage: true, limit: 2 });
  expect(hits.map(({ page }) => page).sort()).toEqual(["a.md", "b.md"]);
  expect(hits.find(({ page }) => page === "a.md")?.others?.length).toBeGreaterThan(0);
});

test("a page of very many hits hides no other page when hits are grouped", async () => {
  const sections = Array.from({ length: 60 }, (_, at) => `## Caching ${at}\n\ncaching ${FILLER}\n`);
  const config = await indexed({
    "long.md": `# Caching\n\n${sections.join("\n")}`,
    "b.md": `# B\n\n${FILLER} caching\n`,
    "c.md": `# C\n\n${FILLER} ${FILLER} caching\n`,
  });
  for (const mode of ["text", "vector", "hybrid"] as const) {
    const query = "caching";
    const { hits } = await search({ config, query, mode, groupByPage: true, limit: 3 });
    expect(hits.map(({ page }) => page).sort()).toEqual(["b.md", "c.md", "long.md"]);
    expect(hits.find(({ page }) => page === "long.md")?.others).toHaveLength(20);
  }
});

test("the same query with space around it is embedded once", async () => {
  const client = new MockGeminiClient();
  const queries = ["configuration", " configuration\t"];
  const answers = await searchAll({ config: await indexed(), queries, client });
  expect(client.calls).toEqual([["configuration"]]);
  expect(answers.map(({ query, degraded }) => [query, degraded])).toEqual([
    ["configuration", null],
    [" configuration\t", null],
  ]);
});

test.each(["/größe", "/größe/", "/gr%C3%B6%C3%9Fe/"])(
  "the URL %s may be written as it reads",
  async (urlPrefix) => {
    const config = await indexed({
      "größe.md": "# Die Größe\n\nWords.\n",
      "a.md": "# A\n\nWords.\n",
    });
    const { hits } = await search({ config, query: "words", filter: { urlPrefix } });
    expect(hits.map(({ page }) => page)).toEqual(["größe.md"]);
    expect(await related({ config, page: urlPrefix })).toMatchObject([{ page: "a.md" }]);
  },
);

test.each(["setup.md", "docs/setup.md", "/setup/", "/setup", "/setup/#setup"])(
  "pages related to %s are other pages, in the same order every time",
  async (page) => {
    const config = await indexed();
    const first = await related({ config, page });
    expect(first.map((one) => one.page)).not.toContain("setup.md");
    expect(first.length).toBe(5);
    expect(await related({ config, page })).toEqual(first);
  },
);
