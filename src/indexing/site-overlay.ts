import type { ResolvedConfig } from "../config/schema.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import type { GenerationClient } from "../generation/client.ts";
import { generatorOf } from "../providers/create-client.ts";
import { Spending } from "../sending/spending.ts";
import { MemoryIndex } from "../store/memory-index.ts";
import { withView, type StoreView } from "../store/open-store.ts";
import type { Corrections } from "../words/corrections.ts";
import { hasVectors } from "../words/embedding-space.ts";
import { toError } from "../words/errors.ts";
import type { Clock } from "../words/types.ts";
import { embedEdited } from "./embed-edited.ts";
import { contextModel } from "./fill-sentences.ts";
import type { Messages } from "./messages.ts";
import { spaceOfTexts } from "./page-chunks.ts";
import { SiteInMemory, type IndexInMemory } from "./site-in-memory.ts";
import { SiteVectors } from "./site-vectors.ts";

/** What a site is overlaid with. */
export interface OverlayOptions {
  readonly config: ResolvedConfig;
  readonly client: EmbeddingClient & { readonly generator?: GenerationClient };
  readonly clock: Clock;
  readonly messages: Messages;
  readonly signal: AbortSignal;
}

/**
 * A site as it is now, in memory, over the store of its last build: that gives corrections and vectors. Takes no
 * lock and writes nothing, but for vectors of edited texts where `embed` is called.
 */
export class SiteOverlay {
  readonly #options: OverlayOptions;
  readonly #site: SiteInMemory;
  readonly #vectors: SiteVectors;
  readonly #spending: Spending;
  readonly #hasSentences: boolean;
  /** The rows of the site, once `updateRows` has written them. */
  readonly index: MemoryIndex;

  private constructor(
    options: OverlayOptions,
    index: MemoryIndex,
    corrections: ReadonlyMap<string, Corrections | null>,
  ) {
    const { client, config } = options;
    const model = contextModel(config, generatorOf(config, client));
    const space = spaceOfTexts(client.space, model);
    const correctionsOf = (page: string): Corrections | null => corrections.get(page) ?? null;
    this.#options = options;
    this.#hasSentences = model !== null;
    this.#site = new SiteInMemory({ config, space, correctionsOf });
    this.#vectors = new SiteVectors(index, client.space, (fingerprints) =>
      viewOf(options, ({ cache }) => cache.read(fingerprints)),
    );
    this.#spending = new Spending({ budget: config.budget, profile: client.profile });
    this.index = index;
  }

  /** A store that cannot be read is a warning: then the overlay goes without it. */
  static async open(options: OverlayOptions): Promise<SiteOverlay> {
    const { client, messages } = options;
    const index = await MemoryIndex.open(client.space);
    const stored = await viewOf(options, async ({ chunks, pages }) => ({
      isIndexed: (await chunks.published()) !== null,
      records: await pages.read(),
    })).catch((error: unknown) => {
      messages.warn(`The store is left out: ${toError(error).message}`);
      return null;
    });
    if (stored?.isIndexed === false && hasVectors(client.space)) messages.tell(NOT_INDEXED);
    const records = [...(stored?.records ?? [])];
    const corrections = records.map(([page, record]) => [page, record.corrections] as const);
    return new SiteOverlay(options, index, new Map(corrections));
  }

  /** Reads the site; see `SiteInMemory.read`. */
  read(messages: Messages): Promise<ReadonlySet<string>> {
    return this.#site.read(messages, this.#options.signal);
  }

  /** Whether the site has a page. */
  has(page: string): boolean {
    return this.#site.pages.has(page);
  }

  /** What readers search. */
  readersIndex(): Promise<IndexInMemory> {
    const { provider, model } = this.#options.client.space;
    const about = { provider, model: hasVectors(this.#options.client.space) ? model : null };
    return this.#site.readersIndex(about);
  }

  /** Takes over what has changed on these pages, with the vectors that are stored by now. */
  updateRows(touched: ReadonlySet<string>): Promise<void> {
    return this.#vectors.update(this.#site.pages, touched);
  }

  /** Embeds what has no vector on these pages, whose rows are up to date; true: `updateRows` finds vectors now. */
  async embed(pages: ReadonlySet<string>, messages: Messages): Promise<boolean> {
    const pending = this.#vectors.pendingIn(pages);
    if (pending.length === 0) return false;
    if (this.#hasSentences) {
      messages.warn(WITH_SENTENCES);
      return false;
    }
    const isIndexed = await viewOf(
      this.#options,
      async ({ chunks }) => (await chunks.published()) !== null,
    );
    if (!isIndexed) return false;
    await embedEdited(pending, { ...this.#options, messages, spending: this.#spending });
    return true;
  }

  close(): void {
    this.index.close();
  }
}

const viewOf = <Value>(
  { client, clock, config }: OverlayOptions,
  use: (view: StoreView) => Promise<Value>,
): Promise<Value> => withView({ target: config.store, space: client.space, clock }, use);

const NOT_INDEXED =
  "There is no index yet, so readers' search works and related pages are missing: `siterag index` or a build makes it.";

const WITH_SENTENCES =
  "dev.embed embeds nothing while generation.enrich is on: sentences of context are written by `siterag index` alone.";
