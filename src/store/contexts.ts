import type { Clock } from "../words/types.ts";
import { AppendQueue } from "./append-queue.ts";
import { isIn } from "./lancedb.ts";
import type { Database, StoreTable } from "./lancedb.ts";
import { contextsTable } from "./tables.ts";
import type { ContextColumns } from "./tables.ts";

/** A sentence of context, and the hash of all that it was made from. */
export interface Context {
  readonly recipe: string;
  readonly sentence: string;
}

/** Recipes in one `IN (…)`. */
const LOOKUP_SIZE = 1000;

/** Far below the number at which opening a table becomes slow. */
const MANY_FRAGMENTS = 100;

/** Sentence by recipe, append-only, for all indexes. One that is in here is never paid for again. */
export class Contexts {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #queue: AppendQueue<Context>;
  #table: StoreTable<ContextColumns> | null = null;
  #appends = 0;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
    this.#queue = new AppendQueue((contexts) => this.#append(contexts));
  }

  /** The sentences of those recipes that have one. */
  async read(recipes: readonly string[]): Promise<Map<string, string>> {
    const sentences = new Map<string, string>();
    this.#table ??= await this.#database.open(contextsTable);
    if (this.#table === null) return sentences;
    for (let at = 0; at < recipes.length; at += LOOKUP_SIZE) {
      const where = isIn("recipe", recipes.slice(at, at + LOOKUP_SIZE));
      for await (const row of this.#table.scan(["recipe", "sentence"], where)) {
        sentences.set(row.recipe, row.sentence);
      }
    }
    return sentences;
  }

  /** Commits sentences; resolves when they are safe. */
  commit(contexts: readonly Context[]): Promise<void> {
    return this.#queue.add(contexts);
  }

  /** Where a sentence is a commit, files would come to thousands before a run ends. */
  async #append(contexts: readonly Context[]): Promise<void> {
    this.#table ??= await this.#database.openOrCreate(contextsTable);
    const createdAt = new Date(this.#clock.now()).toISOString();
    await this.#table.append(contexts.map((context) => ({ ...context, createdAt })));
    this.#appends += 1;
    if (this.#appends % MANY_FRAGMENTS === 0) await this.#table.tidy();
  }

  /** Merges the files of many commits, once there are many. */
  async compact(): Promise<void> {
    if (this.#table === null || (await this.#table.countFragments()) < MANY_FRAGMENTS) return;
    await this.#table.tidy();
  }
}
