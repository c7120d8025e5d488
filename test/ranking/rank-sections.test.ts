import { array, assert, constantFrom, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { memorySource } from "../../src/ranking/memory-source.ts";
import { readQuestion } from "../../src/ranking/question.ts";
import { rankPages } from "../../src/ranking/rank-pages.ts";
import { RankedSections } from "../../src/ranking/ranked-sections.ts";
import { rankSections } from "../../src/ranking/rank-sections.ts";
import { indexSections } from "../../src/ranking/section-index.ts";
import { headingsFor, pagesFor, pagesOf, section } from "./ranked-site.ts";

const filler = (count: number, text = "Plants drink in the morning, behaviour of bees differs.") =>
  Array.from({ length: count }, (_, at) => section(`garden-${at}`, `Watering ${at}`, text));

test("a contraction finds what its two words find", async () => {
  const sections = [
    section(
      "What's new",
      "What's new in spring",
      "What you see is what you get. Where's the catch?",
    ),
    section("Storage", "Where files live", "Files are in the bucket named after the team."),
    section("Install", "Install command", "Run it to install the command."),
  ];
  const apart = await headingsFor(sections, "where is the bucket");
  expect(apart).toEqual(["Where files live"]);
  expect(await headingsFor(sections, "where's the bucket")).toEqual(apart);
});

describe("the section that has the very name is first", () => {
  const same = "This client talks to the service over a socket, and gives up with an error.";
  const sections = [
    section("Interfaces", "IWalkBehavior", "Lets somebody stroll. See also YouCompleteMe."),
    section("Interfaces", "maxParallelRequests", "How many go at once."),
    ...["C++ client", "C# client", "C client", "R client"].map((name) =>
      section("Clients", name, same),
    ),
    section("Clients", ".NET notes", "Long paths."),
    section("Operators", "Pipe a pair: ||>", "Hands two values to a function."),
    section("Operators", "Null coalescing: ??", "Gives the right side when the left is missing."),
    section("Decisions", "Storage choice", "Record DEC-0054 says it. Ticket PIO-1384 covers it."),
    section("Decisions", "Packages", "Install @acme/table-kit, then open src/widgets/grid.ts."),
    section("Decisions", "Release 2026.4.10", "Version v1.2.3 fixes the leak."),
    section("Decisions", "Later", "Version 1.2.30 does not."),
    ...filler(12),
  ];
  test.each([
    ["WalkBehavior", "IWalkBehavior"],
    ["you complete me", "IWalkBehavior"],
    ["parallel requests", "maxParallelRequests"],
    ["C++", "C++ client"],
    ["C#", "C# client"],
    ["C++ client", "C++ client"],
    ["C# client", "C# client"],
    ["C client", "C client"],
    [".NET", ".NET notes"],
    ["||>", "Pipe a pair: ||>"],
    ["??", "Null coalescing: ??"],
    ["1.2.3", "Release 2026.4.10"],
    ["v1.2.3", "Release 2026.4.10"],
    ["v1.2.30", "Later"],
    ["2026.4.10", "Release 2026.4.10"],
    ["DEC-0054", "Storage choice"],
    ["PIO-1384", "Storage choice"],
    ["@acme/table-kit", "Packages"],
    ["grid.ts", "Packages"],
  ])("%s → %s", async (query, heading) => {
    expect((await headingsFor(sections, query))[0]).toBe(heading);
  });
});

describe("a word is found in what is written together with it", () => {
  test.each([
    ["서버", "연결을 확인하십시오. 서버에서 오류가 발생합니다."],
    ["데이터베이스", "데이터베이스를 열기 전에 확인하십시오."],
    ["خادم", "يعمل الخادم على المنفذ"],
    ["Verbindung", "Die Größe des Verbindungspools steht hier."],
    ["Verbindung", "Die Datenbankverbindung."],
    ["verbindung", "Straße und DATENBANKVERBINDUNG."],
    ["软件", "如何安装软件包"],
    ["データ", "データベースの接続"],
    ["ฐานข้อมูล", "เชื่อมต่อฐานข้อมูลก่อน"],
  ])("%s in “%s”", async (query, text) => {
    const sections = [...filler(3, "連 none of it."), section("page", "found", text)];
    expect(await headingsFor(sections, query)).toEqual(["found"]);
  });
});

describe("a misspelt word is found", () => {
  const sections = [
    section("cache", "Cache", "Holds the configuration of Größe."),
    section("other", "Derive", "Nothing of it."),
    ...filler(5),
  ];
  test.each([
    ["dreive", "Derive"],
    ["confguration", "Cache"],
    ["CONFGIURATION", "Cache"],
    ["Grösze", "Cache"],
    ["cahce", "Cache"],
  ])("%s → %s", async (query, heading) => {
    expect((await headingsFor(sections, query))[0]).toBe(heading);
  });

  test("but a word of three letters is not taken for another", async () => {
    expect(await headingsFor([section("a", "one", "cat")], "car")).toEqual([]);
  });
});

test("while the reader types, a beginning of three letters finds the word", async () => {
  const sections = [section("a", "Configuration", "Of it."), section("b", "Cache", "Of it.")];
  expect(await headingsFor(sections, "conf", { isTyping: true })).toEqual(["Configuration"]);
  expect(await headingsFor(sections, "co", { isTyping: true })).toEqual([]);
});

test.each([
  ["embedded", "Embedding", "Texts become vectors."],
  ["indexing", "Index", "A list of all words."],
  ["cached", "Caches", "Kept for later."],
  ["queries", "Query", "What readers ask."],
])(
  "%s finds the heading %s, before a text that says the word itself",
  async (word, heading, text) => {
    const sections = [
      section("Concepts", `About ${word} things`, text),
      section(
        "Notes",
        "Odds and ends",
        `${"Nobody planned any of this at all. ".repeat(9)} ${word}.`,
      ),
      section("Concepts", heading, text),
      ...filler(12),
    ];
    expect(await headingsFor(sections, word)).toEqual([
      `About ${word} things`,
      heading,
      "Odds and ends",
    ]);
    expect(await headingsFor(sections.slice(2), word)).toEqual([heading]);
  },
);

test("what stands for a known word tells no more than the word, however rare it is", async () => {
  const sections = [
    section("Notes", "Bindings", "Read it."),
    section("Guide", "Setup", "A binding and a parser for each table of the grammar."),
    ...Array.from({ length: 9 }, (_, at) =>
      section(
        `Page ${at}`,
        `Part ${at}`,
        `${"Long texts say many things here. ".repeat(9)} binding`,
      ),
    ),
  ];
  expect((await headingsFor(sections, "binding parser"))[0]).toBe("Setup");
});

test("the best section that has a word is before all that only have what stands for it", async () => {
  const long = "Nobody planned any of this at all. ".repeat(9);
  const sections = [
    section("Notes", "Configuration", "The configuration of a configuration."),
    section("Notes", "Odds and ends", `${long} configuraton`),
    ...filler(12),
  ];
  expect((await headingsFor(sections, "configuraton"))[0]).toBe("Odds and ends");
});

describe("one Chinese character finds", () => {
  const sections = [
    section("a", "begins", "灯台の明かり"),
    section("b", "ends", "回転する電灯。"),
    section("c", "alone", "灯 を見る"),
    section("d", "inside", "街灯柱のそば"),
    section("e", "beyond", "𠮷野家"),
    section("f", "without", "船の案内"),
  ];

  test.each([
    ["灯", ["alone", "begins", "ends", "inside"]],
    ["𠮷", ["beyond"]],
    ["見", ["alone"]],
    ["鯨", []],
  ])("%s", async (query, found) => {
    expect(new Set(await headingsFor(sections, query))).toEqual(new Set(found));
    const typed = await headingsFor(sections, query, { isTyping: true });
    expect(new Set(typed)).toEqual(new Set(found));
  });
});

test("one Korean syllable finds the word with its particle", async () => {
  const sections = [section("a", "value", "값은 크다"), section("b", "other", "등대")];
  expect(await headingsFor(sections, "값")).toEqual(["value"]);
});

test("two words near each other count more than the same words apart", async () => {
  const apart = "Reference is one word here, and at the other end of a sentence comes the count.";
  const near = "Here is the reference count, and at the other end of a sentence comes one word.";
  const sections = [section("a", "apart", apart), section("b", "near", near)];
  expect(await headingsFor(sections, "reference count")).toEqual(["near", "apart"]);
});

test("a heading that has the small words of the question, too, is before a title that lacks them", async () => {
  const sections = [
    section("Lantern", "Why Lantern?", "It keeps notes."),
    section("Lantern", "Lantern", "Lantern, the lantern of lanterns."),
    ...filler(12),
  ];
  expect((await headingsFor(sections, "Why Lantern?"))[0]).toBe("Why Lantern?");
  expect((await headingsFor(sections, "lantern"))[0]).toBe("Lantern");
});

test("a heading that says the question and no more is before a text that repeats it", async () => {
  const sections = [
    section("a", "Caching", "Keeps what was paid for."),
    section("a", "Details", "caching ".repeat(60), { trail: ["Caching"] }),
    section("The lamps", null, "Where it begins."),
    section("b", "More", "lamps ".repeat(60)),
    ...filler(5),
  ];
  expect((await headingsFor(sections, "caching"))[0]).toBe("Caching");
  expect((await headingsFor(sections, "is it the caching?"))[0]).toBe("Caching");
  expect((await pagesFor(sections, "lamps"))[0]).toBe("The lamps");
});

test("a heading is no word: typing its beginning finds words alone", async () => {
  const sections = [section("a", "Config", "Of it."), section("b", "x", "A configuration.")];
  const source = memorySource(indexSections(sections));
  const asked: string[] = [];
  const spy = {
    ...source,
    postings: (terms: readonly string[]) => {
      asked.push(...terms);
      return source.postings(terms);
    },
  };
  await headingsFor(sections, "conf", { isTyping: true }, spy);
  expect(asked).toEqual(["conf", "conf ", "conf  ", "config", "configuration"]);
});

test("no answer is empty while one word of the question is known", async () => {
  const sections = [section("a", "Cache", "Of vectors."), ...filler(4)];
  expect((await headingsFor(sections, "xyzzy plugh vectors frobnicate"))[0]).toBe("Cache");
});

test("a page of several fitting sections is before a page of one that fits as well", async () => {
  const text = "The proxy answers.";
  const sections = [section("a", "x", text), section("b", "y", text), section("b", "z", text)];
  expect(await pagesFor(sections, "proxy")).toEqual(["b", "a"]);
});

test("a page's score is its best section and a falling share of the next eight", () => {
  const numbers = Array.from({ length: 12 }, (_, at) => at);
  const ranked = new RankedSections(numbers, new Float64Array(12).fill(1));
  const [page] = rankPages(ranked, () => 0);
  const harmonic = [1, 2, 3, 4, 5, 6, 7, 8].reduce((sum, k) => sum + 1 / k, 0);
  expect(page?.score).toBeCloseTo(1 + 0.3 * harmonic, 12);
  expect(page?.sections).toHaveLength(12);
});

test("what a filter shuts out is not found, and changes no other score", async () => {
  const sections = [section("a", "one", "cache"), section("b", "two", "cache")];
  const pages = pagesOf(sections);
  const source = memorySource(indexSections(sections));
  const question = readQuestion("cache");
  const all = await rankSections(question, source, pages);
  const allowed = await rankSections(question, source, {
    ...pages,
    isAllowed: (page) => page === 1,
  });
  expect(allowed.best()).toEqual(all.best().filter((one) => one.section === 1));
  expect(allowed.scoreOf(0)).toBe(0);
});

test("an aborted ranking rejects with the reason of its signal", async () => {
  const sections = [section("a", "one", "cache")];
  const source = memorySource(indexSections(sections));
  const asked = rankSections(
    readQuestion("cache"),
    source,
    pagesOf(sections),
    AbortSignal.abort(new Error("typed on")),
  );
  await expect(asked).rejects.toThrow("typed on");
});

const WORDS = ["cache", "caches", "vector", "vectors", "proxy", "server.proxy", "maxSize"] as const;
const texts = array(constantFrom(...WORDS), { minLength: 1, maxLength: 12 });

test("for any site, the order in which a source gives its postings changes no score", async () => {
  for (const [at, site] of sampled().entries()) {
    const sections = site.map((words, number) => section(`p${number % 3}`, "h", words.join(" ")));
    const source = memorySource(indexSections(sections));
    const turned = {
      ...source,
      postings: async (terms: readonly string[]) =>
        new Map([...(await source.postings(terms))].toReversed()),
    };
    const question = readQuestion(`vectors ${WORDS[at % WORDS.length]} proxi`);
    const pages = pagesOf(sections);
    const expected = await rankSections(question, source, pages);
    expect((await rankSections(question, turned, pages)).best()).toEqual(expected.best());
  }
});

function sampled(): (readonly string[])[][] {
  const sites: (readonly string[])[][] = [];
  assert(
    property(array(texts, { minLength: 1, maxLength: 12 }), (site) => {
      sites.push(site);
    }),
  );
  return sites;
}

test.each(["==", "!="])(
  "the operator %s finds its own section before those with a longer one",
  async (operator) => {
    const sections = [
      section("Compare", "Strictly", `a ${operator}= b, never a ${operator}= c`),
      section("Compare", operator, "Turns one side into the other's type."),
      ...filler(8),
    ];
    expect(await headingsFor(sections, operator)).toEqual([operator]);
  },
);
