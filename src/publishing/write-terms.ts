import type { EachUse } from "../ranking/section-index.ts";
import type { KnownTerm } from "../ranking/term-source.ts";
import { firstLetterOf } from "../ranking/variants.ts";
import { CODES, POSITION_COUNTS, reversed } from "../reader/term-shard.ts";
import { byteWriter, type ByteWriter } from "./byte-writer.ts";

/** A file before it has a name, with the beginning of the terms that it holds. */
export interface TermPart {
  readonly from: string;
  readonly content: Uint8Array;
}

/**
 * Bytes of a shard. What counts is what a question costs: at 1,000 sections, the terms of a question are
 * 22 KB with shards of 2 KiB, 30 KB with 3 KiB and 38 KB with 4 KiB, in as many requests; but each shard
 * takes seven bytes of the manifest.
 */
const SHARD_BYTES = 2816;

/**
 * A shard ends only where the first so many UTF-16 units change: words that are spelt nearly alike, and those
 * that begin alike, are in one file.
 */
const SHARED_LETTERS = 4;

/** A term with its postings as bytes. */
export interface WrittenTerm extends KnownTerm {
  readonly postings: Uint8Array;
}

/** A function that writes the postings of one term after the other. */
export function termWriter(): (term: string, eachUse: EachUse) => WrittenTerm {
  const writer = byteWriter();
  return (term, eachUse) => {
    const sections = writePostings(writer, eachUse);
    return { term, sections, postings: writer.take() };
  };
}

/** Terms as shards, one after the other; they come in their order. */
export const writeTerms = (terms: Iterable<WrittenTerm>): Generator<TermPart> =>
  partsOf(terms, writeShard);

/** Each shard of terms, written. */
function* partsOf(
  terms: Iterable<WrittenTerm>,
  write: (writer: ByteWriter, shard: readonly WrittenTerm[]) => void,
): Generator<TermPart> {
  const writer = byteWriter();
  let before: readonly WrittenTerm[] = [];
  for (const shard of shardsOf(terms)) {
    write(writer, shard);
    yield { from: fromOf(shard, before), content: writer.take() };
    before = shard;
  }
}

/** Terms that share a file, in their order. */
function* shardsOf(terms: Iterable<WrittenTerm>): Generator<WrittenTerm[]> {
  let shard: WrittenTerm[] = [];
  let size = 0;
  for (const group of groupsOf(terms)) {
    const added = group.reduce((sum, entry) => sum + sizeOf(entry), 0);
    if (shard.length > 0 && size + added > SHARD_BYTES) {
      yield shard;
      shard = [];
      size = 0;
    }
    shard.push(...group);
    size += added;
  }
  if (shard.length > 0) yield shard;
}

const beginningOf = (term: string): string => term.slice(0, SHARED_LETTERS);

/** Bytes of a term in a shard, about: its last letters, three numbers, its postings. */
const sizeOf = ({ term, postings }: WrittenTerm): number =>
  Math.max(1, term.length - SHARED_LETTERS) + 4 + postings.length;

/** Terms with the same first letters, which are neighbours. */
function* groupsOf(terms: Iterable<WrittenTerm>): Generator<WrittenTerm[]> {
  let group: WrittenTerm[] = [];
  for (const entry of terms) {
    const [first] = group;
    if (first !== undefined && beginningOf(first.term) !== beginningOf(entry.term)) {
      yield group;
      group = [];
    }
    group.push(entry);
  }
  if (group.length > 0) yield group;
}

/** The shortest beginning of a shard's first term that comes after all terms of the shard before. */
function fromOf([first]: readonly WrittenTerm[], before: readonly WrittenTerm[]): string {
  const last = before.at(-1)?.term ?? "";
  const term = first?.term ?? "";
  let length = 1;
  while (term.slice(0, length) <= last) length += 1;
  return term.slice(0, length);
}

function writeShard(writer: ByteWriter, terms: readonly WrittenTerm[]): void {
  writeKnownTerms(writer, terms);
  writer.numbers(terms.map(({ postings }) => postings.length));
  for (const { postings } of terms) writer.bytes(postings);
}

function writeKnownTerms(writer: ByteWriter, terms: readonly KnownTerm[]): void {
  writer.number(terms.length);
  writer.sortedTexts(terms.map(({ term }) => term));
  writer.numbers(terms.map(({ sections }) => sections));
}

/** Returns the number of sections. */
function writePostings(writer: ByteWriter, eachUse: EachUse): number {
  let last = -1;
  let sections = 0;
  eachUse((section, code, positions) => {
    writer.number((section - last - 1) * CODES + code);
    last = section;
    sections += 1;
    const [first = 0] = positions;
    writer.number(first * POSITION_COUNTS + positions.length);
    for (let at = 1; at < positions.length; at += 1)
      writer.number((positions[at] ?? 0) - (positions[at - 1] ?? 0));
  });
  return sections;
}

/** The words that a misspelt one is compared with, one file for each first letter. */
export const writeSpellings = (words: readonly KnownTerm[]): TermPart[] =>
  [...Map.groupBy(words, ({ term }) => firstLetterOf(term))].map(([from, ofLetter]) => ({
    from,
    content: writtenWords(ofLetter),
  }));

/** The same words by their ends, each backwards: shards in which a compound is found by its last part. */
export function writeEndings(words: readonly KnownTerm[]): Generator<TermPart> {
  const backwards = words
    .filter(({ term }) => term.length >= SHORTEST_COMPOUND)
    .map(({ sections, term }) => ({ term: reversed(term), sections, postings: NO_POSTINGS }));
  const sorted = backwards.sort((one, other) => (one.term < other.term ? -1 : 1));
  return partsOf(sorted, writeKnownTerms);
}

/** Rankings ask for longer words than an ending of five letters. */
const SHORTEST_COMPOUND = 6;

const NO_POSTINGS = new Uint8Array();

function writtenWords(words: readonly KnownTerm[]): Uint8Array {
  const writer = byteWriter();
  writeKnownTerms(writer, words);
  return writer.take();
}
