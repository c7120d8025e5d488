import { chunkPage } from "../chunking/chunk-page.ts";
import { chunkEmbeddingText } from "../chunking/embedding-input.ts";
import { CHUNKER_VERSION } from "../chunking/version.ts";
import type { ResolvedConfig } from "../config/schema.ts";
import { discoverFiles } from "../content/discover.ts";
import { readPages } from "../content/read-pages.ts";
import { contextSpace } from "../generation/context-prompt.ts";
import { choosePages, noPagesSentence, requireSameSpace } from "./choose-pages.ts";
import { diffPage, type ChangedChunk } from "../planning/diff.ts";
import { fingerprintOf, pageKey } from "../planning/fingerprint.ts";
import { requireGoingOn, type Reading } from "./run.ts";
import type { SpoolReference } from "../store/chunk-spool.ts";
import type { RowState, StoredChunk } from "../store/chunk-index.ts";
import type { StoreView } from "../store/open-store.ts";
import type { PageRecord } from "../store/page-records.ts";
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
}

/** How the site differs from the index. */
export interface SiteChanges {
  readonly pages: number;
  /** Whether all pages were read. If not, chunks of other pages may be on their way. */
  readonly isWhole: boolean;
  /** Chunks whose rows need no update. */
  readonly unchanged: number;
  readonly changed: readonly SpooledChange[];
  /** Ids of rows whose chunks the site no longer has. */
  readonly vanished: readonly string[];
  /** Fingerprints of all rows before this run. */
  readonly before: ReadonlySet<string>;
  readonly records: readonly PageRecord[];
  readonly vanishedPages: readonly string[];
}

interface CollectOptions {
  readonly space: EmbeddingSpace;
  /** Model that writes sentences of context; null: texts are embedded without. */
  readonly model: string | null;
  /** Pages to touch, by id or path. Undefined: all. */
  readonly only: readonly string[] | undefined;
  /** Absolute folders to resolve relative paths in `only` from. Default: none. */
  readonly onlyFrom: readonly string[] | undefined;
}

/** Looks up the rows of this many pages together: bounds memory and the number of queries. */
const GROUP_SIZE = 32;

/** Reads the site page by page and compares it with the index. Does not parse unchanged pages. */
export async function collectChanges(
  reading: Reading,
  options: CollectOptions,
): Promise<SiteChanges> {
  const { config, messages, signal, store } = reading;
  const { model } = options;
  const space = model === null ? options.space : contextSpace(options.space, model);
  const index = await readIndex(store);
  const only = await chosenPages(reading, options, index);
  const found = new ChangeCollector({ reading, space, index, only });
  const unreadable = new Set<string>();
  const fail = (id: string, message: string): void => {
    unreadable.add(id);
    messages.fail(message);
  };
  for await (const page of readPages(config.content, { warn: messages.warn, fail }, signal, only)) {
    await found.add(page);
  }
  await found.compareGroup();
  requireGoingOn(signal);
  const changes = found.changes(unreadable);
  if (changes.pages === 0 && options.only === undefined) messages.warn(noPagesIn(config));
  return changes;
}

const noPagesIn = ({ content }: ResolvedConfig): string =>
  `No pages found in ${content.root}: check content.include (${content.include.join(", ")}) and content.exclude.`;

/** Ids of the pages to touch; null for all. */
async function chosenPages(
  { config, messages, store }: Reading,
  { space, only, onlyFrom = [] }: CollectOptions,
  index: IndexBefore,
): Promise<ReadonlySet<string> | null> {
  if (only === undefined) return null;
  const published = await store.chunks.published();
  requireSameSpace(published?.space ?? space, space);
  const { ids, noPages } = choosePages(only, {
    inRoot: new Set(await discoverFiles(config.content)),
    indexed: new Set([...index.records.keys(), ...index.rows.keys()]),
    root: config.content.root,
    folders: onlyFrom,
  });
  // Publishing now would also publish what that run wrote.
  if (published !== null && !index.isUntouched) {
    messages.warn(
      "An earlier run was interrupted while it wrote the index. This run updates all pages, not only the listed ones.",
    );
    return null;
  }
  if (only.length === 0) messages.tell("The list names no page: nothing to do.");
  if (noPages.length > 0) messages.tell(noPagesSentence(noPages));
  return ids;
}

interface IndexBefore {
  /** Whether the last run completed its writes; if not, the records may be wrong. */
  readonly isUntouched: boolean;
  readonly rows: ReadonlyMap<string, readonly RowState[]>;
  readonly records: ReadonlyMap<string, PageRecord>;
}

async function readIndex({ chunks, pages }: StoreView): Promise<IndexBefore> {
  const rows = Map.groupBy(await Array.fromAsync(chunks.states()), (row) => row.page);
  const isUntouched = (await chunks.untouched()) !== null;
  return { isUntouched, rows, records: await pages.read() };
}

interface Comparison {
  readonly reading: Reading;
  /** The space in fingerprints, which differs where texts are embedded with context. */
  readonly space: EmbeddingSpace;
  readonly index: IndexBefore;
  /** Ids of the pages to touch; null for all. */
  readonly only: ReadonlySet<string> | null;
}

class ChangeCollector {
  readonly #with: Comparison;
  readonly #seen = new Set<string>();
  readonly #changed: SpooledChange[] = [];
  readonly #vanished: string[] = [];
  readonly #records: PageRecord[] = [];
  #group: { readonly page: Page; readonly key: string }[] = [];
  #unchanged = 0;

  constructor(comparison: Comparison) {
    this.#with = comparison;
  }

  async add(page: Page): Promise<void> {
    const { reading, space } = this.#with;
    const context = { ...reading.config.chunking, space, chunkerVersion: CHUNKER_VERSION };
    const key = pageKey(page, context);
    this.#seen.add(page.id);
    if (this.#isUnchanged(page.id, key)) {
      this.#unchanged += this.#rowsOf(page.id).length;
    } else {
      this.#group.push({ page, key });
      if (this.#group.length >= GROUP_SIZE) await this.compareGroup();
    }
    reading.onProgress({ phase: "read", done: this.#seen.size, total: null });
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
      await this.#compare(page, key, stored.get(page.id) ?? []);
    }
    this.#group = [];
  }

  async #compare(page: Page, key: string, stored: readonly StoredChunk[]): Promise<void> {
    const { config, messages, spool } = this.#with.reading;
    const chunks = chunkPage(page, config.chunking, messages.warn).map((chunk) => ({
      chunk,
      fingerprint: fingerprintOf(this.#with.space, chunkEmbeddingText(chunk)),
    }));
    const changes = diffPage(stored, chunks);
    const texts = await spool.append(changes.changed.map(({ chunk }) => chunk));
    for (const [at, { chunk, ...change }] of changes.changed.entries()) {
      const text = texts[at];
      if (text === undefined) continue;
      const { id, tokens } = chunk;
      const bytes = Buffer.byteLength(chunkEmbeddingText(chunk));
      this.#changed.push({ ...change, id, page: chunk.page, tokens, bytes, text });
    }
    this.#unchanged += changes.unchanged;
    this.#vanished.push(...changes.vanished);
    if (!this.#isRecorded(page.id, key, chunks.length)) {
      this.#records.push({ page: page.id, key, chunks: chunks.length });
    }
  }

  changes(unreadable: ReadonlySet<string>): SiteChanges {
    const { records, rows: rowsBefore } = this.#with.index;
    const isLeft = (page: string): boolean => this.#with.only?.has(page) === false;
    const isGone = (page: string): boolean =>
      !this.#seen.has(page) && !unreadable.has(page) && !isLeft(page);
    const before = new Set<string>();
    for (const [page, rows] of rowsBefore) {
      for (const row of rows) before.add(row.fingerprint);
      if (isLeft(page)) this.#unchanged += rows.length;
      if (isGone(page)) this.#vanished.push(...rows.map((row) => row.id));
    }
    return {
      pages: this.#seen.size + [...records.keys()].filter(isLeft).length,
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
