import { expect, onTestFinished, test, vi } from "vitest";
import { passagesOf } from "../../src/ranking/passage.ts";

const LIMITS = { longest: 60, most: 2 };

test("a section that fits is a passage as it is", () => {
  expect(passagesOf("One.\n\nTwo.", "two", LIMITS)).toEqual(["One.\n\nTwo."]);
});

test("of a long section, the blocks with the words of the question are passages, in its order", () => {
  const other = "Nothing of this is what anybody wants to know here.";
  const text = [other, "The bucket is named.", other, "The region is set.", other].join("\n\n");
  expect(passagesOf(text, "region bucket", LIMITS)).toEqual([
    "The bucket is named.",
    "The region is set.",
  ]);
});

test("a block counts by what of it is shown", () => {
  const torn = `${"word ".repeat(11)}\n${"word ".repeat(4)}bucket`;
  expect(passagesOf(`${torn}\n\nThe bucket.`, "bucket", { ...LIMITS, most: 1 })).toEqual([
    expect.stringContaining("The bucket."),
  ]);
});

test("of many blocks, each is looked at with those that fit into its passage alone", () => {
  const slices = vi.spyOn(Array.prototype, "slice");
  onTestFinished(() => slices.mockRestore());
  passagesOf("cache\n\n".repeat(1000), "cache", LIMITS);
  const looks = slices.mock.contexts.reduce<number>((sum, list) => sum + Object(list).length, 0);
  expect(looks).toBeLessThan(1000 * 20);
});
