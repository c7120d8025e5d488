import { createHash } from "node:crypto";
import { inGroups, quote } from "./sql.ts";
import type { Database } from "./database.ts";
import { searchFilesTable } from "./tables.ts";

/** A file of the readers' index. Its name has the hash of its bytes: a file never changes. */
export interface SearchFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("base64");

/** Files in one commit: a few megabytes. */
const WRITE_SIZE = 512;

/** The files of one index's readers' index. Reading takes no lock; writing needs it. */
export class SearchFiles {
  readonly #database: Database;
  readonly #index: string;
  /** What is stored, by name; null: nobody has looked. */
  #hashes: Map<string, string> | null = null;

  constructor(database: Database, index: string) {
    this.#database = database;
    this.#index = index;
  }

  /** The bytes of those of these files that are stored, by name. */
  async read(names: readonly string[]): Promise<Map<string, Uint8Array>> {
    const files = new Map<string, Uint8Array>();
    for (const where of inGroups("id", names.map(this.#idOf))) {
      const rows = this.#database.scan(searchFilesTable, ["name", "bytes"], where);
      for await (const { name, bytes } of rows) files.set(name, bytes);
    }
    return files;
  }

  /** The names of all stored files. */
  async names(): Promise<Set<string>> {
    const rows = this.#database.scan(searchFilesTable, ["name"], this.#own);
    return new Set((await Array.fromAsync(rows)).map(({ name }) => name));
  }

  /** Adds those of these files that are not stored yet. Readers of other files notice nothing. */
  async add(files: readonly SearchFile[]): Promise<void> {
    const table = await this.#database.openOrReplace(searchFilesTable);
    const stored = (this.#hashes ??= await this.#readHashes());
    const wanted = files.map((file) => ({ ...file, hash: hashOf(file.bytes) }));
    const missing = wanted.filter(({ hash, name }) => stored.get(name) !== hash);
    // With other bytes: damaged, or of an equal name.
    const other = missing
      .filter(({ name }) => stored.has(name))
      .map(({ name }) => this.#idOf(name));
    for (const where of inGroups("id", other)) await table.delete(where);
    const rows = missing.map(({ bytes, name }) => ({
      name,
      bytes,
      id: this.#idOf(name),
      index: this.#index,
    }));
    for (let at = 0; at < rows.length; at += WRITE_SIZE)
      await table.append(rows.slice(at, at + WRITE_SIZE));
    for (const { hash, name } of missing) stored.set(name, hash);
  }

  async #readHashes(): Promise<Map<string, string>> {
    const hashes = new Map<string, string>();
    for await (const row of this.#database.scan(searchFilesTable, ["name", "bytes"], this.#own))
      hashes.set(row.name, hashOf(row.bytes));
    return hashes;
  }

  /** Deletes all files but these, and leaves nothing of them on the disk. */
  async keepOnly(names: ReadonlySet<string>): Promise<void> {
    const table = await this.#database.open(searchFilesTable);
    this.#hashes = null;
    if (table === null) return;
    const old = [...(await this.names())].filter((name) => !names.has(name));
    for (const where of inGroups("id", old.map(this.#idOf))) await table.delete(where);
    if (old.length > 0 || (await table.hasLeftovers())) await table.tidy();
  }

  /** Whether more is on the disk than the stored files. */
  async hasLeftovers(): Promise<boolean> {
    return (await (await this.#database.open(searchFilesTable))?.hasLeftovers()) === true;
  }

  readonly #idOf = (name: string): string => `${this.#index}:${name}`;

  get #own(): string {
    return `index = ${quote(this.#index)}`;
  }
}
