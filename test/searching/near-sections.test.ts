import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, test, vi } from "vitest";
import { indexSite } from "../../src/indexing/index-site.ts";
import { ChunkSectionLister } from "../../src/publishing/list-chunk-sections.ts";
import { makeReadersIndex } from "../../src/publishing/make-readers-index.ts";
import { CHUNK_SECTIONS } from "../../src/searching/chunk-sections.ts";
import { RankedSections } from "../../src/ranking/ranked-sections.ts";
import { nearSections } from "../../src/searching/near-sections.ts";
import { wordsOf } from "../../src/searching/open-words.ts";
import { configSchema } from "../../src/providers/load-config.ts";
import { search } from "../../src/searching/search.ts";
import { IndexReader } from "../../src/store/index-reader.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

test("a search by vectors looks no deeper than where the lowest similarity is reached", async () => {
  const root = await temporaryFolder();
  const config = configSchema.parse({
    embedding: { provider: "mock" },
    content: { root },
    store: { uri: join(root, "db") },
  });
  const pages = Array.from({ length: 60 }, (_, at) => `page-${at}`);
  await Promise.all(
    pages.map((page) =>
      writeFile(join(root, `${page}.md`), `# ${page}\n\nCats sleep on ${page}.\n`),
    ),
  );
  await indexSite({ config });
  const nearest = vi.spyOn(IndexReader.prototype, "nearest");
  onTestFinished(() => nearest.mockRestore());
  const asked = { config, query: "sofa", mode: "vector" } as const;
  expect((await search({ ...asked, minScore: 1 })).hits).toEqual([]);
  expect(nearest).toHaveBeenCalledOnce();
});

describe("of a chunk of several sections", () => {
  const inChunk = [
    { section: 7, hasText: false },
    { section: 8, hasText: true },
    { section: 9, hasText: true },
  ];
  const chosen = async (scores: Readonly<Record<number, number>>): Promise<number | undefined> => {
    const list = Float64Array.from({ length: 12 }, (_, at) => scores[at] ?? 0);
    const numbers = Object.keys(scores).map(Number);
    const row = { id: "a", page: "a.md", position: 0 };
    const { sections } = await nearSections(
      { nearest: async () => [{ row, score: 0.9 }] },
      {
        reader: { sectionsOf: async () => [7, 8, 9] },
        chunkSections: async () => (first, position) =>
          first === 7 && position === 0 ? inChunk : [],
      },
      {
        vector: new Float32Array(4),
        depth: 1,
        minScore: 0,
        where: undefined,
        ranking: Promise.resolve(new RankedSections(numbers, list)),
      },
    );
    return sections[0]?.section;
  };

  it("takes the one that words find first, of equals the first", async () => {
    expect(await chosen({ 7: 1, 9: 3 })).toBe(9);
    expect(await chosen({ 7: 2, 8: 2 })).toBe(7);
  });

  it("takes the first with text where words find none", async () => {
    expect(await chosen({ 2: 5 })).toBe(8);
  });
});

test("a list of sections that could not be read is read again", async () => {
  const { files, manifest } = await makeReadersIndex([], { provider: "none", model: null });
  const known = new Map([...files, manifest].map(({ bytes, name }) => [name, bytes]));
  let fails = true;
  const words = await wordsOf(
    {
      async read(name) {
        if (name === CHUNK_SECTIONS && fails) throw new Error("busy");
        return (
          known.get(name) ?? (name === CHUNK_SECTIONS ? new ChunkSectionLister().file() : null)
        );
      },
    },
    true,
  );
  await expect(words.chunkSections?.()).rejects.toThrow("busy");
  fails = false;
  expect(await words.chunkSections?.()).toBeTypeOf("function");
  expect(words.chunkSections?.()).toBe(words.chunkSections?.());
});
