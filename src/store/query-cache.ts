import type { EmbeddingSpace, Fingerprint } from "../words/types.ts";
import { namesOf, type RowOf } from "./arrow-rows.ts";
import { isIn, quote } from "./sql.ts";
import type { Database } from "./database.ts";
import { isDamage } from "./store-error.ts";
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
    if (fingerprints.length === 0) return new Map();
    const where = isIn("fingerprint", fingerprints);
    const rows = await this.#rows(["fingerprint", "vector"], where);
    return new Map(rows.map((row) => [row.fingerprint, row.vector]));
  }

  /** How many different queries of a space are stored, by all indexes. */
  async learned(space: EmbeddingSpace): Promise<number> {
    const rows = await this.#rows(["fingerprint"], `space = ${quote(spaceName(space))}`);
    return new Set(rows.map((row) => row.fingerprint)).size;
  }

  /** Fingerprints of the queries that the last complete build used. */
  async ofLastBuild(): Promise<Set<Fingerprint>> {
    const where = `${this.#own()} AND inLastBuild = 1`;
    return new Set((await this.#rows(["fingerprint"], where)).map((row) => row.fingerprint));
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
    const own = table.scan(namesOf(queriesTable.columns), this.#own());
    const others = (await Array.fromAsync(own))
      .filter((row) => !used.has(row.fingerprint))
      .sort((one, other) => (one.usedAt < other.usedAt ? 1 : -1));
    const demoted = others.slice(0, keepLatest).filter((row) => row.inLastBuild === 1);
    const forgotten = others.slice(keepLatest).map((row) => row.id);
    const rows = [
      ...entries.map((entry) => this.#row(entry, space, usedAt, 1)),
      ...demoted.map((row) => ({ ...row, inLastBuild: 0 })),
    ];
    await table.upsert(rows, forgotten.length === 0 ? undefined : isIn("id", forgotten));
    await table.prune();
  }

  /** Adds the queries that an incomplete build learned; deletes none. */
  async add(
    entries: readonly CachedVector[],
    space: EmbeddingSpace,
    usedAt: string,
  ): Promise<void> {
    if (entries.length === 0) return;
    const table = await this.#database.openOrReplace(queriesTable);
    await table.upsert(entries.map((entry) => this.#row(entry, space, usedAt, 0)));
  }

  /** None if the table is damaged or of another version: the next run replaces it. */
  async #rows<Name extends keyof typeof queriesTable.columns>(
    names: readonly Name[],
    where: string,
  ): Promise<RowOf<Pick<typeof queriesTable.columns, Name>>[]> {
    try {
      return await Array.fromAsync(this.#database.scan(queriesTable, names, where));
    } catch (error) {
      if (isDamage(error)) return [];
      throw error;
    }
  }

  #row(entry: CachedVector, space: EmbeddingSpace, usedAt: string, inLastBuild: 0 | 1) {
    const id = `${this.#index}:${entry.fingerprint}`;
    return { ...entry, id, index: this.#index, space: spaceName(space), inLastBuild, usedAt };
  }

  #own(): string {
    return `index = ${quote(this.#index)}`;
  }
}
