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
    const records = new Map<string, PageRecord>();
    const table = await this.#database.open(pagesTable);
    if (table === null) return records;
    const where = `index = ${quote(this.#index)}`;
    for await (const record of table.scan(["page", "key", "chunks"], where)) {
      records.set(record.page, record);
    }
    return records;
  }

  async write(records: readonly PageRecord[], vanished: readonly string[]): Promise<void> {
    if (records.length === 0 && vanished.length === 0) return;
    const table = await this.#database.openOrReplace(pagesTable);
    const ids = vanished.map((page) => this.#id(page));
    for (const where of inGroups("id", ids)) await table.delete(where);
    for (let at = 0; at < records.length; at += WRITE_SIZE) {
      const rows = records.slice(at, at + WRITE_SIZE);
      await table.upsert(
        rows.map((record) => ({ ...record, id: this.#id(record.page), index: this.#index })),
      );
    }
    await table.tidy();
  }

  #id(page: string): string {
    return `${this.#index}:${page}`;
  }
}
