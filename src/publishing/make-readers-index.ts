import { indexSections, type SectionIndex } from "../ranking/section-index.ts";
import type { IndexedSection } from "../ranking/section.ts";
import { FORMAT, MANIFEST_NAME } from "../reader/manifest.ts";
import { MOST_HEADS } from "../reader/section-table.ts";
import { fileNamer, type FileNamer, type PublishedFile } from "./name-files.ts";
import { pagesOf, writeSectionTable, type PageList } from "./write-table.ts";
import { writeEndings, writeSpellings, writeTerms, type TermPart } from "./write-terms.ts";
import { packsOf, writeTextPack } from "./write-texts.ts";

/** The files that readers search: see the page "Files of the readers' index" of the documentation. */
export interface ReadersIndex {
  /** `index.json`: it leads to all other files, so it is written last. */
  readonly manifest: PublishedFile;
  /** In the order of their names, which are hashes of their bytes. */
  readonly files: readonly PublishedFile[];
}

/** What an index says of itself beside its sections. */
export interface AboutIndex {
  /** What made the vectors: `gemini`, `none`. */
  readonly provider: string;
  readonly model: string | null;
}

/**
 * Makes the readers' index of a site. The same sections in the same order give the same bytes.
 * @param sections pages by id, the sections of a page in its order
 * @throws TypeError if sections of a page are apart
 */
export async function makeReadersIndex(
  sections: Iterable<IndexedSection> | AsyncIterable<IndexedSection>,
  about: AboutIndex,
): Promise<ReadersIndex> {
  const all = await Array.fromAsync(sections);
  const index = indexSections(all);
  const list = pagesOf(all);
  // Two files with one name are next to impossible; then all names get longer.
  for (let namer = fileNamer(); ; namer = fileNamer(namer.nameLength + 1)) {
    const table = writeTexts(all, list, namer);
    const manifest = writtenManifest(index, list, { ...about, table }, namer);
    if (!namer.hasCollision()) return { manifest, files: namer.files() };
  }
}

/** Writes the text packs and the table that names them; returns the table's name. */
function writeTexts(all: readonly IndexedSection[], list: PageList, { nameOf }: FileNamer): string {
  const urls = new Map(list.pages.map(({ id, url }) => [id, url]));
  const pageUrlOf = ({ page }: IndexedSection): string => urls.get(page) ?? "";
  const areHeadsInTable = all.length <= MOST_HEADS;
  const packs = [...packsOf(all)];
  const names = packs.map((pack) =>
    nameOf(writeTextPack(pack, areHeadsInTable ? null : pageUrlOf)),
  );
  const named = { sizes: packs.map(({ length }) => length), names: names.join("") };
  return nameOf(writeSectionTable(list, named, areHeadsInTable ? all : [], pageUrlOf));
}

/** Writes what `readManifest` reads, and the files of terms. */
function writtenManifest(
  index: SectionIndex,
  list: PageList,
  about: AboutIndex & { readonly table: string },
  { nameLength, nameOf }: FileNamer,
): PublishedFile {
  const listed = (parts: readonly TermPart[]) => ({
    from: parts.map(({ from }) => from),
    names: parts.map(({ content }) => nameOf(content)).join(""),
  });
  const manifest = {
    format: FORMAT,
    sections: index.sectionCount,
    pages: list.pages.length,
    averages: index.averages,
    locales: list.locales,
    versions: list.versions,
    provider: about.provider,
    model: about.model,
    nameLength,
    table: about.table,
    terms: listed(writeTerms(index.postings)),
    spellings: listed(writeSpellings(index.spellings)),
    endings: listed(writeEndings(index.spellings)),
  };
  const bytes = new TextEncoder().encode(`${JSON.stringify(manifest)}\n`);
  return { name: MANIFEST_NAME, bytes };
}
