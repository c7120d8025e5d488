import fc from "fast-check";
import { expect, test } from "vitest";
import { TermRuns } from "../../src/publishing/term-runs.ts";
import {
  SectionTally,
  type ReadableUses,
  type TermEntry,
} from "../../src/ranking/section-index.ts";
import { section } from "./sections.ts";

const TEXT = fc
  .array(fc.constantFrom("cache", "caches", "pre-bundling", "서버", "x", "été", "😀"), {
    maxLength: 12,
  })
  .map((words) => words.join(" "));

function numbersOf({ read }: ReadableUses): number[] {
  const all: number[] = [];
  for (const numbers = read(); !numbers.isAtEnd();) all.push(numbers.number());
  return all;
}

/** All that lists say of each term. */
const joined = (terms: ReturnType<TermRuns["merged"]>): TermEntry[] =>
  Array.from(terms, ([term, uses]) => [
    term,
    {
      isJoined: uses.every(({ isJoined }) => isJoined),
      numbers: uses.flatMap(numbersOf),
    },
  ]);

test("terms of lists on disk are those of all sections read at once", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(TEXT, { maxLength: 4 }), { maxLength: 5 }),
      async (lists) => {
        await using runs = new TermRuns();
        const parts = new SectionTally();
        const whole = new SectionTally();
        for (const texts of lists) {
          for (const text of texts) {
            parts.add(section({ page: "a.md", text }));
            whole.add(section({ page: "a.md", text }));
          }
          await runs.spill(parts.take());
        }
        parts.add(section({ page: "a.md", text: "the last cache" }));
        whole.add(section({ page: "a.md", text: "the last cache" }));
        expect(joined(runs.merged(parts.take()))).toEqual(whole.take());
      },
    ),
    { numRuns: 30 },
  );
});

test("a list of many blocks and half a surrogate pair come back", async () => {
  const uses = { isJoined: true, numbers: [70_000, 0, 1, 0, 0, 3, 1, 40] };
  const terms = Array.from({ length: 5000 }, (_, at) => `a${String(at).padStart(5, "0")}`);
  const entries = [...terms, "\ud83d"].map((term): TermEntry => [term, uses]);
  await using runs = new TermRuns();
  await runs.spill(entries);
  expect(joined(runs.merged([]))).toEqual(entries);
});
