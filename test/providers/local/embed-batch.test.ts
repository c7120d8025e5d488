import { describe, expect, test } from "vitest";
import {
  cutBatches,
  embedInBatches,
  type CutText,
  type EmbedBatchOptions,
} from "../../../src/providers/local/embed-batch.ts";
import type { LoadedModel } from "../../../src/providers/local/load-model.ts";

const textsOf = (...lengths: number[]) => lengths.map((length) => ({ ids: { length } }));
const lengthsOf = (batches: ReturnType<typeof textsOf>[]) =>
  batches.map((batch) => batch.map(({ ids }) => ids.length));

describe("cutting batches", () => {
  test.each([
    { what: "no text", lengths: [], batches: [] },
    { what: "the longest first", lengths: [1, 3, 2], batches: [[3, 2, 1]] },
    { what: "at most batchSize texts", lengths: [2, 2, 2, 2, 2], batches: [[2, 2, 2, 2], [2]] },
    {
      what: "padding counts",
      lengths: [10, 1, 1, 1],
      batches: [
        [10, 1],
        [1, 1],
      ],
    },
    { what: "a full budget", lengths: [5, 5, 5, 5], batches: [[5, 5, 5, 5]] },
    { what: "a text beyond the budget goes alone", lengths: [30, 1], batches: [[30], [1]] },
  ])("$what", ({ lengths, batches }) => {
    const limits = { batchSize: 4, batchTokens: 20 };
    expect(lengthsOf(cutBatches(textsOf(...lengths), limits))).toEqual(batches);
  });
});

/** A model that refuses some batches; the vector of a text is its length. */
function modelOf(refuses: (batch: readonly (readonly number[])[]) => boolean) {
  const sizes: number[] = [];
  const model: LoadedModel = {
    contextTokens: 8,
    endTokens: 1,
    encode: (text) => [1, ...Array.from(text, () => 7), 2],
    async run(batch) {
      sizes.push(batch.length);
      if (refuses(batch)) throw new Error("bad allocation\nat some line");
      return batch.map(({ length }) => Float32Array.of(length));
    },
    release: async () => undefined,
  };
  return { model, sizes };
}

const OPTIONS: EmbedBatchOptions = {
  batchSize: 4,
  batchTokens: 100,
  onCut: () => undefined,
  nameOf: (at) => `text ${at}`,
};

describe("running batches", () => {
  test("vectors come back in the order of the texts, and tokens are those that were read", async () => {
    const { model, sizes } = modelOf(() => false);
    const texts = ["aaa", "a", "aaaa", "aa", "", "aaaaa"];
    const { tokens, vectors } = await embedInBatches(model, texts, OPTIONS);
    expect(vectors.map(([length]) => length)).toEqual([5, 3, 6, 4, 2, 7]);
    expect(tokens).toBe(27);
    expect(sizes).toEqual([4, 2]);
  });

  test("a text that is too long is told before anything is run, and keeps its last token", async () => {
    const { model, sizes } = modelOf(() => false);
    const told: (readonly [readonly CutText[], number])[] = [];
    const read: (readonly number[])[] = [];
    const watched = {
      ...model,
      run: (batch: readonly (readonly number[])[]) => {
        read.push(...batch);
        return model.run(batch);
      },
    };
    const onCut = (cut: readonly CutText[]) => told.push([cut, sizes.length]);
    await embedInBatches(watched, ["a", "a".repeat(20)], { ...OPTIONS, onCut });
    expect(told).toEqual([[[{ at: 1, tokens: 22 }], 0]]);
    expect(read[0]).toEqual([1, 7, 7, 7, 7, 7, 7, 2]);
  });

  test("a refused batch is halved once, and its halves are kept", async () => {
    const { model, sizes } = modelOf((batch) => batch.length > 2);
    const { vectors } = await embedInBatches(model, ["aa", "a", "aaa", "aaaa"], OPTIONS);
    expect(vectors.map(([length]) => length)).toEqual([4, 3, 5, 6]);
    expect(sizes).toEqual([4, 2, 2]);
  });

  test.each([
    {
      texts: ["aa", "a", "aaa", "aaaa"],
      says: "The model refused one of 2 texts, of which text 3 is the longest: bad allocation",
      runs: [4, 2],
    },
    { texts: ["aa"], says: "The model refused text 0: bad allocation", runs: [1] },
  ])("what is refused again is named", async ({ runs, says, texts }) => {
    const { model, sizes } = modelOf(() => true);
    await expect(embedInBatches(model, texts, OPTIONS)).rejects.toMatchObject({
      code: "EMBEDDING_FAILED",
      message: says,
    });
    expect(sizes).toEqual(runs);
  });

  test("once aborted, no further batch begins", async () => {
    const controller = new AbortController();
    const { model, sizes } = modelOf(() => false);
    const done: number[] = [];
    const onProgress = (count: number): void => {
      done.push(count);
      controller.abort(new Error("enough"));
    };
    const texts = Array.from({ length: 12 }, () => "a");
    const options = { ...OPTIONS, onProgress, signal: controller.signal };
    await expect(embedInBatches(model, texts, options)).rejects.toThrow("enough");
    expect([done, sizes]).toEqual([[4], [4]]);
  });

  test.each([
    { what: "before the first text, none is read", abortedAt: 0, read: 0 },
    { what: "while texts are read, reading stops", abortedAt: 150, read: 200 },
  ])("once aborted $what", async ({ abortedAt, read }) => {
    const controller = new AbortController();
    const abort = (): void => controller.abort(new Error("enough"));
    if (abortedAt === 0) abort();
    const { model, sizes } = modelOf(() => false);
    let count = 0;
    const encode = (text: string): readonly number[] => {
      count += 1;
      if (count === abortedAt) setImmediate(abort);
      return model.encode(text);
    };
    const texts = Array.from({ length: 1000 }, () => "a");
    const options = { ...OPTIONS, signal: controller.signal };
    const embedding = embedInBatches({ ...model, encode }, texts, options);
    await expect(embedding).rejects.toThrow("enough");
    expect([count, sizes]).toEqual([read, []]);
  });
});
