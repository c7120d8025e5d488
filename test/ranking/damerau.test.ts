import { assert, constantFrom, nat, property, string } from "fast-check";
import { expect, test } from "vitest";
import { editsBetween } from "../../src/ranking/damerau.ts";

test.each([
  ["cache", "cache", 0],
  ["cache", "caches", 1],
  ["conifg", "config", 1],
  ["dreive", "derive", 1],
  ["strutcs", "structs", 1],
  ["kitten", "sitting", 3],
])("from %s to %s are %d edits", (one, other, edits) => {
  expect(editsBetween(one, other, 3)).toBe(edits);
});

/** The textbook's recursion, without bounds. */
function textbook(one: string, other: string): number {
  if (one === "" || other === "") return one.length + other.length;
  const same = one.at(-1) === other.at(-1) ? 0 : 1;
  const isSwap = one.length > 1 && one.at(-1) === other.at(-2) && one.at(-2) === other.at(-1);
  return Math.min(
    textbook(one.slice(0, -1), other) + 1,
    textbook(one, other.slice(0, -1)) + 1,
    textbook(one.slice(0, -1), other.slice(0, -1)) + same,
    ...(isSwap ? [textbook(one.slice(0, -2), other.slice(0, -2)) + 1] : []),
  );
}

const words = string({ unit: constantFrom("a", "b", "c"), maxLength: 5 });

test("for any words, the edits are the textbook's, or one more than asked for", () => {
  assert(
    property(words, words, nat({ max: 4 }), (one, other, most) => {
      expect(editsBetween(one, other, most)).toBe(Math.min(textbook(one, other), most + 1));
    }),
  );
});
