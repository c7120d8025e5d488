import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { LocalClient, type LocalOptions } from "../../../src/providers/local/local-client.ts";
import { madeWords, makeModel, TINY } from "./make-model.ts";

/** Where the real runtime is installed. */
export const DIRECTORY: string = import.meta.dirname;

export const WORDS: readonly string[] = madeWords(1000);

/** The keys that the tests set. */
type Keys = Readonly<Record<string, unknown>>;

export interface Models {
  /** Folder of the models: `mean`, and `cls`, which wants a prefix before queries. */
  readonly path: () => string;
  /** A client of one of them. */
  readonly client: (
    model: "mean" | "cls",
    keys?: Keys,
    options?: Partial<Omit<LocalOptions, "embedding">>,
  ) => LocalClient;
}

const QUERY_PREFIX = `${WORDS[0]} ${WORDS[1]}: `;

/** How each model is to be used. */
export const KEYS = {
  mean: {},
  cls: { pooling: "cls", queryPrefix: QUERY_PREFIX },
} as const;

/** Makes two small models of different weights before the tests of a file. */
export function useModels(): Models {
  let path = "";
  beforeAll(async () => {
    path = await realpath(await mkdtemp(join(tmpdir(), "siterag-models-")));
    await makeModel(join(path, "mean"), { ...TINY, seed: 1, words: WORDS });
    await makeModel(join(path, "cls"), { ...TINY, seed: 2, words: WORDS });
  });
  afterAll(() => rm(path, { recursive: true, force: true }));
  const client: Models["client"] = (model, keys = {}, options = {}) =>
    new LocalClient({
      embedding: { model, localModelPath: path, ...KEYS[model], ...keys },
      directory: DIRECTORY,
      ...options,
    });
  return { path: () => path, client };
}

/** Texts of different lengths, from `fewest` to `most` words, in no order of length. */
export const textsOf = (count: number, fewest: number, most: number): string[] =>
  Array.from({ length: count }, (_, at) =>
    Array.from(
      { length: fewest + ((at * 7) % (most - fewest + 1)) },
      (_word, place) => WORDS[(at * 31 + place * 17) % WORDS.length] ?? "",
    ).join(" "),
  );

/** A row of a matrix. */
export const rowOf = (
  { data, shape }: Awaited<ReturnType<LocalClient["embedBatch"]>>,
  row: number,
): Float32Array => data.subarray(row * shape[1], (row + 1) * shape[1]);

/** The largest difference between numbers of two vectors, or of two matrices. */
export const largestDifference = (one: Float32Array, other: Float32Array): number =>
  one.reduce((most, value, at) => Math.max(most, Math.abs(value - (other[at] ?? Infinity))), 0);
