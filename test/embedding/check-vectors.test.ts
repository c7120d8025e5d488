import { expect, test } from "vitest";
import { checkVectors } from "../../src/embedding/check-vectors.ts";

const good = Float32Array.of(0.6, 0.8, 0);

test.for([
  { what: "no texts", vectors: [], texts: 0 },
  { what: "one vector", vectors: [good], texts: 1 },
  { what: "several", vectors: [good, Float32Array.of(0, 0, -1)], texts: 2 },
  {
    what: "a length that is off by rounding",
    vectors: [Float32Array.of(0.6002, 0.8002, 0)],
    texts: 1,
  },
])("an answer in order passes: $what", ({ vectors, texts }) => {
  expect(checkVectors(vectors, texts, 3)).toBeUndefined();
});

test("unit vectors of the largest size pass", () => {
  const vector = new Float32Array(3072).fill(1 / Math.sqrt(3072));
  expect(checkVectors([vector], 1, 3072)).toBeUndefined();
});

test.for([
  { what: "too few", vectors: [good], texts: 2, problem: "1 vector for 2 texts" },
  { what: "too many", vectors: [good, good], texts: 1, problem: "2 vectors for 1 text" },
  { what: "none", vectors: [], texts: 3, problem: "0 vectors for 3 texts" },
  {
    what: "a short vector",
    vectors: [good, Float32Array.of(0.6, 0.8)],
    texts: 2,
    problem: "vector 2 of 2 with 2 numbers, not 3",
  },
  {
    what: "a long vector",
    vectors: [Float32Array.of(0.6, 0.8, 0, 0)],
    texts: 1,
    problem: "vector 1 of 1 with 4 numbers, not 3",
  },
  {
    what: "an empty vector",
    vectors: [new Float32Array(0)],
    texts: 1,
    problem: "vector 1 of 1 with 0 numbers, not 3",
  },
  {
    what: "NaN",
    vectors: [Float32Array.of(1, 0, Number.NaN)],
    texts: 1,
    problem: "vector 1 of 1 with a number that is not finite",
  },
  {
    what: "Infinity",
    vectors: [good, good, Float32Array.of(0, Number.NEGATIVE_INFINITY, 0)],
    texts: 3,
    problem: "vector 3 of 3 with a number that is not finite",
  },
  {
    what: "a zero vector",
    vectors: [new Float32Array(3)],
    texts: 1,
    problem: "vector 1 of 1 with a length of 0.000, not 1",
  },
  {
    what: "a vector that is too long by a little",
    vectors: [Float32Array.of(0.6, 0.802, 0)],
    texts: 1,
    problem: "vector 1 of 1 with a length of 1.002, not 1",
  },
  {
    what: "a vector that is not normalised",
    vectors: [Float32Array.of(0.3, 0.4, 0)],
    texts: 1,
    problem: "vector 1 of 1 with a length of 0.500, not 1",
  },
])("a malformed answer is refused: $what", ({ vectors, texts, problem }) => {
  expect(() => checkVectors(vectors, texts, 3)).toThrow(
    expect.objectContaining({
      code: "ANSWER_MALFORMED",
      message: `The embedding model returned ${problem}.`,
    }),
  );
});
