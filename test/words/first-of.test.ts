import fc from "fast-check";
import { expect, it } from "vitest";
import { firstOf } from "../../src/words/first-of.ts";

it("gives the first items in order, as if all were sorted", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(500), { maxLength: 200 }), fc.nat(30), (items, most) => {
      const compare = (one: number, other: number): number => one - other;
      expect(firstOf(items, most, compare)).toEqual(items.toSorted(compare).slice(0, most));
      expect(firstOf(items, Infinity, compare)).toEqual(items.toSorted(compare));
    }),
  );
});
