import { keepOpen } from "../words/keep-open.ts";
import type { Database } from "./database.ts";
import { KnownFiles } from "./known-files.ts";
import { Meta } from "./meta.ts";
import { QueryCache } from "./query-cache.ts";
import { SearchFiles } from "./search-files.ts";
import { connectTo } from "./with-database.ts";

/** What readers use of one index, besides its chunks. Each part reads the newest state of its table. */
export type IndexParts = Readonly<ReturnType<typeof partsIn>>;

const partsIn = (database: Database, meta: Meta, index: string) => ({
  /** Vectors of queries that builds have used. */
  queries: new QueryCache(database, index),
  /** The files of the readers' index, those of earlier builds among them. One object as long as the store is open. */
  searchFiles: new SearchFiles(database, index),
  /** What runs found in the files of the site. */
  knownFiles: new KnownFiles(database, index),
  /** The counts of the last run that sent something. */
  lastRun: () => meta.lastRun(index),
});

/** A store that is open for readers. */
export class ReadStore {
  readonly database: Database;
  readonly meta: Meta;
  readonly #parts = new Map<string, IndexParts>();

  constructor(database: Database) {
    this.database = database;
    this.meta = new Meta(database);
  }

  partsOf(index: string): IndexParts {
    const parts = this.#parts.get(index) ?? partsIn(this.database, this.meta, index);
    this.#parts.set(index, parts);
    return parts;
  }

  close(): void {
    this.database.close();
  }
}

/** A minute without a reader: longer than a build or a person pauses between two searches. */
const IDLE_MS = 60_000;

/** More stores than a process reads by turns. */
const MOST_IDLE = 4;

/**
 * Runs `use` with the store at an address. The store stays open for the next reader of this process: connecting to it,
 * opening its tables and loading its vector index take most of the time of a search.
 */
export const withOpenStore = keepOpen(async (uri) => new ReadStore(await connectTo(uri)), {
  idleMs: IDLE_MS,
  mostIdle: MOST_IDLE,
});
