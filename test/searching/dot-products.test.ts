import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import wabt from "wabt";
import { DotProducts, MODULE, MOST_OTHERS } from "../../src/searching/dot-products.ts";

test("the bytes are what the text of the module says", async () => {
  const name = "dot-products.wat";
  const text = await readFile(new URL(`../../src/searching/${name}`, import.meta.url), "utf8");
  const module = (await wabt()).parseWat(name, text, { simd: true });
  module.validate();
  expect(Buffer.from(module.toBinary({}).buffer).toString("base64")).toBe(MODULE);
});

/** Small whole numbers, so that sums are exact in any order. */
const vectors = (length: number, most: number) =>
  fc.array(
    fc
      .array(fc.integer({ min: -9, max: 9 }), { minLength: length, maxLength: length })
      .map((numbers) => Float32Array.from(numbers)),
    { minLength: 1, maxLength: most },
  );

const plainly = (one: Float32Array, other: Float32Array): number =>
  one.reduce((sum, number, at) => sum + number * (other[at] ?? 0), 0);

const CASE = fc
  .integer({ min: 1, max: 21 })
  .chain((length) => fc.tuple(vectors(length, 300), fc.array(vectors(length, MOST_OTHERS))));

test("products are those of plain multiplication, for any length and any number of vectors", () => {
  fc.assert(
    fc.property(CASE, ([all, calls]) => {
      const table = new DotProducts(all);
      for (const others of calls) {
        const product = table.with(others);
        const found = others.map((_, other) => all.map((__, vector) => product(other, vector)));
        expect(found).toEqual(others.map((other) => all.map((one) => plainly(other, one))));
      }
    }),
    { numRuns: 40 },
  );
});
