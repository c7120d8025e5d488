import fc from "fast-check";
import { expect, test } from "vitest";
import { PageLister, writeSectionTable } from "../../src/publishing/write-table.ts";
import { Packer, writeTextPack } from "../../src/publishing/write-texts.ts";
import type { IndexedSection } from "../../src/ranking/section.ts";
import type { SectionHead } from "../../src/reader/section-heads.ts";
import { readSectionTable } from "../../src/reader/section-table.ts";
import { readTextPack } from "../../src/reader/text-pack.ts";
import { section } from "./sections.ts";

const TEXT = fc.string({ unit: "grapheme", maxLength: 30 });
const HEADING = fc.oneof(
  TEXT,
  fc.constantFrom("Set up", "build.cssMinify", "1.0", "Über uns", "a\nb", "\0", "C++ & C#", ""),
);

const PAGE = fc.record({
  url: fc.webUrl(),
  title: TEXT,
  locale: fc.constantFrom(null, "de", "en"),
  version: fc.constantFrom(null, "", "1.0"),
  sections: fc.array(
    fc.record({
      heading: fc.option(HEADING),
      trail: fc.array(HEADING, { maxLength: 3 }),
      address: fc.oneof(
        fc.constantFrom("", "#", "#set-up", "#build-cssminify", "#_1-0", "#10", "#c--c"),
        TEXT.map((id) => `#${id}`),
      ),
      isElsewhere: fc.boolean(),
      text: TEXT,
    }),
    { minLength: 1, maxLength: 8 },
  ),
});

/** Sections of a site in order; most URLs begin with that of the page's first section. */
const SITE = fc.array(PAGE, { maxLength: 8 }).map((pages) =>
  pages.flatMap(({ sections, url, ...facts }, number): IndexedSection[] =>
    sections.map(({ address, isElsewhere, ...own }) => ({
      ...facts,
      ...own,
      page: `page-${number}.md`,
      url: isElsewhere ? `/elsewhere${address}` : url + address,
    })),
  ),
);

function pagesOf(sections: readonly IndexedSection[]) {
  const lister = new PageLister();
  for (const one of sections) lister.add(one);
  return lister.list();
}

function packsOf(sections: readonly IndexedSection[]): (readonly IndexedSection[])[] {
  const packer = new Packer();
  const full = sections.map((one) => packer.add(one));
  return [...full, packer.take()].filter((pack) => pack !== null);
}

interface Read {
  readonly page: { readonly id: string; readonly url: string };
  readonly head: SectionHead;
}

const readUrl = ({ head, page }: Read): string =>
  head.isWhole ? head.address : page.url + head.address;

function tableOf(sections: readonly IndexedSection[], headsOf: readonly IndexedSection[]) {
  const list = pagesOf(sections);
  const sizes = packsOf(sections).map(({ length }) => length);
  const urlOf = ({ page }: IndexedSection): string =>
    list.pages.find(({ id }) => id === page)?.url ?? "";
  // Names have other letters than digits.
  const names = sizes.map((_, at) =>
    String.fromCharCode(...Array.from(String(at + 1e7), (digit) => 97 + Number(digit))),
  );
  const content = writeSectionTable(list, { sizes, names: names.join("") }, headsOf, urlOf);
  return { list, urlOf, table: readSectionTable(content, { ...list, nameLength: 8 }) };
}

const facts = ({ heading, page, trail, url }: IndexedSection) => ({ heading, page, trail, url });

test("pages, headings, trails and URLs of all sections come back", () => {
  fc.assert(
    fc.property(SITE, (sections) => {
      const { table } = tableOf(sections, sections);
      const read = sections.map((_, at) => {
        const page = table.pages[table.pageOf[at] ?? -1] ?? { id: "", url: "" };
        const head = table.heads?.[at];
        if (head === undefined) throw new Error("The section has no head.");
        const { heading, trail } = head;
        return { heading, page: page.id, trail, url: readUrl({ head, page }) };
      });
      expect(read).toEqual(sections.map(facts));
    }),
  );
});

test("in a large index they come back from the packs, with the texts", () => {
  fc.assert(
    fc.property(SITE, (sections) => {
      const { table, urlOf } = tableOf(sections, []);
      expect(table.heads ?? []).toEqual([]);
      const packs = packsOf(sections);
      const read = packs.flatMap((pack, number) => {
        const start = table.packStarts[number] ?? 0;
        const begins = (at: number): boolean =>
          table.pageOf[start + at] !== table.pageOf[start + at - 1];
        const { heads, texts } = readTextPack(writeTextPack(pack, urlOf), pack.length, begins);
        return texts.map((text, at) => {
          const page = table.pages[table.pageOf[start + at] ?? -1] ?? { id: "", url: "" };
          const head = heads?.[at];
          if (head === undefined) throw new Error("The section has no head.");
          const { heading, trail } = head;
          return { heading, page: page.id, trail, url: readUrl({ head, page }), text };
        });
      });
      expect(read).toEqual(sections.map((one) => ({ ...facts(one), text: one.text })));
    }),
  );
});

test("a page is what its first section says, with locale and version", () => {
  const { table } = tableOf(
    [
      section({ page: "a.md", url: "/a/#x", title: "A", locale: "de" }),
      section({ page: "a.md", url: "/a/#y", title: "A", locale: "de" }),
      section({ page: "b.md", url: "/b/", title: "B", version: "2" }),
    ],
    [],
  );
  expect(table.pages).toEqual([
    { id: "a.md", url: "/a/", title: "A", locale: "de", version: null },
    { id: "b.md", url: "/b/", title: "B", locale: null, version: "2" },
  ]);
  expect([...table.pageOf]).toEqual([0, 0, 1]);
});

test("packs have about 6 KiB, and a longer text one of its own", () => {
  const sizes = [3000, 3000, 3000, 20_000, 10];
  const sections = sizes.map((size) => section({ page: "a.md", text: "x".repeat(size) }));
  const packs = packsOf(sections).map((pack) => pack.map(({ text }) => text.length));
  expect(packs).toEqual([[3000, 3000], [3000], [20_000], [10]]);
});

test("sections of a page that are apart are refused", () => {
  const pages = ["a.md", "b.md", "a.md"].map((page) => section({ page }));
  expect(() => pagesOf(pages)).toThrow(
    new TypeError("The sections of a page must be neighbours: a.md."),
  );
});

test("a cut table is an error at every length", () => {
  const sections = [section({ page: "a.md", heading: "Über" })];
  const list = { ...pagesOf(sections), nameLength: 8 };
  const whole = writeSectionTable(list, { sizes: [1], names: "abcdefgh" }, sections, () => "/a/");
  expect(readSectionTable(whole, list).texts).toEqual(["abcdefgh.txt"]);
  for (let length = 0; length < whole.length; length += 1) {
    expect(() => readSectionTable(whole.subarray(0, length), list), String(length)).toThrow(Error);
  }
});
