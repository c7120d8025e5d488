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

/** What the sections say of one term, before the mean lengths are known. */
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
    readonly postingsOf: (uses: readonly TermUses[]) => Postings | null;
  } {
    const averages = averagesOf(this.#lengths, this.#sections);
    const norms = normsOf(this.#lengths, averages, weights);
    const postingsOf = (uses: readonly TermUses[]) => toPostings(uses, norms);
    return { sectionCount: this.#sections, averages, postingsOf };
  }
}

/** Reads sections into an index in memory; their numbers are their places in the order given. */
export function indexSections(
  sections: Iterable<IndexedSection>,
  weights: RankingWeights = WEIGHTS,
): SectionIndex {
  const tally = new SectionTally();
  for (const section of sections) tally.add(section);
  const { averages, postingsOf, sectionCount } = tally.finish(weights);
  const postings = new Map<string, Postings>();
  for (const [term, uses] of tally.take()) {
    const found = postingsOf([uses]);
    if (found !== null) postings.set(term, found);
  }
  const spellings = Array.from(
    postings,
    ([
      term,
      {
        sections: { length },
      },
    ]) => ({
      term,
      sections: length,
    }),
  ).filter(({ term }) => isSpelling(term));
  return { sectionCount, averages, postings, spellings };
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

function toPostings(uses: readonly TermUses[], norms: Float64Array): Postings | null {
  const counts = countsOf(uses);
  // Without its signs, a name of one section costs bytes and is found by its parts anyway.
  if (counts.sections < 2 && uses.every(({ isJoined }) => isJoined)) return null;
  const sections = new Uint32Array(counts.sections);
  const codes = new Uint8Array(counts.sections);
  const positions = new Uint32Array(counts.positions);
  const positionEnds = new Uint32Array(counts.sections);
  let [one, end] = [0, 0];
  for (const { numbers } of uses) {
    for (let at = 0; at < numbers.length; one += 1) {
      const section = numbers[at] ?? 0;
      let frequency = 0;
      for (let field = 0; field < FIELDS.length; field += 1) {
        const count = numbers[at + 1 + field] ?? 0;
        frequency += count * (norms[section * FIELDS.length + field] ?? 0);
      }
      const next = nextUse(numbers, at);
      for (at += BEFORE_POSITIONS; at < next; at += 1, end += 1) positions[end] = numbers[at] ?? 0;
      sections[one] = section;
      codes[one] = codeOf(frequency);
      positionEnds[one] = end;
    }
  }
  return { sections, codes, positions, positionEnds };
}

/** Numbers of a use before its positions: its section, the counts of fields, how many positions follow. */
const BEFORE_POSITIONS = FIELDS.length + 2;

/** Where the use after the one at `at` begins. */
const nextUse = (numbers: readonly number[], at: number): number =>
  at + BEFORE_POSITIONS + (numbers[at + BEFORE_POSITIONS - 1] ?? 0);

/** How many sections and positions there are in all. */
function countsOf(uses: readonly TermUses[]) {
  let [sections, positions] = [0, 0];
  for (const { numbers } of uses) {
    for (let at = 0; at < numbers.length; at = nextUse(numbers, at)) sections += 1;
    positions += numbers.length;
  }
  return { sections, positions: positions - sections * BEFORE_POSITIONS };
}

/** Whether a misspelt word is compared with this one: it is made of letters alone. */
export const isSpelling = (term: string): boolean =>
  term.length >= SHORTEST_SPELLING && /^\p{L}+$/u.test(term);
