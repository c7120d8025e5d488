import type { Chunk, Fingerprint } from "../words/types.ts";

/** What the diff reads of a stored chunk. */
type Stored = Chunk & {
  readonly fingerprint: Fingerprint;
  readonly vectorFingerprint: Fingerprint | null;
};

export interface FingerprintedChunk {
  readonly chunk: Chunk;
  readonly fingerprint: Fingerprint;
}

/** A chunk whose row must be written, or that needs a vector, or both. */
export interface ChangedChunk extends FingerprintedChunk {
  /** Fingerprint of the row's present vector, if any. */
  readonly oldVectorFingerprint: Fingerprint | null;
  /** Whether the index has a row with this id. */
  readonly isStored: boolean;
  /** Whether the stored row differs in anything but its vector. */
  readonly rowChanged: boolean;
  /** Whether the stored row has the same embedding input. */
  readonly sameInput: boolean;
}

/** Compares a page's chunks with its stored rows. `vanished`: ids that the page no longer has. */
export function diffPage(stored: readonly Stored[], chunks: readonly FingerprintedChunk[]) {
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

function compare(before: Stored | undefined, current: FingerprintedChunk): ChangedChunk | null {
  const oldVectorFingerprint = before?.vectorFingerprint ?? null;
  const sameInput = before?.fingerprint === current.fingerprint;
  const isStored = before !== undefined;
  const rowChanged = !isStored || !sameInput || !isSameRow(before, current.chunk);
  if (!rowChanged && oldVectorFingerprint === current.fingerprint) return null;
  return { ...current, oldVectorFingerprint, isStored, rowChanged, sameInput };
}

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
  PLAIN_COLUMNS.every((column) => one[column] === other[column]) &&
  one.headings.length === other.headings.length &&
  one.headings.every((heading, at) => heading === other.headings[at]);
