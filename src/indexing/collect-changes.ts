import { chunkPage } from "../chunking/chunk-page.ts";
import { chunkEmbeddingText } from "../chunking/embedding-input.ts";
import { CHUNKER_VERSION } from "../chunking/version.ts";
import type { ResolvedConfig } from "../config/schema.ts";
import { discoverFiles } from "../content/discover.ts";
import { readPages } from "../content/read-pages.ts";
import { SiteragError } from "../words/errors.ts";
import { choosePages, noPagesSentence, requireSameSpace } from "./choose-pages.ts";
import { diffPage, type ChangedChunk } from "../planning/diff.ts";
import { fingerprintOf, pageKey } from "../planning/fingerprint.ts";
import type { Run } from "./run.ts";
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

/** Everything in which the site differs from the index. */
export interface SiteChanges {
  readonly pages: number;
  /** Chunks whose rows are right as they are. */
  readonly unchanged: number;
  readonly changed: readonly SpooledChange[];
  /** Ids of rows that the site no longer has. */
  readonly vanished: readonly string[];
  /** Fingerprints of all rows before this run. */
  readonly before: ReadonlySet<string>;
  readonly records: readonly PageRecord[];
  readonly vanishedPages: readonly string[];
}

/** What the site is read with: the part of a `Run` that a dry run has, too. */
interface Reading extends Pick<Run, "config" | "spool" | "messages" | "onProgress"> {
  readonly store: StoreView;
  readonly signal?: AbortSignal | undefined;
}

interface CollectOptions {
  readonly space: EmbeddingSpace;
  /** The space as fingerprints see it: of another form where texts are embedded with context. */
  readonly inputSpace: EmbeddingSpace;
  /** Pages to touch, by id or path. Undefined: all. */
  readonly only: readonly string[] | undefined;
  /** Absolute folders that relative paths in `only` may start at. Default: none. */
  readonly onlyFrom: readonly string[] | undefined;
}

/** Pages whose rows are looked up together: bounds memory, and the number of queries. */
const GROUP_SIZE = 32;

/** Reads the site page by page and compares it with the index. An unchanged page is not parsed. */
export async function collectChanges(
  reading: Reading,
  options: CollectOptions,
): Promise<SiteChanges> {
  const { config, messages, signal, store } = reading;
  const index = await readIndex(store);
  const context = {
    ...config.chunking,
    space: options.inputSpace,
    chunkerVersion: CHUNKER_VERSION,
  };
  const only = await chosenPages(reading, options, index);
  const found = new ChangeCollector(reading, options.inputSpace, index, only);
  const unreadable = new Set<string>();
  const report = {
    warn: messages.warn,
    fail: (id: string, message: string) => {
      unreadable.add(id);
      messages.fail(message);
    },
  };
  for await (const page of readPages(config.content, report, signal, only)) {
    await found.add(page, pageKey(page, context));
  }
  await found.compareGroup();
  if (signal?.aborted === true) throw new SiteragError("INTERRUPTED", "Interrupted.");
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
  // Publishing now would publish what that run wrote, too.
  if (published !== null && !index.isUntouched) {
    messages.warn(
      "An earlier run was interrupted while it wrote: all pages are brought up to date, not only those listed.",
    );
    return null;
  }
  if (only.length === 0) messages.tell("The list names no page: nothing to do.");
  if (noPages.length > 0) messages.tell(noPagesSentence(noPages));
  return ids;
}

interface IndexBefore {
  /** Whether the rows are those of the last complete build; if not, the records may be wrong. */
  readonly isUntouched: boolean;
  readonly rows: ReadonlyMap<string, readonly RowState[]>;
  readonly records: ReadonlyMap<string, PageRecord>;
}

async function readIndex(store: StoreView): Promise<IndexBefore> {
  const rows = new Map<string, RowState[]>();
  for await (const row of store.chunks.states()) {
    const ofPage = rows.get(row.page);
    if (ofPage === undefined) rows.set(row.page, [row]);
    else ofPage.push(row);
  }
  const isUntouched = (await store.chunks.untouched()) !== null;
  return { isUntouched, rows, records: await store.pages.read() };
}

/** Gathers changes, a group of pages at a time. */
class ChangeCollector {
  readonly #reading: Reading;
  readonly #inputSpace: EmbeddingSpace;
  readonly #index: IndexBefore;
  readonly #only: ReadonlySet<string> | null;
  readonly #seen = new Set<string>();
  readonly #changed: SpooledChange[] = [];
  readonly #vanished: string[] = [];
  readonly #records: PageRecord[] = [];
  #group: { readonly page: Page; readonly key: string }[] = [];
  #unchanged = 0;

  constructor(
    reading: Reading,
    inputSpace: EmbeddingSpace,
    index: IndexBefore,
    only: ReadonlySet<string> | null,
  ) {
    this.#reading = reading;
    this.#inputSpace = inputSpace;
    this.#only = only;
    this.#index = index;
  }

  async add(page: Page, key: string): Promise<void> {
    this.#seen.add(page.id);
    if (this.#isUnchanged(page.id, key)) {
      this.#unchanged += this.#index.rows.get(page.id)?.length ?? 0;
    } else {
      this.#group.push({ page, key });
      if (this.#group.length >= GROUP_SIZE) await this.compareGroup();
    }
    this.#reading.onProgress({ phase: "read", done: this.#seen.size, total: null });
  }

  /** Same key, and its rows are all there, with vectors of their own. */
  #isUnchanged(page: string, key: string): boolean {
    const record = this.#index.records.get(page);
    const rows = this.#index.rows.get(page) ?? [];
    return (
      this.#index.isUntouched &&
      record?.key === key &&
      record.chunks === rows.length &&
      rows.every((row) => row.vectorFingerprint === row.fingerprint)
    );
  }

  /** Compares the pages gathered so far with their rows. */
  async compareGroup(): Promise<void> {
    const known = this.#group.map(({ page }) => page.id).filter((id) => this.#index.rows.has(id));
    const stored = Map.groupBy(await this.#reading.store.chunks.rowsOf(known), (row) => row.page);
    for (const { page, key } of this.#group) {
      await this.#compare(page, key, stored.get(page.id) ?? []);
    }
    this.#group = [];
  }

  async #compare(page: Page, key: string, stored: readonly StoredChunk[]): Promise<void> {
    const { config, messages, spool } = this.#reading;
    const chunks = chunkPage(page, config.chunking, messages.warn).map((chunk) => ({
      chunk,
      fingerprint: fingerprintOf(this.#inputSpace, chunkEmbeddingText(chunk)),
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
    const record = this.#index.records.get(page.id);
    if (record?.key !== key || record.chunks !== chunks.length) {
      this.#records.push({ page: page.id, key, chunks: chunks.length });
    }
  }

  changes(unreadable: ReadonlySet<string>): SiteChanges {
    const isLeft = (page: string): boolean => this.#only?.has(page) === false;
    const isGone = (page: string): boolean =>
      !this.#seen.has(page) && !unreadable.has(page) && !isLeft(page);
    const before = new Set<string>();
    for (const [page, rows] of this.#index.rows) {
      for (const row of rows) before.add(row.fingerprint);
      if (isLeft(page)) this.#unchanged += rows.length;
      if (isGone(page)) this.#vanished.push(...rows.map((row) => row.id));
    }
    return {
      pages: this.#seen.size + [...this.#index.records.keys()].filter(isLeft).length,
      unchanged: this.#unchanged,
      changed: this.#changed,
      vanished: this.#vanished,
      before,
      records: this.#records,
      vanishedPages: [...this.#index.records.keys()].filter(isGone),
    };
  }
}
