import type { ReaderHit, SiteReader } from "../reader/index.ts";
import { makeFilters, type Filters } from "./filters.ts";
import { isLastWordFinished } from "./finished-word.ts";
import { renderFooter } from "./footer.ts";
import { listenToKeys } from "./keys.ts";
import { makeOptions, type Options } from "./options.ts";
import type { Panel } from "./panel.ts";
import { failureText, readerOf } from "./readers.ts";
import { renderHits } from "./render-hits.ts";
import type { SearchSettings } from "./settings.ts";
import { siteAddress } from "./site-address.ts";

/** Where a panel is shown. */
export interface SessionPlace {
  readonly settings: SearchSettings;
  readonly isDialog: boolean;
  /** Closes the dialog. */
  close(): void;
}

/** Pages at first, and with each "Show more": the text of each may be a request. */
const PAGES = 5;
const DEBOUNCE_MS = 80;
/** After so long, a word that is being typed may be a finished one. */
const PAUSE_MS = 600;

/** A panel that searches. */
export class Session {
  readonly #panel: Panel;
  readonly #place: SessionPlace;
  readonly #options: Options;
  #filters: Promise<Filters> | null = null;
  #running = new AbortController();
  #timer = 0;
  #limit = PAGES;
  /** Whether the list answers a question that was being typed. */
  #isTyping = false;
  /** Path of the page that the filters were made for. */
  #path = "";

  constructor(panel: Panel, place: SessionPlace) {
    this.#panel = panel;
    this.#place = place;
    this.#options = makeOptions(panel);
    panel.input.addEventListener("input", () => {
      this.#limit = PAGES;
      // What an older question finds must not end the wait for this one.
      this.#running.abort();
      this.#options.outdate();
      this.#later(() => this.#search(true), DEBOUNCE_MS);
    });
    panel.more.addEventListener("click", () => {
      this.#limit += PAGES;
      void this.#search(this.#isTyping);
    });
    // It comes while the question is being typed. A failure is the question's.
    this.#open().catch(() => {});
    listenToKeys(panel, this.#options, { ...place, ask: () => this.ask() });
    renderFooter(panel, place);
  }

  /** Asks the question in the field, as one that is whole unless it is being typed. */
  ask(isTyping = false): void {
    this.#limit = PAGES;
    void this.#search(isTyping);
  }

  #later(task: () => Promise<void>, delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void task(), delay);
  }

  /** `isAgain`: the question has an answer already, which stays if the reader has begun to choose. */
  async #search(isTyping: boolean, isAgain = false): Promise<void> {
    clearTimeout(this.#timer);
    this.#isTyping = isTyping;
    this.#running.abort();
    this.#running = new AbortController();
    const { signal } = this.#running;
    const { input, root } = this.#panel;
    const query = input.value;
    root.classList.toggle("busy", query.trim() !== "");
    if (query.trim() === "") return this.#show([], "", "");
    try {
      const { filters, reader } = await this.#open();
      const wanted = {
        ...filters.chosen(),
        groupByPage: true,
        limit: this.#limit,
        isTyping,
        signal,
      };
      const hits = this.#placed(await reader.search(query, wanted), reader);
      if (signal.aborted || (isAgain && this.#options.active() !== null)) return;
      // That the first letters of a word find nothing says nothing yet.
      const isEarly = isTyping && hits.length === 0;
      if (!isEarly) this.#show(hits, this.#messageFor(hits.length, query), query);
      if (isTyping) this.#later(() => this.#finish(reader, query, isEarly), PAUSE_MS);
    } catch (error) {
      if (!signal.aborted) this.#show([], failureText(error, this.#place.settings.labels), query);
    } finally {
      if (!signal.aborted) root.classList.remove("busy");
    }
  }

  /** Asks again for a word that is whole or finds nothing, unless the reader has begun to choose. */
  async #finish(reader: SiteReader, query: string, isEarly: boolean): Promise<void> {
    const isWhole = isEarly || (await isLastWordFinished(reader, query).catch(() => false));
    if (isWhole && this.#panel.input.value === query && this.#options.active() === null) {
      await this.#search(false, true);
    }
  }

  /** The index, and the choice among its languages and versions; after a failure, once more. */
  async #open(): Promise<{ readonly reader: SiteReader; readonly filters: Filters }> {
    const { settings } = this.#place;
    const reader = await readerOf(settings.index);
    // Where a host's router has changed the page: its own language and version come first again.
    if (this.#path !== location.pathname) this.#filters = null;
    this.#path = location.pathname;
    this.#filters ??= makeFilters(this.#panel, reader, settings, () => this.ask());
    this.#filters.catch(() => (this.#filters = null));
    return { reader, filters: await this.#filters };
  }

  /** The same hits with addresses on this server. */
  #placed(hits: readonly ReaderHit[], { manifest }: SiteReader): readonly ReaderHit[] {
    const { index } = this.#place.settings;
    const placed = <Hit extends { readonly url: string }>(hit: Hit): Hit => ({
      ...hit,
      url: siteAddress(hit.url, manifest, index, location.origin),
    });
    return hits.map((hit) => {
      const { others } = hit;
      return others === undefined ? placed(hit) : { ...placed(hit), others: others.map(placed) };
    });
  }

  #show(hits: readonly ReaderHit[], message: string, query: string): void {
    const { input, list, more, root, status } = this.#panel;
    status.textContent = message;
    root.classList.toggle("filled", hits.length > 0);
    root.classList.toggle("told", hits.length === 0 && message !== "");
    renderHits(list, hits, query);
    const isLeft = more.matches(":focus-visible") && hits.length < this.#limit;
    more.hidden = hits.length < this.#limit;
    if (isLeft) input.focus();
    this.#options.reset();
  }

  #messageFor(count: number, query: string): string {
    const { found, noResults } = this.#place.settings.labels;
    return count === 0
      ? noResults.replace("{query}", () => query.trim())
      : found.replace("{count}", String(count));
  }
}
