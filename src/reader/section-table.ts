import { byteReader } from "./bytes.ts";
import { namesIn, type Manifest } from "./manifest.ts";
import { readHeads, type SectionHead } from "./section-heads.ts";

/** A page of the index. */
export interface PageFacts {
  /** Its source path. */
  readonly id: string;
  readonly url: string;
  readonly title: string;
  readonly locale: string | null;
  readonly version: string | null;
}

/** What is known of pages and sections without their texts. */
export interface SectionTable {
  readonly pages: readonly PageFacts[];
  /** The numbers of pages, by id. */
  readonly numbers: ReadonlyMap<string, number>;
  /** By section: the number of its page. */
  readonly pageOf: Uint32Array;
  /** By page: the number of its first section; then the number of all sections. */
  readonly pageStarts: Uint32Array;
  /** By text pack: the number of its first section; then the number of all sections. */
  readonly packStarts: Uint32Array;
  /** Names of the text packs. */
  readonly texts: readonly string[];
  /** By section; null where the packs have them. */
  readonly heads: readonly SectionHead[] | null;
}

/** Above so many sections, heads are in the text packs: a table of all would cost a reader more. */
export const MOST_HEADS = 2000;

/**
 * Reads the sections table: number of pages; ids and URLs, each beginning as the one before; titles; numbers
 * of locale and version in the manifest's lists; sections of each page; number of packs; sections of each
 * pack; names of the packs, side by side; number of heads, which is that of the sections or 0; the heads.
 * @throws RangeError if the content is no such table
 */
export function readSectionTable(
  content: Uint8Array,
  { locales, versions, nameLength }: Pick<Manifest, "locales" | "versions" | "nameLength">,
): SectionTable {
  const reader = byteReader(content);
  const count = reader.number();
  const ids = reader.sortedTexts(count);
  const urls = reader.sortedTexts(count);
  const titles = reader.texts(count);
  const pageLocales = reader.numbers(count);
  const pageVersions = reader.numbers(count);
  const pageStarts = startsOf(reader.numbers(count));
  const packStarts = startsOf(reader.numbers(reader.number()));
  const texts = reader.texts(1).flatMap((names) => namesIn(names, nameLength));
  const sectionCount = pageStarts.at(-1) ?? 0;
  const headCount = reader.number();
  const pageOf = new Uint32Array(sectionCount);
  for (let page = 0; page < count; page += 1)
    pageOf.fill(page, pageStarts[page], pageStarts[page + 1]);
  const begins = (section: number): boolean => pageOf[section] !== pageOf[section - 1];
  return {
    pages: ids.map((id, page) => ({
      id,
      url: urls[page] ?? "",
      title: titles[page] ?? "",
      locale: locales[pageLocales[page] ?? 0] ?? null,
      version: versions[pageVersions[page] ?? 0] ?? null,
    })),
    numbers: new Map(ids.map((id, page) => [id, page])),
    pageOf,
    pageStarts,
    packStarts,
    texts,
    heads: headCount < sectionCount ? null : readHeads(reader, headCount, begins),
  };
}

/** Numbers of the sections of a page, by its id. */
export function sectionsOfPage({ numbers, pageStarts }: SectionTable, id: string): number[] {
  const [first = 0, end = first] = pageStarts.subarray(numbers.get(id) ?? pageStarts.length);
  return Array.from({ length: end - first }, (_, at) => first + at);
}

/** Where each part begins, and where the last one ends. Throws RangeError where that is further than any site goes. */
export function startsOf(counts: Uint32Array): Uint32Array {
  const starts = new Uint32Array(counts.length + 1);
  counts.forEach((count, at) => {
    const end = (starts[at] ?? 0) + count;
    if (end > MOST_SECTIONS) throw new RangeError("There are too many sections.");
    starts[at + 1] = end;
  });
  return starts;
}

/** More sections than any site has: a damaged number asks for no memory. */
const MOST_SECTIONS = 10_000_000;
