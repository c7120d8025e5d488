import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chunkPage } from "../../src/chunking/chunk-page.ts";
import { ChunkSectionLister } from "../../src/publishing/list-chunk-sections.ts";
import { sectionsOfPage } from "../../src/publishing/page-sections.ts";
import { CHUNK_SECTIONS, readChunkSections } from "../../src/searching/chunk-sections.ts";
import { pageOf } from "../chunking/page.ts";

const sourceOf = (file: Uint8Array | null) => ({
  read: async (name: string) => (name === CHUNK_SECTIONS ? file : null),
});

/** The lists of pages, each given by its chunks: by position, the sections with text and those without. */
const listed = fc.array(
  fc.record({
    sections: fc.integer({ min: 1, max: 6 }),
    positions: fc.uniqueArray(fc.nat(1000), { minLength: 1, maxLength: 5 }),
    in: fc.array(fc.tuple(fc.nat(4), fc.nat(5), fc.boolean()), { maxLength: 12 }),
  }),
  { maxLength: 6 },
);

describe("the sections of chunks", () => {
  it("are read as they were listed, for any site", async () => {
    await fc.assert(
      fc.asyncProperty(listed, async (pages) => {
        const lister = new ChunkSectionLister();
        const section = sectionsOfPage(chunkPage(pageOf("Text."), SETTINGS))[0]?.section;
        if (section === undefined) throw new Error("The page has no section.");
        const placed = pages.map(({ in: list, positions, sections }) =>
          Array.from({ length: sections }, (_, number) => ({
            section,
            chunks: list
              .filter(([at, of]) => of === number && at < positions.length)
              .map(([at, , hasText]) => ({ at, hasText })),
          })),
        );
        pages.forEach(({ positions }, at) => lister.add(positions, placed[at] ?? []));
        const sectionsOf = await readChunkSections(sourceOf(lister.file()));
        let first = 0;
        for (const [page, { positions }] of pages.entries()) {
          for (const [at, position] of positions.entries()) {
            const expected = (placed[page] ?? []).flatMap(({ chunks }, number) =>
              chunks
                .filter((one) => one.at === at)
                .map(({ hasText }) => ({ section: first + number, hasText })),
            );
            expect(sectionsOf(first, position)).toEqual(expected);
          }
          expect(sectionsOf(first, 1001)).toEqual([]);
          first += pages[page]?.sections ?? 0;
        }
      }),
    );
  });

  it("are those whose words a chunk has, with the title's at the beginning", async () => {
    const body = `## One\n\nFirst.\n\n## Two\n\n## Long\n\n${"Many words here. ".repeat(120)}`;
    const chunks = chunkPage(pageOf(body, { title: "Page" }), SETTINGS);
    const sections = sectionsOfPage(chunks);
    const lister = new ChunkSectionLister();
    lister.add([...chunks.keys()], sections);
    const sectionsOf = await readChunkSections(sourceOf(lister.file()));
    const names = sections.map(({ section }) => section.heading);
    expect(names).toEqual([null, "One", "Two", "Long"]);
    expect(chunks.length).toBeGreaterThan(2);
    expect(sectionsOf(0, 0)).toEqual([
      { section: 0, hasText: false },
      { section: 1, hasText: true },
    ]);
    expect(sectionsOf(0, 1)[0]).toEqual({ section: 2, hasText: false });
    expect(sectionsOf(0, chunks.length - 1)).toEqual([{ section: 3, hasText: true }]);
  });

  it("may be of a page with more chunks than a call takes arguments", async () => {
    const [section] = sectionsOfPage(chunkPage(pageOf("Text."), SETTINGS));
    if (section === undefined) throw new Error("The page has no section.");
    const chunks = Array.from({ length: 200_000 }, (_, at) => ({ at, hasText: true }));
    const lister = new ChunkSectionLister();
    lister.add([...chunks.keys()], [{ ...section, chunks }]);
    const sectionsOf = await readChunkSections(sourceOf(lister.file()));
    expect(sectionsOf(0, 199_999)).toEqual([{ section: 0, hasText: true }]);
  });

  it.each([
    null,
    new Uint8Array(),
    new Uint8Array(12),
    new ChunkSectionLister().file().subarray(1),
  ])("cannot be read from %j, and the error says what to do", async (file) => {
    await expect(readChunkSections(sourceOf(file))).rejects.toMatchObject({
      code: "STORE_FAILED",
      message: expect.stringContaining("Run `siterag index`"),
    });
  });
});

const SETTINGS = { maxTokens: 64, overlapTokens: 0 };
