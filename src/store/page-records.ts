import { z } from "zod";
import type { Corrections } from "../words/corrections.ts";
import { parsedJson } from "../words/json.ts";
import { once } from "../words/once.ts";
import { inGroups, quote } from "./sql.ts";
import type { Database } from "./database.ts";
import { pagesTable } from "./tables.ts";

/** What the store knows of a page since its last run. */
export interface PageRecord {
  readonly page: string;
  /** Hash of everything that its chunks depend on. */
  readonly key: string;
  readonly chunks: number;
  /** What the built site has proved wrong about its addresses; null: nothing. */
  readonly corrections: Corrections | null;
  /** The last verdict of `siterag verify`, as JSON; null: none. */
  readonly verdict: string | null;
}

const corrections = once((): z.ZodType<Corrections> => {
  const anchor = z.string().nullable();
  return z.object({
    url: z.object({ from: z.string(), to: z.string() }).nullable(),
    anchors: z.array(z.object({ heading: z.string(), from: anchor, to: anchor })).readonly(),
  });
});

const COLUMNS = ["page", "key", "chunks", "corrections", "verdict"] as const;

/** Rows in one write. */
const WRITE_SIZE = 2000;

/** The records of one index's pages. */
export class PageRecords {
  readonly #database: Database;
  readonly #index: string;

  constructor(database: Database, index: string) {
    this.#database = database;
    this.#index = index;
  }

  /** All records by page id. */
  async read(): Promise<Map<string, PageRecord>> {
    const table = await this.#database.open(pagesTable);
    // A table of another version is made anew by the next write.
    if (table === null || !(await table.hasColumnsOfSpec())) return new Map();
    const rows = table.scan(COLUMNS, `index = ${quote(this.#index)}`);
    return new Map((await Array.fromAsync(rows)).map((row) => [row.page, recordOf(row)]));
  }

  /** Leaves nothing on disk of records that go, nor of what a killed run has left. */
  async write(records: readonly PageRecord[], vanished: readonly string[]): Promise<void> {
    if (records.length === 0 && vanished.length === 0) return this.#tidyLeft();
    const table = await this.#database.openOrReplace(pagesTable);
    const index = this.#index;
    const idOf = (page: string) => `${index}:${page}`;
    for (const where of inGroups("id", vanished.map(idOf))) await table.delete(where);
    const rows = records.map((record) => ({
      ...record,
      id: idOf(record.page),
      index,
      corrections: record.corrections && JSON.stringify(record.corrections),
    }));
    for (let at = 0; at < rows.length; at += WRITE_SIZE) {
      await table.upsert(rows.slice(at, at + WRITE_SIZE));
    }
    await table.tidy();
  }

  async #tidyLeft(): Promise<void> {
    const table = await this.#database.open(pagesTable);
    if ((await table?.hasLeftovers()) === true) await table?.tidy();
  }
}

interface StoredRecord extends Omit<PageRecord, "corrections"> {
  readonly corrections: string | null;
}

const recordOf = (row: StoredRecord): PageRecord => ({
  ...row,
  corrections: corrections().safeParse(parsedJson(row.corrections ?? "")).data ?? null,
});
