import fc from "fast-check";
import { expect, test } from "vitest";
import {
  termWriter,
  writeEndings,
  writeSpellings,
  writeTerms,
} from "../../src/publishing/write-terms.ts";
import type { EachUse } from "../../src/ranking/section-index.ts";
import type { Postings } from "../../src/ranking/term-source.ts";
import { readTermShard, readWords, reversed } from "../../src/reader/term-shard.ts";

/** A section with a code, and one to four positions. */
const POSTING = fc.tuple(
  fc.nat({ max: 100_000 }),
  fc.nat({ max: 15 }),
  fc.uniqueArray(fc.nat({ max: 50_000 }), { minLength: 1, maxLength: 4 }),
);

const POSTINGS = fc
  .uniqueArray(POSTING, { selector: ([section]) => section, minLength: 1, maxLength: 30 })
  .map((list) => toPostings(list.toSorted(([one], [other]) => one - other)));

function toPostings(
  list: readonly (readonly [section: number, code: number, positions: readonly number[]])[],
): Postings {
  const positions = list.map(([, , own]) => own.toSorted((one, other) => one - other));
  let end = 0;
  return {
    sections: Uint32Array.from(list, ([section]) => section),
    codes: Uint8Array.from(list, ([, code]) => code),
    positions: Uint32Array.from(positions.flat()),
    positionEnds: Uint32Array.from(positions, (own) => (end += own.length)),
  };
}

const TERM = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }),
  fc.string({ unit: fc.constantFrom("a", "b", "é", "漢", "😀", "😁", "-"), minLength: 1 }),
);

const INDEX = fc
  .uniqueArray(fc.tuple(TERM, POSTINGS), { selector: ([term]) => term, maxLength: 60 })
  .map((entries) => new Map(entries.toSorted(([one], [other]) => (one < other ? -1 : 1))));

const one = (section: number): Postings => toPostings([[section, 7, [40]]]);

/** Terms of two letters and four digits, each in all of a number of sections. */
function manyTerms(count: number, sections: number): Map<string, Postings> {
  const everywhere = toPostings(Array.from({ length: sections }, (_, at) => [at, 3, [32 + at]]));
  return new Map(
    Array.from({ length: count }, (_, at) => [`ab${String(at).padStart(4, "0")}`, everywhere]),
  );
}

/** The shards of terms. */
function written(index: ReadonlyMap<string, Postings>) {
  const write = termWriter();
  return writeTerms(Array.from(index, ([term, postings]) => write(term, eachUseOf(postings))));
}

const eachUseOf =
  ({ codes, positionEnds, positions, sections }: Postings): EachUse =>
  (visit) =>
    sections.forEach((section, at) => {
      const own = positions.subarray(positionEnds[at - 1] ?? 0, positionEnds[at]);
      visit(section, codes[at] ?? 0, [...own]);
    });

test("each term comes back with its postings, in order", () => {
  fc.assert(
    fc.property(INDEX, (index) => {
      const shards = Array.from(written(index), ({ content }) => readTermShard(content));
      const terms = shards.flatMap((shard) => shard.terms.map(({ term }) => term));
      expect(terms).toEqual([...index.keys()]);
      for (const shard of shards) {
        for (const { term, sections } of shard.terms) {
          expect(shard.postingsOf(term)).toEqual(index.get(term));
          expect(sections).toBe(index.get(term)?.sections.length);
        }
      }
    }),
  );
});

test("a shard does not know a term of another one", () => {
  const [part] = written(new Map([["known", one(1)]]));
  expect(readTermShard(part?.content ?? new Uint8Array()).postingsOf("unknown")).toBeUndefined();
});

test("shards end only where the first four letters change, and are about 2.75 KiB", () => {
  // Terms with the same four letters take 100 times 10 postings of two or three bytes.
  const shards = Array.from(written(manyTerms(1000, 10)), ({ content }) => readTermShard(content));
  expect(shards.length).toBeGreaterThan(4);
  const ends = shards.map(({ terms }) => [terms.at(0)?.term, terms.at(-1)?.term]);
  expect(ends.flat().filter((term) => !/(?:00|99)$/.test(term ?? ""))).toEqual([]);
});

test("a shard is listed by as few letters as tell it from the one before", () => {
  const long = toPostings(Array.from({ length: 2000 }, (_, at) => [at, 9, [33]]));
  const index = new Map(["abacus", "abide", "abidjan", "about", "cab"].map((term) => [term, long]));
  expect(Array.from(written(index), ({ from }) => from)).toEqual(["a", "abi", "abo", "c"]);
});

test("a word that nearly every section has is alone in its shard", () => {
  const index = new Map([
    ["thaw", one(3)],
    ["the", toPostings(Array.from({ length: 5000 }, (_, at) => [at, 9, [33]]))],
    ["theft", one(4)],
  ]);
  expect(Array.from(written(index), ({ from }) => from)).toEqual(["t", "the", "thef"]);
});

test("words for spelling come back by their first letter, those outside the first plane too", () => {
  const words = ["alpha", "apple", "beta", "𐐀𐐁", "𐐂"].map((term, at) => ({
    term,
    sections: at + 1,
  }));
  const files = writeSpellings(words);
  expect(files.map(({ from }) => from)).toEqual(["a", "b", "𐐀", "𐐂"]);
  expect(files.flatMap(({ content }) => [...readWords(content)])).toEqual(words);
});

test("words of six letters and more come back by their ends, backwards and in order", () => {
  const words = ["alphabet", "beta", "letters", "𐐀𐐁𐐂"].map((term, at) => ({
    term,
    sections: at + 1,
  }));
  const [file, ...others] = writeEndings(words);
  expect(others).toEqual([]);
  expect(file?.from).toBe("s");
  const read = readWords(file?.content ?? new Uint8Array());
  expect(read.map(({ term }) => reversed(term))).toEqual(["letters", "alphabet", "𐐀𐐁𐐂"]);
  expect(read.map(({ sections }) => sections)).toEqual([3, 1, 4]);
});

test("no terms are no files", () => {
  expect([...written(new Map())]).toEqual([]);
  expect(writeSpellings([])).toEqual([]);
  expect([...writeEndings([])]).toEqual([]);
});
