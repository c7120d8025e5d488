import type { LoadedModel, LoadModel } from "./load-model.ts";
import type { ModelSettings } from "./model-settings.ts";

interface Shared {
  readonly model: Promise<LoadedModel>;
  holders: number;
}

/** The models in memory, which all clients of the process share. */
const models = new Map<string, Shared>();

/** A client's hold on a model: loads it once a process, and releases it with the last client. */
export class ModelHold {
  readonly #key: string;
  readonly #load: () => Promise<LoadedModel>;
  #held: Shared | null = null;

  constructor(settings: ModelSettings, directory: string, load: LoadModel) {
    const { batchSize: _, batchTokens: __, ...rest } = settings;
    this.#key = JSON.stringify([directory, rest]);
    this.#load = () => load(settings, directory);
  }

  /** Throws MODEL_UNAVAILABLE; the next call tries again. */
  async open(): Promise<LoadedModel> {
    if (this.#held === null) {
      const shared = models.get(this.#key) ?? { model: this.#load(), holders: 0 };
      shared.holders += 1;
      models.set(this.#key, shared);
      this.#held = shared;
    }
    try {
      return await this.#held.model;
    } catch (cause) {
      await this.release();
      throw cause;
    }
  }

  async release(): Promise<void> {
    const held = this.#held;
    if (held === null) return;
    this.#held = null;
    held.holders -= 1;
    if (held.holders > 0) return;
    models.delete(this.#key);
    await held.model.then((model) => model.release()).catch(() => undefined);
  }
}
