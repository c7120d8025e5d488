import type { Clock, EmbeddingSpace, Fingerprint } from "../words/types.ts";
import { AppendQueue } from "./append-queue.ts";
import { isIn } from "./lancedb.ts";
import type { Database, StoreTable } from "./lancedb.ts";
import { vectorsTable } from "./tables.ts";

type VectorsTable = StoreTable<ReturnType<typeof vectorsTable>["columns"]>;

/** Fingerprints in one `IN (…)`. */
const LOOKUP_SIZE = 1000;

/** Far below the number at which opening a table becomes slow. */
const MANY_FRAGMENTS = 100;

/** A vector and the fingerprint of what it stands for. */
export interface CachedVector {
  readonly fingerprint: Fingerprint;
  /** Unit length. */
  readonly vector: Float32Array;
}

/** Vector by fingerprint, append-only. An answer is paid for once it is in here, and never again. */
export class VectorCache {
  readonly #database: Database;
  readonly #space: EmbeddingSpace;
  readonly #clock: Clock;
  readonly #queue: AppendQueue<CachedVector>;
  #table: VectorsTable | null = null;

  constructor(database: Database, space: EmbeddingSpace, clock: Clock) {
    this.#database = database;
    this.#space = space;
    this.#clock = clock;
    this.#queue = new AppendQueue((entries) => this.#append(entries));
  }

  /** Which of the fingerprints have a vector. */
  async present(fingerprints: Iterable<Fingerprint>): Promise<Set<Fingerprint>> {
    const found = new Set<Fingerprint>();
    const table = await this.#open();
    if (table === null) return found;
    for (const some of inGroups([...fingerprints], LOOKUP_SIZE)) {
      for await (const row of table.scan(["fingerprint"], isIn("fingerprint", some))) {
        found.add(row.fingerprint);
      }
    }
    return found;
  }

  /** The vectors of those fingerprints that have one. */
  async read(fingerprints: readonly Fingerprint[]): Promise<Map<Fingerprint, Float32Array>> {
    const vectors = new Map<Fingerprint, Float32Array>();
    const table = await this.#open();
    if (table === null || fingerprints.length === 0) return vectors;
    for (const some of inGroups(fingerprints, LOOKUP_SIZE)) {
      const where = isIn("fingerprint", some);
      for await (const row of table.scan(["fingerprint", "vector"], where)) {
        vectors.set(row.fingerprint, row.vector);
      }
    }
    return vectors;
  }

  /** Commits an answer; resolves when it is safe. */
  commit(entries: readonly CachedVector[]): Promise<void> {
    return this.#queue.add(entries);
  }

  /** Merges the files of many commits, once there are many: merging rewrites every vector. */
  async compact(): Promise<void> {
    const table = await this.#open();
    if (table === null || (await table.countFragments()) < MANY_FRAGMENTS) return;
    await table.tidy();
  }

  async #append(entries: readonly CachedVector[]): Promise<void> {
    this.#table ??= await this.#database.openOrCreate(vectorsTable(this.#space));
    const createdAt = new Date(this.#clock.now()).toISOString();
    await this.#table.append(entries.map((entry) => ({ ...entry, createdAt })));
  }

  async #open(): Promise<VectorsTable | null> {
    this.#table ??= await this.#database.open(vectorsTable(this.#space));
    return this.#table;
  }
}

function* inGroups<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
