import { loadModel, type LoadedModel, type LoadModel } from "./load-model.ts";

interface Shared {
  readonly model: Promise<LoadedModel>;
  holders: number;
}

/** The models in memory, which all clients of the process share. */
const models = new Map<string, Shared>();

/** Loads a model once a process; the last one who releases it takes it out of the memory. */
export const loadShared: LoadModel = async (settings, directory) => {
  const { batchSize: _size, batchTokens: _tokens, ...files } = settings;
  const key = JSON.stringify([directory, files]);
  const shared = models.get(key) ?? { model: loadModel(settings, directory), holders: 0 };
  shared.holders += 1;
  models.set(key, shared);
  const forget = (): void => {
    if (models.get(key) === shared) models.delete(key);
  };
  const model = await shared.model.catch((cause: unknown) => {
    // The next one tries again.
    forget();
    throw cause;
  });
  return {
    ...model,
    async release() {
      shared.holders -= 1;
      if (shared.holders > 0) return;
      forget();
      await model.release();
    },
  };
};
