import type { ResolvedConfig } from "../config/schema.ts";
import { explainReadError } from "../content/read-pages.ts";
import { sitePages } from "../content/site-pages.ts";
import type { SitePage } from "../content/site-page.ts";
import { makeReadersIndex, type AboutIndex } from "../publishing/make-readers-index.ts";
import type { PublishedFile } from "../publishing/name-files.ts";
import { ChunkSectionLister } from "../publishing/list-chunk-sections.ts";
import { sectionsOfPage, type PlacedSection } from "../publishing/page-sections.ts";
import type { Corrections } from "../words/corrections.ts";
import type { EmbeddingSpace } from "../words/types.ts";
import type { Messages } from "./messages.ts";
import { chunksOfPage, keyOfPage, type ChunkingSettings, type PlacedChunk } from "./page-chunks.ts";

/** A page as it was read last. */
export interface PageInMemory {
  readonly key: string;
  readonly chunks: readonly PlacedChunk[];
  readonly sections: readonly PlacedSection[];
}

/** The readers' index of a site in memory. */
export interface IndexInMemory {
  /** `index.json` is the last one. */
  readonly files: readonly PublishedFile[];
  /** The file that lists which sections lie in each chunk. */
  readonly chunkSections: Uint8Array;
}

/** What a site in memory is read with. */
export interface SiteInMemoryOptions {
  readonly config: ResolvedConfig;
  /** The space of its fingerprints. */
  readonly space: EmbeddingSpace;
  /** What the built site has proved wrong about a page's addresses. */
  readonly correctionsOf: (page: string) => Corrections | null;
}

/** The pages of a site while it is being edited. Nothing of it is stored. */
export class SiteInMemory {
  readonly #options: SiteInMemoryOptions;
  readonly #settings: ChunkingSettings;
  #pages: ReadonlyMap<string, PageInMemory> = new Map();

  constructor(options: SiteInMemoryOptions) {
    this.#options = options;
    this.#settings = { chunking: options.config.chunking, space: options.space };
  }

  /** Every page of the site by id, as of the last reading. */
  get pages(): ReadonlyMap<string, PageInMemory> {
    return this.#pages;
  }

  /**
   * Reads the site. Parses edited pages alone; a page that cannot be read stays as it was. Returns the ids
   * of pages that are new, changed or gone. Throws CONTENT_ROOT_MISSING.
   */
  async read(messages: Messages, signal?: AbortSignal): Promise<ReadonlySet<string>> {
    const { config } = this.#options;
    const pages = new Map<string, PageInMemory>();
    const touched = new Set<string>();
    const fail = (id: string, message: string): void => {
      messages.fail(message);
      const before = this.#pages.get(id);
      if (before !== undefined) pages.set(id, before);
    };
    for await (const page of sitePages(config.content, { ...messages, fail }, signal)) {
      const key = keyOfPage(page, this.#settings);
      const before = this.#pages.get(page.id);
      if (before?.key === key) {
        pages.set(page.id, before);
        continue;
      }
      const read = await this.#parse(page, key, messages.warn).catch((error: unknown) => {
        fail(page.id, explainReadError(page.id, error));
      });
      if (read === undefined) continue;
      touched.add(page.id);
      pages.set(page.id, read);
    }
    for (const id of this.#pages.keys()) if (!pages.has(id)) touched.add(id);
    this.#pages = pages;
    return touched;
  }

  async #parse(site: SitePage, key: string, warn: Messages["warn"]): Promise<PageInMemory> {
    const { correctionsOf } = this.#options;
    const page = await site.read();
    if (page === null) return { key, chunks: [], sections: [] };
    const chunks = await chunksOfPage(page, correctionsOf(site.id), this.#settings, warn);
    return { key, chunks, sections: sectionsOfPage(chunks.map(({ chunk }) => chunk)) };
  }

  /** What readers search, as a run over the same pages would publish it. */
  async readersIndex(about: AboutIndex): Promise<IndexInMemory> {
    const pages = [...this.#pages].sort(([one], [other]) => (one < other ? -1 : 1));
    const lister = new ChunkSectionLister();
    for (const [, { chunks, sections }] of pages)
      lister.add(
        chunks.map(({ position }) => position),
        sections,
      );
    const sections = pages.flatMap(([, page]) => page.sections.map(({ section }) => section));
    const { files, manifest } = await makeReadersIndex(sections, about);
    return { files: [...files, manifest], chunkSections: lister.file() };
  }
}
