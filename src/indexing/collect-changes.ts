import { chunkEmbeddingText } from "../chunking/embedding-input.ts";
import { satteri } from "../chunking/satteri.ts";
import type { ResolvedConfig } from "../config/schema.ts";
import { pageFiles } from "../content/page-files.ts";
import { explainReadError } from "../content/read-pages.ts";
import type { SitePage } from "../content/site-page.ts";
import { sitePages } from "../content/site-pages.ts";
import { readIndex, type IndexBefore } from "./index-before.ts";
import { diffPage, type ChangedChunk } from "../planning/diff.ts";
import { fingerprintOf } from "../planning/fingerprint.ts";
import { chunksOfPage, keyOfPage, spaceOfTexts, type ChunkingSettings } from "./page-chunks.ts";
import { pagesToTouch, type TouchOptions } from "./pages-to-touch.ts";
import { requireGoingOn, type Reading } from "./run.ts";
import { siteMemory, type FoundFiles } from "./site-memory.ts";
import type { SpoolReference } from "../store/chunk-spool.ts";
import type { RowState, StoredChunk } from "../store/chunk-index.ts";
import type { PageRecord } from "../store/page-records.ts";
import { isSameSpace } from "../words/embedding-space.ts";
import type { EmbeddingSpace, Page } from "../words/types.ts";

/** A changed chunk whose text is in the spool. */
export interface SpooledChange extends Omit<ChangedChunk, "chunk"> {
  readonly id: string;
  readonly page: string;
  /** Estimated tokens of the embedding input. */
  readonly tokens: number;
  /** Length of the embedding input as UTF-8. */
  readonly bytes: number;
  readonly text: SpoolReference;
  /** Whether its page was indexed by a version of siterag that makes other embedding inputs. */
  readonly isOfOtherVersion: boolean;
}

/** How the site differs from the index. */
export interface SiteChanges {
  readonly pages: number;
  /** Whether the run before completed its writes; if not, nobody knows which texts it removed. */
  readonly isUntouched: boolean;
  /** Whether all pages were read. If not, chunks of other pages may be on their way. */
  readonly isWhole: boolean;
  /** Chunks whose rows need no update. */
  readonly unchanged: number;
  /** `publishChanges` empties it. */
  readonly changed: SpooledChange[];
  /** Ids of rows whose chunks the site no longer has. */
  readonly vanished: readonly string[];
  /** Fingerprints of all rows before this run. */
  readonly before: ReadonlySet<string>;
  readonly records: readonly PageRecord[];
  readonly vanishedPages: readonly string[];
  /** What the run found in the files of the site; null: it read none. */
  readonly files: FoundFiles | null;
}

interface CollectOptions extends TouchOptions {
  /** Model that writes sentences of context; null: texts are embedded without. */
  readonly model: string | null;
}

/** Looks up the rows of this many pages together: bounds memory and the number of queries. */
const GROUP_SIZE = 32;

/** Reads the site page by page and compares it with the index. Does not parse unchanged pages. */
export async function collectChanges(
  reading: Reading,
  options: CollectOptions,
): Promise<SiteChanges> {
  const { config, messages, signal, store } = reading;
  const space = spaceOfTexts(options.space, options.model);
  const index = await readIndex(store);
  const before = await store.chunks.published();
  const isSameSetting =
    before?.contextModel === options.model && isSameSpace(before.space, options.space);
  const only = await pagesToTouch(reading, options, index);
  const unreadable = new Set<string>();
  const fail = (id: string, message: string): void => {
    unreadable.add(id);
    messages.fail(message);
  };
  const found = new ChangeCollector({ reading, space, isSameSetting, index, only, fail });
  const report = { ...messages, fail };
  let files: FoundFiles | null = null;
  const memory = siteMemory(store.knownFiles, (all) => (files = all));
  reading.onProgress({ phase: "read", done: 0, total: null });
  for await (const page of sitePages(config.content, report, signal, only, memory)) {
    // It may include a listed file without being listed.
    only?.add(page.id);
    await found.add(page);
  }
  await found.compareGroup();
  requireGoingOn(signal);
  const changes = { ...found.changes(unreadable), files };
  if (changes.pages === 0 && options.only === undefined) messages.warn(noPagesIn(config));
  if (changes.records.length > 0 && satteri.parser() === null) messages.warn(SLOW_PARSER);
  return changes;
}

const SLOW_PARSER = `satteri, the fast parser of Markdown, is not installed for ${process.platform}-${process.arch}: remark reads the pages, into the same chunks but more slowly. If it exists for this platform, install siterag with its optional dependencies.`;

function noPagesIn({ content }: ResolvedConfig): string {
  const { root, include, isBuilt } = pageFiles(content);
  return isBuilt === true
    ? `No pages found in ${root}: check that it holds the built site, and content.exclude.`
    : `No pages found in ${root}: check content.include (${include.join(", ")}) and content.exclude.`;
}

interface Comparison {
  readonly reading: Reading;
  /** The space in fingerprints, which differs where texts are embedded with context. */
  readonly space: EmbeddingSpace;
  /** Whether the index was built in this space. */
  readonly isSameSetting: boolean;
  readonly index: IndexBefore;
  /** Ids of the pages to touch; null for all. */
  readonly only: ReadonlySet<string> | null;
  readonly fail: (id: string, message: string) => void;
}

class ChangeCollector {
  readonly #with: Comparison;
  readonly #seen = new Set<string>();
  readonly #changed: SpooledChange[] = [];
  readonly #vanished: string[] = [];
  readonly #records: PageRecord[] = [];
  #group: { readonly page: SitePage; readonly key: string }[] = [];
  #unchanged = 0;
  #pages = 0;

  constructor(comparison: Comparison) {
    this.#with = comparison;
  }

  async add(page: SitePage): Promise<void> {
    const { reading } = this.#with;
    const key = keyOfPage(page, this.#settings);
    this.#seen.add(page.id);
    if (this.#isUnchanged(page.id, key)) {
      this.#unchanged += this.#rowsOf(page.id).length;
      if (this.#isInIndex(this.#rowsOf(page.id).length)) this.#pages += 1;
    } else {
      this.#group.push({ page, key });
      if (this.#group.length >= GROUP_SIZE) await this.compareGroup();
    }
    reading.onProgress({ phase: "read", done: this.#seen.size, total: null });
  }

  get #settings(): ChunkingSettings {
    const { reading, space } = this.#with;
    return { chunking: reading.config.chunking, space };
  }

  /** A built page without chunks was left out. */
  #isInIndex(chunks: number): boolean {
    return chunks > 0 || this.#with.reading.config.content.from === "source";
  }

  #rowsOf(page: string): readonly RowState[] {
    return this.#with.index.rows.get(page) ?? [];
  }

  /** Whether the key is the same and every row is there with its own vector. */
  #isUnchanged(page: string, key: string): boolean {
    const rows = this.#rowsOf(page);
    return (
      this.#with.index.isUntouched &&
      this.#isRecorded(page, key, rows.length) &&
      rows.every((row) => row.vectorFingerprint === row.fingerprint)
    );
  }

  #isRecorded(page: string, key: string, chunks: number): boolean {
    const record = this.#with.index.records.get(page);
    return record?.key === key && record.chunks === chunks;
  }

  /** Compares the pages gathered so far with their rows. */
  async compareGroup(): Promise<void> {
    const { index, reading } = this.#with;
    const known = this.#group.map(({ page }) => page.id).filter((id) => index.rows.has(id));
    const stored = Map.groupBy(await reading.store.chunks.rowsOf(known), (row) => row.page);
    for (const { page, key } of this.#group) {
      const read = await page.read().catch((error: unknown) => {
        this.#with.fail(page.id, explainReadError(page.id, error));
      });
      if (read !== undefined) await this.#compare(read, page.id, key, stored.get(page.id) ?? []);
    }
    this.#group = [];
  }

  /** `page` is null if it does not belong in the index. */
  async #compare(
    page: Page | null,
    pageId: string,
    key: string,
    stored: readonly StoredChunk[],
  ): Promise<void> {
    const { messages, spool } = this.#with.reading;
    const corrections = this.#with.index.records.get(pageId)?.corrections ?? null;
    const chunks =
      page === null ? [] : await chunksOfPage(page, corrections, this.#settings, messages.warn);
    const changes = diffPage(stored, chunks);
    const isOfOtherVersion =
      this.#with.isSameSetting &&
      stored.some(
        (row) => row.fingerprint !== fingerprintOf(this.#with.space, chunkEmbeddingText(row)),
      );
    const texts = await spool.append(changes.changed.map(({ chunk }) => chunk));
    for (const [at, { chunk, ...change }] of changes.changed.entries()) {
      const text = texts[at];
      if (text === undefined) continue;
      const { id, tokens } = chunk;
      const place = { id, page: chunk.page };
      this.#changed.push({ ...change, ...place, tokens, text, isOfOtherVersion });
    }
    if (this.#isInIndex(chunks.length)) this.#pages += 1;
    this.#unchanged += changes.unchanged;
    this.#vanished.push(...changes.vanished);
    if (!this.#isRecorded(pageId, key, chunks.length)) {
      const record = { page: pageId, key, chunks: chunks.length };
      this.#records.push({ ...record, corrections, verdict: null });
    }
  }

  changes(unreadable: ReadonlySet<string>): Omit<SiteChanges, "files"> {
    const { records, rows: rowsBefore } = this.#with.index;
    const isLeft = (page: string): boolean => this.#with.only?.has(page) === false;
    const isGone = (page: string): boolean =>
      !this.#seen.has(page) && !unreadable.has(page) && !isLeft(page);
    const leftRecords = [...records.values()].filter(
      ({ page, chunks }) => isLeft(page) && this.#isInIndex(chunks),
    );
    const before = new Set<string>();
    for (const [page, rows] of rowsBefore) {
      for (const row of rows) before.add(row.fingerprint);
      if (isLeft(page)) this.#unchanged += rows.length;
      if (isGone(page)) this.#vanished.push(...rows.map((row) => row.id));
    }
    return {
      isUntouched: this.#with.index.isUntouched,
      pages: this.#pages + leftRecords.length,
      isWhole: this.#with.only === null && unreadable.size === 0,
      unchanged: this.#unchanged,
      changed: this.#changed,
      vanished: this.#vanished,
      before,
      records: this.#records,
      vanishedPages: [...records.keys()].filter(isGone),
    };
  }
}
