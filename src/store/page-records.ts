import { inGroups, quote } from "./sql.ts";
import type { Database } from "./database.ts";
import { pagesTable } from "./tables.ts";

/** What the store knows of a page since its last run: its key, and how many chunks it has. */
export interface PageRecord {
  readonly page: string;
  readonly key: string;
  readonly chunks: number;
}

/** Rows in one write. */
const WRITE_SIZE = 2000;

/** The page keys of one index. */
export class PageRecords {
  readonly #database: Database;
  readonly #index: string;

  constructor(database: Database, index: string) {
    this.#database = database;
    this.#index = index;
  }

  /** All records by page id. */
  async read(): Promise<Map<string, PageRecord>> {
    const where = `index = ${quote(this.#index)}`;
    const rows = this.#database.scan(pagesTable, ["page", "key", "chunks"], where);
    return new Map((await Array.fromAsync(rows)).map((record) => [record.page, record]));
  }

  async write(records: readonly PageRecord[], vanished: readonly string[]): Promise<void> {
    if (records.length === 0 && vanished.length === 0) return;
    const table = await this.#database.openOrReplace(pagesTable);
    const index = this.#index;
    const idOf = (page: string) => `${index}:${page}`;
    for (const where of inGroups("id", vanished.map(idOf))) await table.delete(where);
    const rows = records.map((record) => ({ ...record, id: idOf(record.page), index }));
    for (let at = 0; at < rows.length; at += WRITE_SIZE) {
      await table.upsert(rows.slice(at, at + WRITE_SIZE));
    }
    await table.tidy();
  }
}
