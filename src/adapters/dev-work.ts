import type { ResolvedConfig } from "../config/schema.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import { collectMessages, type Messages } from "../indexing/messages.ts";
import type { IndexInMemory } from "../indexing/site-in-memory.ts";
import { SiteOverlay } from "../indexing/site-overlay.ts";
import { byName } from "../publishing/name-files.ts";
import { count } from "../words/amounts.ts";
import { toError } from "../words/errors.ts";
import type { Clock, Logger } from "../words/types.ts";
import { overlayResults } from "./overlay-results.ts";
import { quietUpdates, type QuietUpdates } from "./quiet-updates.ts";
import { emptyResults, type SiteResults } from "./site-results.ts";

/** Files by name. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** Whom the work at a site in a dev server tells. */
export interface DevListener {
  readonly logger: Logger;
  /** Gets all files of the readers' index, each time that the site was read or could not be read. */
  readonly onFiles: (files: Files) => void;
  /** Gets results that differ from those before. */
  readonly onResults: (results: SiteResults) => void;
}

/** The work at a site in a dev server, here or in a thread of its own. */
export interface DevWork {
  /** Asks for the site to be read again. */
  readonly changed: () => void;
  readonly close: () => Promise<void>;
}

interface DevWorkOptions extends DevListener {
  readonly config: ResolvedConfig;
  readonly client: EmbeddingClient;
  readonly clock: Clock;
}

/** How long no file must have changed before the site is read again: editors write several at once. */
const QUIET_MS = 150;

/** The same before edited texts are embedded: somebody who writes saves often. */
const QUIET_BEFORE_EMBEDDING_MS = 2000;

interface Step {
  readonly work: (messages: Messages) => Promise<void>;
  /** What it means that the work has failed. */
  readonly failure: string;
  readonly quietMs: number;
  /** Is called after the work, and after its failure was told. */
  readonly after?: () => void;
}

/**
 * Keeps a site in a dev server up to date in three steps, none of which waits for the next: the words of its
 * pages; related pages and answers, from vectors that are stored; with `dev.embed`, vectors of edited texts.
 */
export class SiteDevWork implements DevWork {
  readonly #options: DevWorkOptions;
  readonly #closing = new AbortController();
  readonly #reading: QuietUpdates;
  readonly #relating: QuietUpdates;
  readonly #embedding: QuietUpdates;
  readonly #overlay: Promise<SiteOverlay>;
  #results: SiteResults;
  #index: IndexInMemory | null = null;
  /** Pages whose rows are out of date. */
  #touched = new Set<string>();
  /** Pages that were edited since the server has started, and that may have texts to embed. */
  #edited = new Set<string>();

  constructor(options: DevWorkOptions) {
    const { client, clock, config, logger } = options;
    const { signal } = this.#closing;
    const step = (does: Step): QuietUpdates => {
      const warner = warnerOfNew(logger);
      const update = async (): Promise<void> => {
        const told = warner.next();
        await does.work(collectMessages(told)).catch((error: unknown) => {
          if (!signal.aborted) told.warn(`${does.failure}: ${toError(error).message}`);
        });
        does.after?.();
      };
      return quietUpdates(update, clock, does.quietMs, signal);
    };
    this.#options = options;
    this.#results = emptyResults(config);
    this.#reading = step({
      work: (messages) => this.#read(messages),
      failure: "The search is not up to date",
      quietMs: QUIET_MS,
      after: () => options.onFiles(byName(this.#index?.files ?? [])),
    });
    this.#relating = step({
      work: () => this.#relate(),
      failure: "Related pages are not up to date",
      quietMs: 0,
    });
    this.#embedding = step({
      work: (messages) => this.#embed(messages),
      failure: "Edited texts have no vectors yet",
      quietMs: QUIET_BEFORE_EMBEDDING_MS,
    });
    const messages = collectMessages(logger);
    this.#overlay = SiteOverlay.open({ client, clock, config, messages, signal });
    this.#overlay.catch(() => undefined);
    this.#reading.ask(0);
  }

  /** Asks for the site to be read again. */
  readonly changed = (): void => this.#reading.ask();

  readonly close = async (): Promise<void> => {
    this.#closing.abort();
    const steps = [this.#reading, this.#relating, this.#embedding];
    await Promise.all(steps.map((step) => step.settled()));
    (await this.#overlay.catch(() => null))?.close();
  };

  async #read(messages: Messages): Promise<void> {
    const overlay = await this.#overlay;
    const isFirst = this.#index === null;
    const touched = await overlay.read(messages);
    if (isFirst || touched.size > 0) {
      this.#index = await overlay.readersIndex();
      const gone = new Set([...touched].filter((page) => !overlay.has(page)));
      if (gone.size > 0) this.#tell(withoutPages(this.#results, gone));
    }
    for (const page of touched) {
      this.#touched.add(page);
      if (!isFirst) this.#edited.add(page);
    }
    if (isFirst) messages.tell(`search is ready: ${count(touched.size, "page")}`);
    if (touched.size > 0) this.#relating.ask();
    if (touched.size > 0 && !isFirst && this.#options.config.dev.embed) this.#embedding.ask();
  }

  async #relate(): Promise<void> {
    const overlay = await this.#overlay;
    const index = this.#index;
    if (index === null) return;
    const touched = this.#touched;
    this.#touched = new Set();
    const { pages: before } = this.#results;
    try {
      const found = await overlayResults(overlay, before, touched, index, this.#options);
      this.#tell({ ...this.#results, ...found });
    } catch (error) {
      touched.forEach((page) => this.#touched.add(page));
      throw error;
    }
  }

  async #embed(messages: Messages): Promise<void> {
    const overlay = await this.#overlay;
    await this.#relating.settled();
    const edited = this.#edited;
    this.#edited = new Set();
    try {
      if (!(await overlay.embed(edited, messages))) return;
    } catch (error) {
      edited.forEach((page) => this.#edited.add(page));
      throw error;
    }
    edited.forEach((page) => this.#touched.add(page));
    this.#relating.ask();
  }

  #tell(results: SiteResults): void {
    if (JSON.stringify(results) === JSON.stringify(this.#results)) return;
    this.#results = results;
    this.#options.onResults(results);
  }
}

/** The results without pages that the site has lost, until they are made anew. */
const withoutPages = (results: SiteResults, gone: ReadonlySet<string>): SiteResults => ({
  ...results,
  pages: results.pages
    .filter(({ page }) => !gone.has(page))
    .map((one) => ({ ...one, related: one.related.filter(({ page }) => !gone.has(page)) })),
  answers: results.answers.map((answer) => ({
    ...answer,
    hits: answer.hits.filter(({ page }) => !gone.has(page)),
  })),
});

/** Warns of what the time before did not warn of. */
function warnerOfNew(logger: Logger): { next(): Logger } {
  let told: ReadonlySet<string> = new Set();
  return {
    next() {
      const before = told;
      const now = new Set<string>();
      told = now;
      return {
        ...logger,
        warn(line) {
          if (!before.has(line) && !now.has(line)) logger.warn(line);
          now.add(line);
        },
      };
    },
  };
}
