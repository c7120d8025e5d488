import type { TermEntry, TermUses } from "../ranking/section-index.ts";
import { byteReader } from "../reader/bytes.ts";
import { TemporaryFile } from "../store/temporary-file.ts";
import { byteWriter } from "./byte-writer.ts";

/** Terms that are written, and read again, together. */
const BLOCK_TERMS = 2048;

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
    for (let at = 0; at < entries.length; at += BLOCK_TERMS) {
      const bytes = writtenBlock(entries.slice(at, at + BLOCK_TERMS));
      blocks.push({ offset: await this.#file.append(bytes), length: bytes.length });
    }
    this.#runs.push(blocks);
  }

  /** Each term of all lists once, in their order. `last` is the list that is not on disk. */
  *merged(last: readonly TermEntry[]): Generator<TermEntry> {
    const lists = [...this.#runs.map((blocks) => this.#entriesIn(blocks)), last.values()];
    const heads = lists.map(nextOf);
    for (;;) {
      const term = firstOf(heads);
      if (term === null) return;
      const found: TermUses[] = [];
      for (const [at, list] of lists.entries()) {
        const head = heads[at] ?? null;
        if (head?.[0] !== term) continue;
        found.push(head[1]);
        heads[at] = nextOf(list);
      }
      yield [term, joined(found)];
    }
  }

  *#entriesIn(blocks: readonly Block[]): Generator<TermEntry> {
    for (const { length, offset } of blocks) {
      if (this.#file !== null) yield* readBlock(this.#file.readSync(offset, length));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.[Symbol.asyncDispose]();
  }
}

function nextOf(list: Iterator<TermEntry, unknown>): TermEntry | null {
  const next = list.next();
  return next.done === true ? null : next.value;
}

/** The first of the terms; null: there is none. */
function firstOf(entries: readonly (TermEntry | null)[]): string | null {
  let first: string | null = null;
  for (const entry of entries)
    if (entry !== null && (first === null || entry[0] < first)) [first] = entry;
  return first;
}

const joined = (uses: readonly TermUses[]): TermUses => ({
  numbers: uses.flatMap(({ numbers }) => Array.from(numbers)),
  isJoined: uses.every(({ isJoined }) => isJoined),
});

function writtenBlock(entries: readonly TermEntry[]): Uint8Array {
  const writer = byteWriter();
  writer.number(entries.length);
  // Not as they are: half a surrogate pair must come back.
  writer.texts(entries.map(([term]) => JSON.stringify(term)));
  for (const [, { isJoined, numbers }] of entries) {
    writer.number(isJoined ? 1 : 0);
    writer.number(numbers.length);
    writer.numbers(Array.from(numbers));
  }
  return writer.written();
}

function readBlock(bytes: Uint8Array): TermEntry[] {
  const reader = byteReader(bytes);
  return reader.texts(reader.number()).map((term) => {
    const isJoined = reader.number() === 1;
    return [String(JSON.parse(term)), { isJoined, numbers: reader.numbers(reader.number()) }];
  });
}
