import type { Chunk, Fingerprint } from "../words/types.ts";

/** What the diff reads of a stored chunk. */
type Stored = Chunk & {
  readonly position: number;
  readonly fingerprint: Fingerprint;
  readonly vectorFingerprint: Fingerprint | null;
};

export interface FingerprintedChunk {
  readonly chunk: Chunk;
  /** Place among the chunks of its page, from 0. */
  readonly position: number;
  readonly fingerprint: Fingerprint;
}

/** How a chunk differs from its stored row. */
interface Change {
  /** Fingerprint of the row's present vector, if any. */
  readonly oldVectorFingerprint: Fingerprint | null;
  /** Whether the index has a row with this id. */
  readonly isStored: boolean;
  /** Whether the stored row differs in anything but its vector. */
  readonly rowChanged: boolean;
  /** Whether the stored row has the same embedding input. */
  readonly sameInput: boolean;
  /** Whether the text has lost a paragraph of the stored row, or words with no new ones in their place. */
  readonly isCut: boolean;
}

/** A chunk whose row must be written, or that needs a vector, or both. */
export interface ChangedChunk extends FingerprintedChunk, Change {}

/** Compares a page's chunks with its stored rows. `vanished`: ids that the page no longer has. */
export function diffPage<Current extends FingerprintedChunk>(
  stored: readonly Stored[],
  chunks: readonly Current[],
) {
  const before = new Map(stored.map((row) => [row.id, row]));
  const changed = chunks
    .map((current) => compare(before.get(current.chunk.id), current))
    .filter((change) => change !== null);
  const ids = new Set(chunks.map(({ chunk }) => chunk.id));
  return {
    changed,
    unchanged: chunks.length - changed.length,
    vanished: stored.filter((row) => !ids.has(row.id)).map((row) => row.id),
  };
}

function compare<Current extends FingerprintedChunk>(
  before: Stored | undefined,
  current: Current,
): (Current & Change) | null {
  const oldVectorFingerprint = before?.vectorFingerprint ?? null;
  const sameInput = before?.fingerprint === current.fingerprint;
  const isStored = before !== undefined;
  const rowChanged =
    !isStored ||
    !sameInput ||
    before.position !== current.position ||
    !isSameRow(before, current.chunk);
  if (!rowChanged && oldVectorFingerprint === current.fingerprint) return null;
  const isShorter = isStored && isCut(before.text, current.chunk.text);
  const change = { oldVectorFingerprint, isStored, rowChanged, sameInput, isCut: isShorter };
  return { ...current, ...change };
}

/** Whether a text lacks words of an earlier one, and has no word that the earlier one lacks. */
const hasOnlyLost = (old: ReadonlySet<string>, own: ReadonlySet<string>): boolean =>
  own.size < old.size && [...own].every((word) => old.has(word));

/** Whether a paragraph has most words of an earlier one, as an edit leaves them. */
const isEdit = (now: ReadonlySet<string>, before: ReadonlySet<string>): boolean =>
  before.size < 2 * [...before].filter((word) => now.has(word)).length;

function isCut(before: string, now: string): boolean {
  if (hasOnlyLost(wordsIn(before), wordsIn(now))) return true;
  const own = paragraphsIn(now);
  return paragraphsIn(before).some((old) => !own.some((one) => isEdit(one, old)));
}

const paragraphsIn = (text: string): ReadonlySet<string>[] =>
  text
    .split("\n\n")
    .map(wordsIn)
    .filter(({ size }) => size > 0);

const wordsIn = (text: string): Set<string> => new Set(text.match(/[\p{L}\p{M}\p{N}]+/gu));

const PLAIN_COLUMNS = [
  "page",
  "url",
  "title",
  "text",
  "locale",
  "version",
  "startLine",
  "endLine",
  "tokens",
] as const;

const isSameRow = (one: Chunk, other: Chunk): boolean =>
  PLAIN_COLUMNS.every((column) => one[column] === other[column]) && listsOf(one) === listsOf(other);

const listsOf = ({ headings, sections }: Chunk): string =>
  JSON.stringify([
    headings,
    sections.map((one) => [one.heading, one.trail, one.anchor, one.startLine, one.offset]),
  ]);
