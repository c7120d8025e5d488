import { isSpelling, SectionTally } from "../ranking/section-index.ts";
import type { IndexedSection } from "../ranking/section.ts";
import type { KnownTerm } from "../ranking/term-source.ts";
import { FORMAT, MANIFEST_NAME } from "../reader/manifest.ts";
import { MOST_HEADS } from "../reader/section-table.ts";
import { fileNamer, type FileNamer, type PublishedFile } from "./name-files.ts";
import { TermRuns } from "./term-runs.ts";
import { PageLister, writeSectionTable } from "./write-table.ts";
import {
  termWriter,
  writeEndings,
  writeSpellings,
  writeTerms,
  type TermPart,
  type WrittenTerm,
} from "./write-terms.ts";
import { Packer, writeTextPack } from "./write-texts.ts";

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

type Sections = Iterable<IndexedSection> | AsyncIterable<IndexedSection>;

/** Takes files as they are made. */
type Put = (files: readonly PublishedFile[]) => Promise<void>;

/**
 * Makes the readers' index of a site in memory. The same sections in the same order give the same bytes.
 * @param sections pages by id, the sections of a page in its order
 * @throws TypeError if sections of a page are apart
 */
export async function makeReadersIndex(
  sections: Sections,
  about: AboutIndex,
): Promise<ReadersIndex> {
  const all = await Array.fromAsync(sections);
  let made: PublishedFile[] = [];
  const manifest = await writeReadersIndex(
    () => {
      made = [];
      return all;
    },
    about,
    async (files) => void made.push(...files),
  );
  return { manifest, files: made.sort((one, other) => (one.name < other.name ? -1 : 1)) };
}

/**
 * Makes the readers' index of a site of any size: hands its files over as they are made, and returns the
 * manifest. `sectionsOf` gives the sections, as for `makeReadersIndex`, each time it is called.
 */
export async function writeReadersIndex(
  sectionsOf: () => Sections,
  about: AboutIndex,
  put: Put,
): Promise<PublishedFile> {
  // Two files with one name are next to impossible; then all names get longer.
  for (let namer = fileNamer(); ; namer = fileNamer(namer.nameLength + 1)) {
    await using writing = new Writing(namer, put);
    for await (const section of sectionsOf()) await writing.add(section);
    const manifest = await writing.finish(about);
    if (!namer.hasCollision()) return manifest;
  }
}

/** Uses of terms in memory, about 200 bytes each; above so many, they go to the disk. */
const MOST_USES = 50_000;

/** Files are handed over when they have so many bytes together. */
const PUT_BYTES = 2 << 20;

/** One pass over the sections. */
class Writing {
  readonly #namer: FileNamer;
  readonly #put: Put;
  readonly #tally = new SectionTally();
  readonly #runs = new TermRuns();
  readonly #pages = new PageLister();
  readonly #packer = new Packer();
  readonly #packs: { sizes: number[]; names: string[] } = { sizes: [], names: [] };
  /** The first sections; null once there are more than heads have room in the table. */
  #first: IndexedSection[] | null = [];

  constructor(namer: FileNamer, put: Put) {
    this.#namer = namer;
    this.#put = put;
  }

  async add(section: IndexedSection): Promise<void> {
    this.#tally.add(section);
    if (this.#tally.uses > MOST_USES) await this.#runs.spill(this.#tally.take());
    this.#pages.add(section);
    this.#first?.push(section);
    if (this.#first === null) this.#pack(section);
    else if (this.#first.length > MOST_HEADS) {
      const first = this.#first;
      this.#first = null;
      for (const one of first) this.#pack(one);
    }
    await this.#putIfMany();
  }

  /** Writes all that was not written yet; returns the manifest. */
  async finish(about: AboutIndex): Promise<PublishedFile> {
    const table = this.#writeTable();
    const { averages, eachUseOf, sectionCount } = this.#tally.finish();
    const spellings: KnownTerm[] = [];
    const terms = this.#known(eachUseOf, spellings);
    const { locales, pages, versions } = this.#pages.list();
    const manifest = {
      format: FORMAT,
      sections: sectionCount,
      pages: pages.length,
      averages,
      locales,
      versions,
      provider: about.provider,
      model: about.model,
      nameLength: this.#namer.nameLength,
      table,
      terms: await this.#listed(writeTerms(terms)),
      spellings: await this.#listed(writeSpellings(spellings)),
      endings: await this.#listed(writeEndings(spellings)),
    };
    await this.#put(this.#namer.take());
    const bytes = new TextEncoder().encode(`${JSON.stringify(manifest)}\n`);
    return { name: MANIFEST_NAME, bytes };
  }

  /** The terms of the index, written; words for spelling go into a list as they pass. */
  *#known(
    eachUseOf: ReturnType<SectionTally["finish"]>["eachUseOf"],
    spellings: KnownTerm[],
  ): Generator<WrittenTerm> {
    const write = termWriter();
    for (const [term, uses] of this.#runs.merged(this.#tally.take())) {
      const eachUse = eachUseOf(uses);
      if (eachUse === null) continue;
      const written = write(term, eachUse);
      if (isSpelling(term)) spellings.push({ term, sections: written.sections });
      yield written;
    }
  }

  /** Names the files of parts; lists them as `readManifest` reads them. */
  async #listed(parts: Iterable<TermPart>) {
    const from: string[] = [];
    const names: string[] = [];
    for (const part of parts) {
      from.push(part.from);
      names.push(this.#namer.nameOf(part.content));
      await this.#putIfMany();
    }
    return { from, names: names.join("") };
  }

  /** Writes the last packs and the table that names all; returns its name. */
  #writeTable(): string {
    const heads = this.#first ?? [];
    for (const section of heads) this.#pack(section);
    this.#namePack(this.#packer.take());
    const { names, sizes } = this.#packs;
    const packs = { sizes, names: names.join("") };
    const { urlOf } = this.#pages;
    return this.#namer.nameOf(writeSectionTable(this.#pages.list(), packs, heads, urlOf));
  }

  #pack(section: IndexedSection): void {
    this.#namePack(this.#packer.add(section));
  }

  #namePack(pack: readonly IndexedSection[] | null): void {
    if (pack === null) return;
    const urlOf = this.#first === null ? this.#pages.urlOf : null;
    this.#packs.sizes.push(pack.length);
    this.#packs.names.push(this.#namer.nameOf(writeTextPack(pack, urlOf)));
  }

  async #putIfMany(): Promise<void> {
    if (this.#namer.waitingBytes() > PUT_BYTES) await this.#put(this.#namer.take());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#runs[Symbol.asyncDispose]();
  }
}
