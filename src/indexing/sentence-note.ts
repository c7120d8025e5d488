import { isDamage } from "../store/store-error.ts";
import type { SentenceWriting } from "../store/meta.ts";
import type { StoreWriter } from "../store/open-store.ts";
import type { Clock } from "../words/types.ts";
import { recipesInStore } from "./forget-sentences.ts";

/**
 * Notes in the store that a run is writing sentences of context. No index has their chunks before the run
 * ends. If it dies, the note tells a later run to look for sentences whose chunks never came.
 */
export class SentenceNote {
  readonly #store: Pick<StoreWriter, "contexts" | "database" | "meta">;
  readonly #index: string;
  readonly #clock: Pick<Clock, "now">;
  /** What a run noted that died. */
  readonly #left: SentenceWriting | null;
  #isWritten = false;

  private constructor(
    store: Pick<StoreWriter, "contexts" | "database" | "meta">,
    index: string,
    clock: Pick<Clock, "now">,
    left: SentenceWriting | null,
  ) {
    this.#store = store;
    this.#index = index;
    this.#clock = clock;
    this.#left = left;
  }

  /** Call it at the start of a run. */
  static async open(
    store: Pick<StoreWriter, "contexts" | "database" | "meta">,
    index: string,
    clock: Pick<Clock, "now">,
  ): Promise<SentenceNote> {
    const left = (await store.meta.sentenceWriting()).get(index) ?? null;
    return new SentenceNote(store, index, clock, left);
  }

  /** Call it before the run orders or collects sentences of these models. */
  async write(models: readonly string[]): Promise<void> {
    const since = this.#left?.since ?? new Date(this.#clock.now()).toISOString();
    const all = [...new Set([...(this.#left?.models ?? []), ...models])];
    await this.#store.meta.noteSentenceWriting(this.#index, { since, models: all });
    this.#isWritten = true;
  }

  /**
   * Call it at the end. Removes the note, and first what a run that died has left; only a run that has
   * read all pages knows it.
   */
  async remove(hasReadAll: boolean): Promise<void> {
    if (this.#left === null && !this.#isWritten) return;
    if (this.#left !== null && !(hasReadAll && (await this.#clear(this.#left)))) return;
    await this.#store.meta.forgetSentenceWriting(this.#index);
  }

  /** Deletes the sentences since then whose chunks are in no index. False if an index cannot be read. */
  async #clear({ models, since }: SentenceWriting): Promise<boolean> {
    const { contexts, meta } = this.#store;
    const kept = await recipesInStore(this.#store, new Set(models)).catch(nullIfDamaged);
    if (kept === null) return false;
    const others = [...(await meta.sentenceWriting())].filter(([index]) => index !== this.#index);
    // Such a sentence may be on its way into the other index.
    const isOfOther = (createdAt: string) => others.some(([, other]) => other.since <= createdAt);
    const without = (await contexts.entries()).filter(
      ({ createdAt, key }) => createdAt >= since && !isOfOther(createdAt) && !kept.has(key),
    );
    // Even if there is none: a write that was never committed leaves its file.
    await contexts.remove(without.map(({ key }) => key));
    return true;
  }
}

function nullIfDamaged(error: unknown): null {
  if (isDamage(error)) return null;
  throw error;
}
