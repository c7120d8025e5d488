import { LocalClient } from "../../../src/providers/local/local-client.ts";
import type { LoadedModel, LoadModel } from "../../../src/providers/local/load-model.ts";
import type { BatchingOptions } from "../../../src/planning/choose-roads.ts";
import { SiteragError } from "../../../src/words/errors.ts";
import { createVirtualClock } from "../../../src/words/virtual-clock.ts";
import { asVectors } from "../../contracts/sender-kinds.ts";
import { BATCHING } from "../../planning/plan-items.ts";

/** What a model can do wrong to a batch with a given text. */
const FAULTS: Readonly<Record<string, (vectors: Vectors, at: number) => Vectors>> = {
  "rate-limited": () => refuse("RATE_LIMITED"),
  unavailable: () => refuse("UNAVAILABLE"),
  "short-answer": (vectors) => vectors.slice(1),
  "wrong-length": (vectors, at) => vectors.with(at, Float32Array.of(1)),
  "not-a-number": (vectors, at) => vectors.with(at, new Float32Array(DIMENSIONS).fill(Number.NaN)),
};

type Vectors = readonly Float32Array[];

const DIMENSIONS = 32;

function refuse(code: "RATE_LIMITED" | "UNAVAILABLE"): never {
  throw new SiteragError(code, "The model was told to fail.");
}

interface Batch {
  readonly texts: readonly string[];
  readonly tokens: number;
}

/** Watches a model in virtual time, in which a batch takes 400 ms, and lets it fail. */
class WatchedModel {
  readonly clock = createVirtualClock();
  readonly batches: Batch[] = [];
  mostAtOnce = 0;
  readonly #faults: { readonly name: string; readonly text: string }[] = [];
  #atOnce = 0;

  addFault(name: string, text: string): void {
    this.#faults.push({ name, text });
  }

  /** No time passes in the runtime. */
  async #held<Value>(work: () => Promise<Value>): Promise<Value> {
    this.clock.hold();
    try {
      return await work();
    } finally {
      this.clock.release();
    }
  }

  watch(load: LoadModel): LoadModel {
    return async (...given) => {
      const model = await this.#held(() => load(...given));
      const textOf = new Map<readonly number[], string>();
      const encode = (text: string): readonly number[] => {
        const ids = model.encode(text);
        textOf.set(ids, text);
        return ids;
      };
      const run: LoadedModel["run"] = async (texts) => {
        const names = texts.map((ids) => textOf.get(ids) ?? "");
        const tokens = texts.reduce((sum, { length }) => sum + length, 0);
        this.#atOnce += 1;
        this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
        const batch = { texts: names, tokens: 0 };
        const at = this.batches.push(batch) - 1;
        try {
          await this.clock.sleep(400);
          const vectors = await this.#held(() => model.run(texts));
          const spoilt = this.#spoil(names, vectors);
          this.batches[at] = { texts: names, tokens };
          return spoilt;
        } finally {
          this.#atOnce -= 1;
        }
      };
      return { ...model, encode, run };
    };
  }

  #spoil(names: readonly string[], vectors: Vectors): Vectors {
    return this.#faults.reduce((spoilt, { name, text }) => {
      const at = names.findIndex((one) => one.includes(text));
      return at < 0 ? spoilt : (FAULTS[name]?.(spoilt, at) ?? spoilt);
    }, vectors);
  }
}

/** A local client in virtual time, and what its model has read. A call is one batch. */
export function localHarness(
  load: LoadModel,
  place: { readonly localModelPath: string; readonly directory: string },
  batching: BatchingOptions = BATCHING,
) {
  const model = new WatchedModel();
  const { directory, localModelPath } = place;
  const embedding = {
    model: "tiny",
    dimensions: DIMENSIONS,
    localModelPath,
    batchSize: 1024,
    batchTokens: 1_000_000,
  };
  const client = new LocalClient({
    embedding,
    directory,
    batching,
    clock: model.clock,
    load: model.watch(load),
  });
  return {
    ...asVectors(client, { maxParallelIndividual: 1 }),
    client,
    clock: model.clock,
    seen: () => ({
      calls: model.batches.length,
      jobs: 0,
      texts: model.batches.flatMap(({ texts }) => texts),
    }),
    mostCallsAtOnce: () => model.mostAtOnce,
    addFault: (name: string, text: string) => model.addFault(name, text),
    billed: () => ({
      inputTokens: model.batches.reduce((sum, { tokens }) => sum + tokens, 0),
      outputTokens: 0,
      costUsd: 0,
    }),
  };
}
