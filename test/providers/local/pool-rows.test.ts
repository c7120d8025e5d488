import { expect, test } from "vitest";
import { poolRows } from "../../../src/providers/local/pool-rows.ts";
import type { Output } from "../../../src/providers/local/runtime.ts";

const floats = (data: Float32Array, dims: readonly number[]): Output => {
  const output: Output = { type: "float32", data, dims, to: () => output };
  return output;
};

/** Two texts of two tokens, two numbers each; the second text has one token, and one that fills it up. */
const STATES = floats(Float32Array.of(3, 0, 0, 4, 0, 2, 9, 9), [2, 2, 2]);
const MASK = BigInt64Array.of(1n, 1n, 1n, 0n);
const settings = { dimensions: 2, model: "mine" } as const;

test.each([
  [
    "mean",
    { last_hidden_state: STATES },
    [
      [0.6, 0.8],
      [0, 1],
    ],
  ],
  [
    "mean",
    { token_embeddings: STATES },
    [
      [0.6, 0.8],
      [0, 1],
    ],
  ],
  [
    "cls",
    { last_hidden_state: STATES },
    [
      [1, 0],
      [0, 1],
    ],
  ],
  [
    "model",
    { sentence_embedding: floats(Float32Array.of(0, 5, 6, 8), [2, 2]) },
    [
      [0, 1],
      [0.6, 0.8],
    ],
  ],
] as const)("%s", (pooling, outputs, expected) => {
  const rows = poolRows(outputs, MASK, { ...settings, pooling });
  expect(rows).toEqual(expected.map((row) => Float32Array.from(row)));
});

test("numbers of half the length are read as numbers, not as their bits", () => {
  const bits = Uint16Array.from({ length: 8 }, (_, at) => at);
  const halves: Output = { type: "float16", data: bits, dims: STATES.dims, to: () => STATES };
  const rows = poolRows({ last_hidden_state: halves }, MASK, { ...settings, pooling: "cls" });
  expect(rows).toEqual([Float32Array.of(1, 0), Float32Array.of(0, 1)]);
});

test("a model of another width is refused with the width", () => {
  const pooled = () =>
    poolRows({ last_hidden_state: STATES }, MASK, { ...settings, dimensions: 3, pooling: "cls" });
  expect(pooled).toThrow(/embedding\.dimensions is 3, .* “mine” have 2 numbers\. Set .* to 2,/u);
});

test("a model without the wanted output is refused with what it gives", () => {
  const pooled = () => poolRows({ logits: STATES }, MASK, { ...settings, pooling: "model" });
  expect(pooled).toThrow('embedding.pooling is "model", but the model “mine” gives only logits.');
});
