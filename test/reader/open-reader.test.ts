import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { indexSections } from "../../src/ranking/section-index.ts";
import { memorySource } from "../../src/ranking/memory-source.ts";
import { rankSections } from "../../src/ranking/rank-sections.ts";
import { readQuestion } from "../../src/ranking/question.ts";
import { openReader } from "../../src/reader/index.ts";
import { section } from "../publishing/sections.ts";
import { GARDEN, indexOf, memoryFiles } from "./published-site.ts";

const openGarden = async () => openReader(memoryFiles(await indexOf(GARDEN)));

const urls = (hits: readonly { readonly url: string }[]): string[] => hits.map(({ url }) => url);

describe("a search", () => {
  it("finds a section by its heading, with URL, trail, text and marked words", async () => {
    const [hit] = await (await openGarden()).search("pruning secateurs");
    expect(hit).toEqual({
      page: "roses.md",
      url: "/roses/#pruning",
      title: "Roses",
      headings: ["Pruning"],
      text: "Prune the roses in spring, with sharp **secateurs**.",
      snippet: {
        text: "Prune the roses in spring, with sharp secateurs.",
        marks: [[38, 47]],
      },
      score: expect.any(Number),
    });
  });

  it("lists each URL once, though several headings have that of their page", async () => {
    const hits = await (await openGarden()).search("tomatoes litres");
    expect(urls(hits).filter((url) => url === "/tomatoes/")).toHaveLength(1);
    expect(new Set(urls(hits)).size).toBe(hits.length);
    expect(hits[0]?.headings.at(-1)).toMatch(/details/iu);
  });

  it("shows of a heading without text what comes next on its page, and nothing of another page", async () => {
    const of = (page: string, heading: string, text = "") =>
      section({ page, heading, url: `/${page}/#${heading}`, text });
    const sections = [
      of("a", "zebra"),
      of("a", "stripes"),
      of("a", "why", "Flies."),
      of("a", "end"),
    ];
    const index = await indexOf([...sections, of("b", "lion", "Lions roar.")]);
    const reader = await openReader(memoryFiles(index));
    const shown = async (query: string) => (await reader.search(query))[0]?.snippet.text;
    expect(await Promise.all(["zebra", "why", "end"].map(shown))).toEqual(["Flies.", "Flies.", ""]);
  });

  it("groups by page, with further sections of the page", async () => {
    const reader = await openGarden();
    const hits = await reader.search("roses tomatoes", { groupByPage: true, locale: null });
    expect(hits.map(({ page }) => page).toSorted()).toEqual(["roses.md", "tomatoes.md"]);
    for (const { others = [], url } of hits) {
      expect(others.length).toBeGreaterThan(0);
      expect(urls(others)).not.toContain(url);
    }
  });

  it("takes pages with the same URL for one page, the best of them", async () => {
    const [url, heading] = ["/roses/", "Roses"];
    const sections = [
      section({ page: "a.md", url, title: "Other", text: "A word of roses among many others." }),
      section({ page: "b.md", url, title: heading, heading, text: "Roses and roses." }),
    ];
    const reader = await openReader(memoryFiles(await indexOf(sections)));
    const hits = await reader.search("roses", { groupByPage: true });
    expect(hits.map(({ page }) => page)).toEqual(["b.md"]);
  });

  it.each([
    [{ locale: "de" }, ["de/tomaten.md"]],
    [{ locale: null }, ["roses.md", "tomatoes.md"]],
    [{ version: "2" }, ["roses.md"]],
    [{ page: "tomatoes.md" }, ["tomatoes.md"]],
    [{ urlPrefix: "/roses" }, ["roses.md"]],
    [{ urlPrefix: "/roses/#pruning" }, ["roses.md"]],
    [{ urlPrefix: "/rose#pruning" }, []],
    [{ urlPrefix: "/roses", locale: "de" }, []],
  ])("keeps to pages with %j", async (filter, pages) => {
    const query = "tomatoes roses tomaten";
    const hits = await (await openGarden()).search(query, { ...filter, groupByPage: true });
    expect(hits.map(({ page }) => page).toSorted()).toEqual(pages);
  });

  it("keeps to a prefix as people read it", async () => {
    const url = "/%C3%BCber/";
    const reader = await openReader(
      memoryFiles(await indexOf([section({ page: "a.md", url, text: "us" })])),
    );
    for (const urlPrefix of ["/über", "/%C3%BCb"]) {
      expect(urls(await reader.search("us", { urlPrefix }))).toEqual([url]);
    }
  });

  it("gives none where the number of hits is no number", async () => {
    const reader = await openReader(memoryFiles(await indexOf(GARDEN)));
    expect(await reader.search("roses", { limit: Number.NaN })).toEqual([]);
  });

  it("gives as many hits as are wanted, and reads the texts of these alone", async () => {
    const text = "word ".repeat(2000);
    const index = await indexOf(
      ["a.md", "b.md", "c.md", "d.md"].map((page) => section({ page, text: text + page })),
    );
    const source = memoryFiles(index);
    const reader = await openReader(source);
    await reader.inNewestBuild((build) => build.sections([0]));
    const before = source.asked.length;
    expect(await reader.search("word", { limit: 2 })).toHaveLength(2);
    // One shard of terms, two packs of texts.
    expect(source.asked.length - before).toBe(3);
  });

  it.each(["", "   ", "?!", "\0"])("finds nothing for %j", async (query) => {
    expect(await (await openGarden()).search(query)).toEqual([]);
  });

  it.each([
    ["a misspelt word", "pruneing", "/roses/#pruning"],
    ["a word with another one that no page has", "zyxwvut watering", "/tomatoes/#watering"],
    ["the last part of a compound", "Verbindung", "/de/tomaten/"],
    ["a part of a name", "pour", "/tomatoes/#watering"],
  ])("finds by %s", async (_, query, url) => {
    expect(urls(await (await openGarden()).search(query))[0]).toBe(url);
  });

  it("takes the last word as a beginning while it is typed", async () => {
    const reader = await openGarden();
    expect(urls(await reader.search("secat", { isTyping: true }))).toEqual(["/roses/#pruning"]);
  });

  it("asks for no file twice", async () => {
    const source = memoryFiles(await indexOf(GARDEN));
    const reader = await openReader(source);
    await Promise.all(["roses", "roses pruning"].map((query) => reader.search(query)));
    await reader.search("roses");
    expect(source.asked).toEqual([...new Set(source.asked)]);
  });
});

describe("texts and headings", () => {
  const awkward = section({
    page: "a.md",
    title: 'Title\nwith "\0" 😀',
    heading: `<img src=x onerror=alert(1)>\n${"long ".repeat(2000)}`,
    trail: ["\0", "\uFEFFmark", "👩‍👩‍👧"],
    text: "A paragraph: &lt;img src=x onerror=alert(1)&gt; and `<img onerror=alert(2)>`\r\nend.",
  });

  it.each([
    ["in a small index", []],
    ["in a large index", Array.from({ length: 2000 }, (_, at) => section({ page: `b${at}.md` }))],
  ])("come back as they are %s, and snippets are text", async (_, others) => {
    const reader = await openReader(memoryFiles(await indexOf([awkward, ...others])));
    const [hit] = await reader.search("paragraph");
    expect(hit).toMatchObject({
      title: awkward.title,
      headings: [...awkward.trail, awkward.heading],
      text: awkward.text,
    });
    expect(hit?.snippet.text).toContain("<img onerror=alert(2)>");
  });
});

describe("an index without sections", () => {
  it("opens, and answers nothing", async () => {
    const reader = await openReader(memoryFiles(await indexOf([])));
    expect(reader.manifest).toMatchObject({ sections: 0, pages: 0, locales: [] });
    expect(await reader.search("anything at all")).toEqual([]);
    expect(await reader.suggest("any")).toEqual([]);
  });
});

describe("suggested words", () => {
  it("begin like the last word, the most frequent first", async () => {
    const words = await (await openGarden()).suggest("water the tom");
    expect(words[0]).toBe("tomatoes");
    expect(words.every((word) => word.startsWith("tom"))).toBe(true);
  });

  it.each(["to", "", "tomatoes "])("are none after %j", async (text) => {
    expect(await (await openGarden()).suggest(text)).toEqual([]);
  });
});

describe("for other programs, a reader", () => {
  it("ranks sections and pages, and knows facts and texts by number", async () => {
    const reader = await openGarden();
    await reader.inNewestBuild(async (build) => {
      const ranked = await build.rank("pruning");
      const [best] = ranked.best(1);
      expect(best?.section).toBe(2);
      expect((await build.rankPages(ranked))[0]?.page).toBe(1);
      expect(await build.sectionsOf("roses.md")).toEqual([1, 2]);
      expect(await build.sectionsOf("none.md")).toEqual([]);
      expect(await build.texts([1, 3])).toEqual(["All about roses.", "All about tomatoes."]);
      expect(await build.sections([5])).toEqual([
        {
          page: "tomatoes.md",
          url: "/tomatoes/",
          title: "Tomatoes",
          headings: ["Watering", "Details"],
          locale: null,
          version: null,
        },
      ]);
    });
  });

  it("ranks over files as over memory, to the last place", async () => {
    const word = fc.constantFrom(
      "rose",
      "tomato",
      "tomatoes",
      "watr",
      "useFoo",
      "v1.2",
      "C++",
      "日本語",
    );
    const text = fc.array(word, { maxLength: 12 }).map((words) => words.join(" "));
    const site = fc.array(fc.record({ heading: fc.option(text), text }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(site, text, fc.boolean(), async (parts, query, isTyping) => {
        const sections = parts.map((part, at) => section({ page: `p${at}.md`, ...part }));
        const reader = await openReader(memoryFiles(await indexOf(sections)));
        const question = readQuestion(query, { isTyping });
        const pages = { pageOf: (one: number) => one, isAllowed: () => true };
        const source = memorySource(indexSections(sections));
        const expected = await rankSections(question, source, pages);
        const hits = await reader.search(query, { isTyping, limit: 100 });
        expect(hits.map(({ score }) => score)).toEqual(expected.best().map(({ score }) => score));
      }),
      { numRuns: 40 },
    );
  });
});
