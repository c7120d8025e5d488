import { z } from "zod";
import { NOT_OBSERVED, type ObservedLatencies } from "../words/latencies.ts";
import { parsedJson, READ_ONCE } from "../words/json.ts";
import type { EmbeddingSpace } from "../words/types.ts";
import type { Database } from "./database.ts";
import { lastRun } from "./last-run.ts";
import { quote } from "./sql.ts";
import type { StoreTable } from "./store-table.ts";
import { metaTable } from "./tables.ts";
import type { LastRun } from "../words/reports.ts";

/** An embedding space as it is written into the store. */
export const spaceSchema: z.ZodType<EmbeddingSpace> = z.object({
  provider: z.string(),
  model: z.string(),
  dimensions: z.number(),
  taskForm: z.string(),
});

/** The last complete build of an index. */
const publishedIndex = z.object({
  /** Version of the index's table that readers pin. */
  version: z.number(),
  pages: z.number(),
  space: spaceSchema,
  /** Model of the sentences of context that its texts are embedded with; null: without. */
  contextModel: z.string().nullable().default(null),
  /** Models of earlier builds. */
  contextModels: z.array(z.string()).default([]),
  /** ISO 8601. */
  publishedAt: z.string(),
  /** When it was last published by a run that read all pages, ISO 8601. */
  allReadAt: z.string().optional(),
  /** Chunks that wait for a vector of their own; absent in an index of an earlier version. */
  pending: z.number().optional(),
  /** The readers' index of the same rows; null: an earlier version built the index, or the files are lost. */
  search: z
    .object({
      /** The search file that names the others. */
      manifest: z.string(),
      /** The search file that lists which sections lie in each chunk; null: an earlier version built the index. */
      chunkSections: z.string().nullable().default(null),
      /** The manifest before, whose files are still there; null: there was none, or text was removed. */
      previous: z.string().nullable(),
    })
    .nullable()
    .default(null),
});

export type PublishedIndex = Readonly<z.infer<typeof publishedIndex>>;

/** All models whose sentences of context the store may have for an index. */
export const modelsOf = ({ contextModel, contextModels }: PublishedIndex): string[] => [
  ...new Set([...contextModels, ...(contextModel === null ? [] : [contextModel])]),
];

/** Sentences of context that a run is writing, or was when it died. */
const sentenceWriting = z.object({
  /** ISO 8601. */
  since: z.string(),
  models: z.array(z.string()),
});

export type SentenceWriting = Readonly<z.infer<typeof sentenceWriting>>;

/** Requests that an account's quota of the day has been asked for. */
const dayRequests = z.object({ day: z.string(), requests: z.int() }).readonly();

const observedLatencies: z.ZodType<ObservedLatencies> = z.record(
  z.enum(["individual", "batch"]),
  z.object({ seconds: z.number(), count: z.int(), at: z.number() }).nullable(),
);

const PUBLISHED = "index:";
const WRITING = "sentences:";
const SCHEMA = "schemaVersion";

/** Null for a fact that is missing or cannot be read. */
const parsedAs = <Value>(schema: z.ZodType<Value>, value: string | undefined): Value | null =>
  value === undefined ? null : (schema.safeParse(parsedJson(value), READ_ONCE).data ?? null);

/** Small facts about the store, as JSON by key. */
export class Meta {
  readonly #database: Database;
  #table: StoreTable<typeof metaTable.columns> | null = null;
  /** All facts, and the state of the table in which they were read. */
  #facts: Map<string, string> | null = null;
  #stamp: string | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The last published state of an index, or null before its first run. */
  published(index: string): Promise<PublishedIndex | null> {
    return this.#fact(PUBLISHED + index, publishedIndex);
  }

  /** The last published state of an index with the version of the tables' columns, both of one moment. */
  async state(
    index: string,
  ): Promise<{ published: PublishedIndex | null; schemaVersion: number | null }> {
    const key = PUBLISHED + index;
    const values = await this.#read();
    return {
      published: parsedAs(publishedIndex, values.get(key)),
      schemaVersion: parsedAs(z.number(), values.get(SCHEMA)),
    };
  }

  publish(index: string, state: PublishedIndex): Promise<void> {
    return this.#write(PUBLISHED + index, state);
  }

  unpublish(index: string): Promise<void> {
    return this.#delete(PUBLISHED + index);
  }

  /** Names of all published indexes of the store. */
  async indexes(): Promise<string[]> {
    const keys = [...(await this.#read()).keys()];
    const published = keys.filter((key) => key.startsWith(PUBLISHED));
    return published.map((key) => key.slice(PUBLISHED.length)).sort();
  }

  /** By index: what a run that is under way, or has died, noted of its sentences of context. */
  async sentenceWriting(): Promise<ReadonlyMap<string, SentenceWriting>> {
    return new Map(
      [...(await this.#read())].flatMap(([key, value]) => {
        const note = key.startsWith(WRITING) ? sentenceWriting.safeParse(parsedJson(value)) : null;
        return note?.success === true ? [[key.slice(WRITING.length), note.data] as const] : [];
      }),
    );
  }

  noteSentenceWriting(index: string, note: SentenceWriting): Promise<void> {
    return this.#write(WRITING + index, note);
  }

  forgetSentenceWriting(index: string): Promise<void> {
    return this.#delete(WRITING + index);
  }

  /** The counts of the last run of an index that sent something; null if none is known. */
  lastRun(index: string): Promise<LastRun | null> {
    // Another version of siterag may have stored other counts. That is no reason to fail.
    return this.#fact(`lastRun:${index}`, lastRun().nullable().catch(null));
  }

  setLastRun(index: string, run: LastRun): Promise<void> {
    return this.#write(`lastRun:${index}`, run);
  }

  /** Version of the tables' columns, or null in an empty store. */
  schemaVersion(): Promise<number | null> {
    return this.#fact(SCHEMA, z.number());
  }

  setSchemaVersion(version: number): Promise<void> {
    return this.#write(SCHEMA, version);
  }

  /** Requests to the model of a space, which has its own quota, on the latest day that had some. */
  requestsOfDay({ provider, model }: EmbeddingSpace) {
    const key = `requests:${provider}:${model}`;
    return {
      read: () => this.#fact(key, dayRequests),
      write: (requests: z.infer<typeof dayRequests>) => this.#write(key, requests),
    };
  }

  /** How long calls to the model of a space, and its jobs, took. */
  async latencies(space: EmbeddingSpace): Promise<ObservedLatencies> {
    // Another version of siterag may have stored other values. That is no reason to fail.
    const schema = observedLatencies.catch(NOT_OBSERVED);
    return (await this.#fact(latenciesOf(space), schema)) ?? NOT_OBSERVED;
  }

  keepLatencies(space: EmbeddingSpace, latencies: ObservedLatencies): Promise<void> {
    return this.#write(latenciesOf(space), latencies);
  }

  /** Merges the files of many writes, and deletes what changed facts have left. */
  async tidy(): Promise<void> {
    await this.#table?.pruneIfWorthwhile();
  }

  /** Drops the table. */
  async drop(): Promise<void> {
    this.#facts = null;
    this.#table = null;
    await this.#database.drop(metaTable.name);
  }

  /** Deletes facts that cannot be read. True if there were any. */
  async forgetUnreadable(): Promise<boolean> {
    const unreadable = [...(await this.#read())].filter(([key, value]) => {
      const schema = SCHEMAS.find(([prefix]) => key.startsWith(prefix))?.[1];
      return schema?.safeParse(parsedJson(value)).success !== true;
    });
    for (const [key] of unreadable) await this.#delete(key);
    return unreadable.length > 0;
  }

  /** Null for a fact that is missing or cannot be read. */
  async #fact<Value>(key: string, schema: z.ZodType<Value>): Promise<Value | null> {
    return parsedAs(schema, (await this.#read()).get(key));
  }

  /** All facts as JSON by key. */
  async #read(): Promise<Map<string, string>> {
    const stamp = this.#database.stampOf(metaTable.name);
    if (stamp !== null && stamp === this.#stamp && this.#facts !== null) return this.#facts;
    const rows = this.#database.scan(metaTable, ["key", "value"]);
    const facts = new Map(await Array.fromAsync(rows, ({ key, value }) => [key, value] as const));
    [this.#facts, this.#stamp] = [facts, stamp];
    return facts;
  }

  async #delete(key: string): Promise<void> {
    if (!(await this.#read()).has(key)) return;
    await (await this.#database.open(metaTable))?.delete(isKey(key));
    this.#facts?.delete(key);
  }

  async #write(key: string, fact: unknown): Promise<void> {
    this.#table ??= await this.#database.openOrReplace(metaTable);
    const value = JSON.stringify(fact);
    const isStored = (await this.#read()).has(key);
    const stored = this.#table.set({ key, value }, isStored ? isKey(key) : null);
    // It may be stored even if that fails: a second row of the key would be one too many.
    stored.catch(() => (this.#facts = null));
    await stored;
    this.#facts?.set(key, value);
  }
}

/** What each fact must look like; the first entry counts whose text the key begins with. */
const SCHEMAS = [
  [PUBLISHED, publishedIndex],
  [WRITING, sentenceWriting],
  [SCHEMA, z.number()],
  ["requests:", dayRequests],
  ["", z.looseObject({})],
] as const satisfies readonly (readonly [string, z.ZodType])[];

const isKey = (key: string): string => `key = ${quote(key)}`;

const latenciesOf = ({ provider, model }: EmbeddingSpace): string =>
  `latencies:${provider}:${model}`;
