import { expect, test } from "vitest";
import { duration } from "../../src/words/amounts.ts";

test.each([
  [0, "under 0.1 s"],
  [0.4, "about 0.4 s"],
  [60, "about 60 s"],
  [300, "about 5 minutes"],
  [7199, "about 120 minutes"],
  [7200, "about 2 hours"],
  [86_400, "about 24 hours"],
  [3 * 86_400 + 60, "about 3 days"],
])("formats %d seconds as %s", (seconds, words) => {
  expect(duration(seconds)).toBe(words);
});
