import type { EmbeddingSpace, Fingerprint } from "../words/types.ts";
import { isIn, quote } from "./sql.ts";
import type { Database } from "./database.ts";
import { queriesTable, spaceName } from "./tables.ts";

/** A query's vector and its fingerprint. */
export interface CachedVector {
  readonly fingerprint: Fingerprint;
  /** Unit length. */
  readonly vector: Float32Array;
}

/** Vectors of the queries that builds of one index used. Reading takes no lock; writing needs it. */
export class QueryCache {
  readonly #database: Database;
  readonly #index: string;

  constructor(database: Database, index: string) {
    this.#database = database;
    this.#index = index;
  }

  /** The vectors of those fingerprints that have one, from all indexes. */
  async read(fingerprints: readonly Fingerprint[]): Promise<Map<Fingerprint, Float32Array>> {
    const vectors = new Map<Fingerprint, Float32Array>();
    const table = await this.#database.open(queriesTable);
    if (table === null || fingerprints.length === 0) return vectors;
    const where = isIn("fingerprint", fingerprints);
    for await (const row of table.scan(["fingerprint", "vector"], where)) {
      vectors.set(row.fingerprint, row.vector);
    }
    return vectors;
  }

  /** How many different queries of a space are stored, by all indexes. */
  async learned(space: EmbeddingSpace): Promise<number> {
    const fingerprints = new Set<Fingerprint>();
    const table = await this.#database.open(queriesTable);
    // An older siterag made this table. The next build that learns a query replaces it.
    if (table === null || !(await table.hasColumnsOfSpec())) return 0;
    const where = `space = ${quote(spaceName(space))}`;
    for await (const row of table.scan(["fingerprint"], where)) fingerprints.add(row.fingerprint);
    return fingerprints.size;
  }

  /** Fingerprints of the queries that the last complete build used. */
  async ofLastBuild(): Promise<Set<Fingerprint>> {
    const used = new Set<Fingerprint>();
    const table = await this.#database.open(queriesTable);
    if (table === null) return used;
    for await (const row of table.scan(["fingerprint"], `${this.#own()} AND inLastBuild = 1`)) {
      used.add(row.fingerprint);
    }
    return used;
  }

  /**
   * Stores these as the queries of the last complete build. Of the others it keeps the `keepLatest`
   * latest. All in one commit. `usedAt` is ISO 8601.
   */
  async keep(
    entries: readonly CachedVector[],
    space: EmbeddingSpace,
    usedAt: string,
    keepLatest: number,
  ): Promise<void> {
    const table = await this.#database.openOrReplace(queriesTable);
    const used = new Set(entries.map((entry) => entry.fingerprint));
    const others = (await Array.fromAsync(table.scan(COLUMNS, this.#own())))
      .filter((row) => !used.has(row.fingerprint))
      .sort((one, other) => (one.usedAt < other.usedAt ? 1 : -1));
    const demoted = others.slice(0, keepLatest).filter((row) => row.inLastBuild === 1);
    const forgotten = others.slice(keepLatest).map((row) => row.id);
    const kept = entries.map((entry) => this.#row(entry, { space, usedAt, inLastBuild: 1 }));
    const rows = [...kept, ...demoted.map((row) => ({ ...row, inLastBuild: 0 }))];
    await table.upsert(rows, forgotten.length === 0 ? undefined : isIn("id", forgotten));
    await table.tidy();
  }

  /** Adds the queries that an incomplete build learned; deletes none. */
  async add(
    entries: readonly CachedVector[],
    space: EmbeddingSpace,
    usedAt: string,
  ): Promise<void> {
    if (entries.length === 0) return;
    const table = await this.#database.openOrReplace(queriesTable);
    await table.upsert(entries.map((entry) => this.#row(entry, { space, usedAt, inLastBuild: 0 })));
  }

  #row(
    entry: CachedVector,
    given: { readonly space: EmbeddingSpace; readonly usedAt: string; readonly inLastBuild: 0 | 1 },
  ) {
    const { space, usedAt, inLastBuild } = given;
    const id = `${this.#index}:${entry.fingerprint}`;
    return { ...entry, id, index: this.#index, space: spaceName(space), inLastBuild, usedAt };
  }

  #own(): string {
    return `index = ${quote(this.#index)}`;
  }
}

const COLUMNS = ["id", "index", "fingerprint", "vector", "space", "inLastBuild", "usedAt"] as const;
