import { untilAborted } from "../../words/until-aborted.ts";
import type { LoadedModel } from "./load-model.ts";

interface Held {
  readonly model: Promise<LoadedModel>;
  isLoaded: boolean;
}

/** The model of one client: loaded before its first use, and let go after its last one. */
export class HeldModel {
  readonly #load: () => Promise<LoadedModel>;
  readonly #uses = new Set<Promise<unknown>>();
  #held: Held | null = null;

  constructor(load: () => Promise<LoadedModel>) {
    this.#load = load;
  }

  /** Loads the model; after a failure, the next call tries again. */
  open(): Promise<LoadedModel> {
    this.#held ??= this.#loadOnce();
    return this.#held.model;
  }

  /** Works with the model, which stays until the work ends. Throws the signal's reason while it loads. */
  async use<Value>(
    work: (model: LoadedModel) => Promise<Value>,
    signal: AbortSignal | undefined,
  ): Promise<Value> {
    const use = untilAborted(this.open(), signal).then(work);
    this.#uses.add(use);
    try {
      return await use;
    } finally {
      this.#uses.delete(use);
    }
  }

  /** Waits for the work with the model. A load that is not over by then ends later, and its model goes. */
  async release(): Promise<void> {
    await Promise.allSettled(this.#uses);
    const held = this.#held;
    this.#held = null;
    const released = held?.model.then(
      (model) => model.release(),
      () => undefined,
    );
    if (held?.isLoaded === true) await released;
    else released?.catch(() => undefined);
  }

  #loadOnce(): Held {
    const held: Held = { isLoaded: false, model: this.#load() };
    void this.#watch(held);
    return held;
  }

  async #watch(held: Held): Promise<void> {
    try {
      await held.model;
      held.isLoaded = true;
    } catch {
      if (this.#held === held) this.#held = null;
    }
  }
}
