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

/** Postings while they grow. */
interface Growing {
  readonly sections: number[];
  /** How often each field has the term: one number for each of `FIELDS`, section after section. */
  readonly counts: number[];
  readonly positions: number[];
  readonly ends: number[];
  isJoined: boolean;
}

/** Reads sections into an index; their numbers are their places in the order given. */
export function indexSections(
  sections: Iterable<IndexedSection>,
  weights: RankingWeights = WEIGHTS,
): SectionIndex {
  const growing = new Map<string, Growing>();
  const lengths: number[] = [];
  let sectionCount = 0;
  for (const section of sections) {
    const fields = readFields(section);
    for (const [term, use] of fields.uses) add(growing, term, sectionCount, use);
    for (const field of FIELDS) lengths.push(fields.lengths[field]);
    sectionCount += 1;
  }
  const averages = averagesOf(lengths, sectionCount);
  const norms = normsOf(lengths, averages, weights);
  const postings = new Map<string, Postings>();
  for (const [term, grown] of [...growing].sort(([one], [other]) => (one < other ? -1 : 1))) {
    // Without its signs, a name of one section costs bytes and is found by its parts anyway.
    if (grown.isJoined && grown.sections.length < 2) continue;
    postings.set(term, toPostings(grown, norms));
  }
  return { sectionCount, averages, postings, spellings: spellingsOf(postings) };
}

function add(growing: Map<string, Growing>, term: string, section: number, use: TermUse): void {
  let grown = growing.get(term);
  if (grown === undefined) {
    grown = { sections: [], counts: [], positions: [], ends: [], isJoined: true };
    growing.set(term, grown);
  }
  grown.sections.push(section);
  grown.counts.push(...use.counts);
  grown.positions.push(...use.positions);
  grown.ends.push(grown.positions.length);
  grown.isJoined &&= use.isJoined;
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

function toPostings(grown: Growing, norms: Float64Array): Postings {
  const codes = grown.sections.map((section, at) => {
    let frequency = 0;
    for (let field = 0; field < FIELDS.length; field += 1) {
      const count = grown.counts[at * FIELDS.length + field] ?? 0;
      frequency += count * (norms[section * FIELDS.length + field] ?? 0);
    }
    return codeOf(frequency);
  });
  return {
    sections: Uint32Array.from(grown.sections),
    codes: Uint8Array.from(codes),
    positions: Uint32Array.from(grown.positions),
    positionEnds: Uint32Array.from(grown.ends),
  };
}

function spellingsOf(postings: ReadonlyMap<string, Postings>): KnownTerm[] {
  const spellings: KnownTerm[] = [];
  for (const [term, { sections }] of postings) {
    if (term.length >= SHORTEST_SPELLING && /^\p{L}+$/u.test(term)) {
      spellings.push({ term, sections: sections.length });
    }
  }
  return spellings;
}
