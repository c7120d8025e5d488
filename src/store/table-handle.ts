import type { MergeInsertBuilder, Table } from "@lancedb/lancedb";
import type * as Arrow from "apache-arrow";
import { allOld, mergeFiles, mergeWithoutDeleted, type Compaction } from "./compaction.ts";
import type { WriteGuard } from "./held-lock.ts";
import { wrapped } from "./store-error.ts";

/**
 * What happened to a table since this run made it. `made`: nothing, so it is empty; `filled`: rows were
 * added, none was changed or deleted. `unknown`: something else, or another run may write into it.
 */
export type TableHistory = "made" | "filled" | "unknown";

/** An open table of LanceDB, and what its holder knows of it. All writes pass here. */
export class TableHandle {
  readonly table: Table;
  readonly #name: string;
  readonly #mayWrite: WriteGuard;
  #history: TableHistory;
  #hasChanged = false;

  constructor(name: string, table: Table, mayWrite: WriteGuard, history: TableHistory) {
    this.#name = name;
    this.table = table;
    this.#mayWrite = mayWrite;
    this.#history = history;
  }

  /** Whether rows were changed or deleted by way of this object: files may be left that no row needs. */
  get hasChanged(): boolean {
    return this.#hasChanged;
  }

  /** Shows one version from now on. False when that version is gone. */
  async checkout(version: number): Promise<boolean> {
    const done = this.table.checkout(version).then(() => true);
    return done.catch(() => false);
  }

  close(): void {
    this.table.close();
  }

  /** Words the error if the promise rejects. */
  run<Value>(action: string, promise: Promise<Value>): Promise<Value> {
    return wrapped(`${action} ${this.#name}`, promise);
  }

  /** A run without the lock writes nothing. */
  async write<Value>(action: string, write: () => Promise<Value>): Promise<Value> {
    await this.#mayWrite();
    return this.run(action, write());
  }

  async add(action: string, rows: Arrow.Table): Promise<void> {
    if (this.#history === "made") this.#history = "filled";
    await this.write(action, () => this.table.add(rows));
  }

  /** A write that may leave changed or deleted rows in the files. */
  async change<Value>(action: string, change: () => Promise<Value>): Promise<void> {
    this.#history = "unknown";
    this.#hasChanged = true;
    await this.write(action, change);
  }

  /**
   * Merges rows into the table. Where it is empty, adding them does the same at half the cost. LanceDB reads the schema
   * as soon as a merge is prepared, and only its `execute` awaits that. So `prepare` is called just before: of a merge
   * that is never executed, a failure of this reading would end the process.
   */
  async merge(prepare: () => MergeInsertBuilder, rows: Arrow.Table): Promise<void> {
    if (this.#history === "made") return this.add("write", rows);
    await this.change("write", () => prepare().execute(rows));
  }

  /** Merges small files; the new version has nothing of deleted rows. `key`: name of the key's column. */
  compact(key: string): Promise<void> {
    const merge = this.#history === "unknown" ? mergeWithoutDeleted : mergeFiles;
    return this.run("compact", merge(this.#compaction(key)));
  }

  /** Lets LanceDB change what it has just written, until merging files would change nothing. */
  settle(key: string): Promise<void> {
    return this.run("compact", mergeFiles(this.#compaction(key)));
  }

  /** Merges small files and deletes all versions but the newest. */
  prune(key: string): Promise<void> {
    return this.run("compact", mergeFiles(this.#compaction(key), allOld));
  }

  #compaction(key: string): Compaction {
    return { table: this.table, key, write: (change) => this.write("compact", change) };
  }
}
