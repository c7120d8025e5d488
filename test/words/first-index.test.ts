import fc from "fast-check";
import { expect, it } from "vitest";
import { firstIndex } from "../../src/words/first-index.ts";

it("finds the first place where a condition holds, as a search from the start does", () => {
  fc.assert(
    fc.property(fc.nat(50), fc.nat(50), (length, from) => {
      expect(firstIndex(length, (at) => at >= from)).toBe(Math.min(from, length));
    }),
  );
});
