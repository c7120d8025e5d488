import { termsOfName } from "./name-term.ts";
import { readWords } from "./read-words.ts";
import { codeAndProse } from "./plain-text.ts";
import type { IndexedSection } from "./section.ts";
import { FIELDS, type Field } from "./weights.ts";

/** Positions of a field begin here; the next field's number ends the range. */
const FIRST: Partial<Record<Field, number>> = { heading: 0, title: 16, prose: 32 };
const RANGE = 16;
const MOST_POSITIONS = 4;
/** Between prose and code, so that no word of one is near one of the other. */
const GAP = 8;

/** What a section says of one term. */
export interface TermUse {
  /** How often each field has it, in the order of `FIELDS`. */
  readonly counts: number[];
  readonly positions: number[];
  /** Whether it only comes from a name whose signs were left out. */
  isJoined: boolean;
}

/** The terms of a section and the lengths of its fields in words. */
export interface SectionFields {
  readonly uses: ReadonlyMap<string, TermUse>;
  readonly lengths: Readonly<Record<Field, number>>;
}

export function readFields(section: IndexedSection): SectionFields {
  const { prose, code } = codeAndProse(section.text);
  const texts: Record<Field, string> = {
    title: section.title,
    heading: section.heading ?? "",
    trail: section.trail.join(" \n "),
    prose,
    code,
  };
  const uses = new Map<string, TermUse>();
  const lengths = { title: 0, heading: 0, trail: 0, prose: 0, code: 0 };
  for (const field of ["heading", "title", "trail", "prose", "code"] as const) {
    lengths[field] = readField(texts[field], field, lengths.prose, uses);
  }
  for (const name of termsOfName(section.heading ?? section.title)) {
    uses.set(name, { counts: FIELDS.map(() => 0), positions: [], isJoined: false });
  }
  return { uses, lengths };
}

/** Adds the terms of a field; returns its length. */
function readField(
  text: string,
  field: Field,
  proseLength: number,
  uses: Map<string, TermUse>,
): number {
  const at = FIELDS.indexOf(field);
  const first = field === "code" ? 2 * RANGE + proseLength + GAP : FIRST[field];
  const end = field === "heading" || field === "title" ? RANGE : Infinity;
  let length = 0;
  const add = (term: string, step: number, isJoined: boolean): void => {
    const use = uses.get(term) ?? { counts: FIELDS.map(() => 0), positions: [], isJoined };
    uses.set(term, use);
    use.counts[at] = (use.counts[at] ?? 0) + 1;
    use.isJoined &&= isJoined;
    if (first === undefined || length + step >= end) return;
    const position = first + length + step;
    if (use.positions.length < MOST_POSITIONS && use.positions.at(-1) !== position) {
      use.positions.push(position);
    }
  };
  for (const { whole, parts, joined, others, steps } of readWords(text)) {
    add(whole.term, 0, false);
    for (const term of others) add(term, 0, false);
    if (joined !== null) add(joined, 0, true);
    for (const { term, step } of parts) add(term, step, false);
    length += steps;
  }
  return length;
}
