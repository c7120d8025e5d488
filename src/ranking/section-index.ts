import type { IndexedSection } from "./section.ts";
import { readFields, type TermUse } from "./section-fields.ts";
import { codeOf } from "./strength.ts";
import type { KnownTerm, Postings } from "./term-source.ts";
import { FIELDS, WEIGHTS, type Field, type RankingWeights } from "./weights.ts";

/** Mean lengths of a section's fields in words, each rounded to a power of 1.25. */
export type FieldAverages = Readonly<Record<Field, number>>;

/** All that the files of a readers' index hold of its terms; the same sections give the same index. */
export interface SectionIndex {
  readonly sectionCount: number;
  readonly averages: FieldAverages;
  /** In the order of the terms' UTF-16 units. */
  readonly postings: ReadonlyMap<string, Postings>;
  /** Words made of letters alone, in the same order: what a misspelt word is compared with. */
  readonly spellings: readonly KnownTerm[];
}

/** The averages are rounded to powers of this, so that an edit of one page leaves the codes of others. */
const STEP = 1.25;

/** Shorter words are no correction of any: an edit there makes another word. */
const SHORTEST_SPELLING = 4;

/** What sections say of one term, before the mean lengths are known. */
export interface TermUses {
  /**
   * Section after section: its number, how often each of `FIELDS` has the term, how many positions follow,
   * and these.
   */
  readonly numbers: readonly number[];
  /** Whether it only comes from names whose signs were left out. */
  readonly isJoined: boolean;
}

/** The terms of an index with what its sections say of them, in the order of their UTF-16 units. */
export type TermEntry = readonly [term: string, uses: TermUses];

/** Gives numbers one after the other. */
interface NumberSource {
  number(): number;
  isAtEnd(): boolean;
}

/** `TermUses` whose numbers may be bytes: a common term of a large site has millions. */
export interface ReadableUses extends Pick<TermUses, "isJoined"> {
  /** The numbers, from the first one each time that it is called. */
  readonly read: () => NumberSource;
}

/** Calls a function for each section that has a term, in ascending order; `positions` change after the call. */
export type EachUse = (
  visit: (section: number, code: number, positions: readonly number[]) => void,
) => void;

interface Growing extends TermUses {
  readonly numbers: number[];
  isJoined: boolean;
}

/** Reads sections, whose numbers are their places in the order given, and keeps what they say of terms. */
export class SectionTally {
  readonly #lengths: number[] = [];
  #terms = new Map<string, Growing>();
  #sections = 0;
  #uses = 0;

  /** How many uses of terms are in memory. */
  get uses(): number {
    return this.#uses;
  }

  add(section: IndexedSection): void {
    const { lengths, uses } = readFields(section);
    for (const [term, use] of uses) this.#addUse(term, use);
    for (const field of FIELDS) this.#lengths.push(lengths[field]);
    this.#sections += 1;
    this.#uses += uses.size;
  }

  #addUse(term: string, { counts, isJoined, positions }: TermUse): void {
    let grown = this.#terms.get(term);
    if (grown === undefined) this.#terms.set(term, (grown = { numbers: [], isJoined: true }));
    grown.numbers.push(this.#sections, ...counts, positions.length, ...positions);
    grown.isJoined &&= isJoined;
  }

  /** What the sections since the last call say of their terms, and forgets it. */
  take(): TermEntry[] {
    const entries = [...this.#terms].sort(([one], [other]) => (one < other ? -1 : 1));
    this.#terms = new Map();
    this.#uses = 0;
    return entries;
  }

  /** What only all sections together tell. */
  finish(weights: RankingWeights = WEIGHTS): Pick<SectionIndex, "sectionCount" | "averages"> & {
    /** Of all uses of a term, those of later sections later. Null: the index does not know the term. */
    readonly eachUseOf: (uses: readonly ReadableUses[]) => EachUse | null;
  } {
    const averages = averagesOf(this.#lengths, this.#sections);
    const norms = normsOf(this.#lengths, averages, weights);
    const eachUseOf = (uses: readonly ReadableUses[]): EachUse | null =>
      // Without its signs, a name of one section costs bytes and is found by its parts anyway.
      uses.every(({ isJoined }) => isJoined) && isOneUse(uses)
        ? null
        : (visit) => visitUses(uses, norms, visit);
    return { sectionCount: this.#sections, averages, eachUseOf };
  }
}

/** Uses whose numbers are in memory. */
export const readable = ({ isJoined, numbers }: TermUses): ReadableUses => ({
  isJoined,
  read() {
    let at = 0;
    return { number: () => numbers[at++] ?? 0, isAtEnd: () => at >= numbers.length };
  },
});

/** Reads sections into an index in memory; their numbers are their places in the order given. */
export function indexSections(
  sections: Iterable<IndexedSection>,
  weights: RankingWeights = WEIGHTS,
): SectionIndex {
  const tally = new SectionTally();
  for (const section of sections) tally.add(section);
  const { averages, eachUseOf, sectionCount } = tally.finish(weights);
  const postings = new Map<string, Postings>();
  for (const [term, uses] of tally.take()) {
    const eachUse = eachUseOf([readable(uses)]);
    if (eachUse !== null) postings.set(term, toPostings(eachUse));
  }
  const known = Array.from(postings, ([term, found]) => ({
    term,
    sections: found.sections.length,
  }));
  const spellings = known.filter(({ term }) => isSpelling(term));
  return { sectionCount, averages, postings, spellings };
}

function toPostings(eachUse: EachUse): Postings {
  const sections: number[] = [];
  const codes: number[] = [];
  const positions: number[] = [];
  const positionEnds: number[] = [];
  eachUse((section, code, own) => {
    sections.push(section);
    codes.push(code);
    positions.push(...own);
    positionEnds.push(positions.length);
  });
  return {
    sections: Uint32Array.from(sections),
    codes: Uint8Array.from(codes),
    positions: Uint32Array.from(positions),
    positionEnds: Uint32Array.from(positionEnds),
  };
}

function averagesOf(lengths: readonly number[], sections: number): FieldAverages {
  const averages = { title: 1, heading: 1, trail: 1, prose: 1, code: 1 };
  for (const [at, field] of FIELDS.entries()) {
    let sum = 0;
    for (let one = at; one < lengths.length; one += FIELDS.length) sum += lengths[one] ?? 0;
    const mean = Math.max(sum / Math.max(sections, 1), 1);
    averages[field] = STEP ** Math.round(Math.log(mean) / Math.log(STEP));
  }
  return averages;
}

/** What one occurrence counts, for each field of each section. */
function normsOf(
  lengths: readonly number[],
  averages: FieldAverages,
  weights: RankingWeights,
): Float64Array {
  const norms = new Float64Array(lengths.length);
  for (const [at, field] of FIELDS.entries()) {
    const [weight, b, average] = [weights.fields[field], weights.lengths[field], averages[field]];
    for (let one = at; one < lengths.length; one += FIELDS.length) {
      // A shorter one counts as mean length: else a heading without text would beat its explanation.
      const length = Math.max(lengths[one] ?? 0, average);
      norms[one] = weight / (1 - b + (b * length) / average);
    }
  }
  return norms;
}

function visitUses(
  uses: readonly ReadableUses[],
  norms: Float64Array,
  visit: Parameters<EachUse>[0],
): void {
  const positions: number[] = [];
  for (const { read } of uses) {
    for (const numbers = read(); !numbers.isAtEnd();) {
      const section = numbers.number();
      let frequency = 0;
      for (let field = 0; field < FIELDS.length; field += 1)
        frequency += numbers.number() * (norms[section * FIELDS.length + field] ?? 0);
      positions.length = numbers.number();
      for (let at = 0; at < positions.length; at += 1) positions[at] = numbers.number();
      visit(section, codeOf(frequency), positions);
    }
  }
}

/** Numbers of a use before its positions: its section, the counts of fields, how many positions follow. */
const BEFORE_POSITIONS = FIELDS.length + 2;

/** Whether no more than one section has the term. */
function isOneUse([first, ...others]: readonly ReadableUses[]): boolean {
  if (others.length > 0) return false;
  if (first === undefined) return true;
  const numbers = first.read();
  for (let read = 1; read < BEFORE_POSITIONS; read += 1) numbers.number();
  for (let left = numbers.number(); left > 0; left -= 1) numbers.number();
  return numbers.isAtEnd();
}

/** Whether a misspelt word is compared with this one: it is made of letters alone. */
export const isSpelling = (term: string): boolean =>
  term.length >= SHORTEST_SPELLING && /^\p{L}+$/u.test(term);
