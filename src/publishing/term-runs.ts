import { readable, type ReadableUses, type TermEntry } from "../ranking/section-index.ts";
import { byteReader } from "../reader/bytes.ts";
import { TemporaryFile } from "../store/temporary-file.ts";
import { byteWriter } from "./byte-writer.ts";

/** Bytes that are written, and read again, together; the last term of a block may go beyond. */
const BLOCK_BYTES = 1 << 16;

/** A term with what one list says of it. */
type ReadableEntry = readonly [term: string, uses: ReadableUses];

/** Where a block lies in the file, in bytes. */
interface Block {
  readonly offset: number;
  readonly length: number;
}

/**
 * Sorted lists of terms, each from sections after those of the list before. All but the last are on disk, so
 * that memory does not grow with the site.
 */
export class TermRuns {
  readonly #runs: (readonly Block[])[] = [];
  #file: TemporaryFile | null = null;

  /** Moves a list to the disk. Throws STORE_FAILED if there is no room. */
  async spill(entries: readonly TermEntry[]): Promise<void> {
    this.#file ??= await TemporaryFile.create();
    const blocks: Block[] = [];
    for (const bytes of writtenBlocks(entries))
      blocks.push({ offset: await this.#file.append(bytes), length: bytes.length });
    this.#runs.push(blocks);
  }

  /** Each term of all lists once, in their order, with what each list says of it. `last`: the list that is not on disk. */
  *merged(last: readonly TermEntry[]): Generator<readonly [string, readonly ReadableUses[]]> {
    const lists = [...this.#runs.map((blocks) => this.#entriesIn(blocks)), entriesOf(last)];
    const heads = lists.map(nextOf);
    for (;;) {
      const term = firstOf(heads);
      if (term === null) return;
      const found: ReadableUses[] = [];
      for (const [at, list] of lists.entries()) {
        const head = heads[at] ?? null;
        if (head?.[0] !== term) continue;
        found.push(head[1]);
        heads[at] = nextOf(list);
      }
      yield [term, found];
    }
  }

  *#entriesIn(blocks: readonly Block[]): Generator<ReadableEntry> {
    for (const { length, offset } of blocks) {
      if (this.#file !== null) yield* readBlock(this.#file.readSync(offset, length));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.[Symbol.asyncDispose]();
  }
}

function* entriesOf(list: readonly TermEntry[]): Generator<ReadableEntry> {
  for (const [term, uses] of list) yield [term, readable(uses)];
}

function nextOf(list: Iterator<ReadableEntry, unknown>): ReadableEntry | null {
  const next = list.next();
  return next.done === true ? null : next.value;
}

/** The first of the terms; null: there is none. */
function firstOf(entries: readonly (ReadableEntry | null)[]): string | null {
  let first: string | null = null;
  for (const entry of entries)
    if (entry !== null && (first === null || entry[0] < first)) [first] = entry;
  return first;
}

function* writtenBlocks(entries: readonly TermEntry[]): Generator<Uint8Array> {
  const writer = byteWriter();
  const ownNumbers = byteWriter();
  for (const [term, { isJoined, numbers }] of entries) {
    // Not as it is: half a surrogate pair must come back.
    writer.texts([JSON.stringify(term)]);
    writer.number(isJoined ? 1 : 0);
    ownNumbers.numbers(numbers);
    writer.number(ownNumbers.length());
    writer.bytes(ownNumbers.take());
    if (writer.length() >= BLOCK_BYTES) yield writer.take();
  }
  if (writer.length() > 0) yield writer.take();
}

function* readBlock(bytes: Uint8Array): Generator<ReadableEntry> {
  const reader = byteReader(bytes);
  while (!reader.isAtEnd()) {
    const [term] = reader.texts(1);
    const isJoined = reader.number() === 1;
    const numbers = reader.take(reader.number());
    yield [String(JSON.parse(term ?? "")), { isJoined, read: () => byteReader(numbers) }];
  }
}
