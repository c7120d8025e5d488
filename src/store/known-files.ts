import type { Database } from "./database.ts";
import { quote } from "./sql.ts";
import { isDamage } from "./store-error.ts";
import { knownFilesTable } from "./tables.ts";

/** The HTML of a built site, or its Markdown. */
export type FileKind = "built" | "source";

/** What runs found in the files of one index's site. */
export class KnownFiles {
  readonly #database: Database;
  readonly #index: string;

  constructor(database: Database, index: string) {
    this.#database = database;
    this.#index = index;
  }

  /** JSON; null if there is none, or if it is damaged: the next run that changes something writes it again. */
  async read(kind: FileKind): Promise<string | null> {
    try {
      const where = `id = ${quote(this.#idOf(kind))}`;
      const rows = this.#database.scan(knownFilesTable, ["files"], where);
      for await (const { files } of rows) return files;
      return null;
    } catch (error) {
      if (isDamage(error)) return null;
      throw error;
    }
  }

  /** Leaves nothing on disk of what was known before; `gone`: nor of another kind of files. */
  async write(kind: FileKind, files: string, gone?: FileKind): Promise<void> {
    const table = await this.#database.openOrReplace(knownFilesTable);
    const others = gone === undefined ? undefined : `id = ${quote(this.#idOf(gone))}`;
    await table.upsert([{ id: this.#idOf(kind), files }], others);
    await table.tidy();
  }

  /** Leaves nothing on disk of what a killed run has left. */
  async tidyLeft(): Promise<void> {
    const table = await this.#database.open(knownFilesTable);
    if ((await table?.hasLeftovers()) === true) await table?.tidy();
  }

  readonly #idOf = (kind: FileKind): string => `${this.#index}:${kind}`;
}
