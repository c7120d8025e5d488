import { z } from "zod";
import { NOT_OBSERVED, type ObservedLatencies } from "../words/latencies.ts";
import { parsedJson } from "../words/json.ts";
import type { EmbeddingSpace } from "../words/types.ts";
import type { Database } from "./database.ts";
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
});

export type PublishedIndex = Readonly<z.infer<typeof publishedIndex>>;

/** All models whose sentences of context the store may have for an index. */
export const modelsOf = ({ contextModel, contextModels }: PublishedIndex): string[] => [
  ...new Set([...contextModels, ...(contextModel === null ? [] : [contextModel])]),
];

/** Requests that an account's quota of the day has been asked for. */
const dayRequests = z.object({ day: z.string(), requests: z.int() }).readonly();

const lastRun: z.ZodType<LastRun> = z.object({
  at: z.string(),
  metrics: z.object({
    requests: z.number(),
    individualCalls: z.number(),
    jobs: z.number(),
    cacheHits: z.number(),
    cacheHitRate: z.number(),
    texts: z.number(),
    tokens: z.number(),
    costUsd: z.number().nullable(),
    extraCostVsBatchUsd: z.number().nullable(),
    secondsSavedAgainstAlwaysBatch: z.number(),
    averageLatencyMs: z.number().nullable(),
    textsPerCall: z.number(),
    retries: z.number(),
    errors: z.number(),
    errorRate: z.number(),
    poolUtilisation: z.number().nullable(),
    longestQueue: z.number(),
    poolExhausted: z.number(),
  }),
  enrichment: z
    .object({
      sentences: z.number(),
      calls: z.number(),
      jobs: z.number(),
      retries: z.number(),
      inputTokens: z.number(),
      outputTokens: z.number(),
      costUsd: z.number().nullable(),
      extraCostVsBatchUsd: z.number().nullable(),
      secondsSavedAgainstAlwaysBatch: z.number(),
    })
    .nullable(),
});

const observedLatencies: z.ZodType<ObservedLatencies> = z.record(
  z.enum(["individual", "batch"]),
  z.object({ seconds: z.number(), count: z.int(), at: z.number() }).nullable(),
);

const PUBLISHED = "index:";

/** Small facts about the store, as JSON by key. */
export class Meta {
  readonly #database: Database;
  #table: StoreTable<typeof metaTable.columns> | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The last published state of an index, or null before its first run. */
  published(index: string): Promise<PublishedIndex | null> {
    return this.#read(PUBLISHED + index, publishedIndex);
  }

  publish(index: string, state: PublishedIndex): Promise<void> {
    return this.#write(PUBLISHED + index, state);
  }

  async unpublish(index: string): Promise<void> {
    await (await this.#database.open(metaTable))?.delete(isKey(PUBLISHED + index));
  }

  /** Names of all published indexes of the store. */
  async indexes(): Promise<string[]> {
    const rows = await Array.fromAsync(this.#database.scan(metaTable, ["key"]));
    const published = rows.filter(({ key }) => key.startsWith(PUBLISHED));
    return published.map(({ key }) => key.slice(PUBLISHED.length)).sort();
  }

  /** The counts of the last run of an index that sent something; null if none is known. */
  lastRun(index: string): Promise<LastRun | null> {
    // Another version of siterag may have stored other counts. That is no reason to fail.
    return this.#read(`lastRun:${index}`, lastRun.nullable().catch(null));
  }

  setLastRun(index: string, run: LastRun): Promise<void> {
    return this.#write(`lastRun:${index}`, run);
  }

  /** Version of the tables' columns, or null in an empty store. */
  schemaVersion(): Promise<number | null> {
    return this.#read("schemaVersion", z.number());
  }

  setSchemaVersion(version: number): Promise<void> {
    return this.#write("schemaVersion", version);
  }

  /** Requests to the model of a space, which has its own quota, on the latest day that had some. */
  requestsOfDay({ provider, model }: EmbeddingSpace) {
    const key = `requests:${provider}:${model}`;
    return {
      read: () => this.#read(key, dayRequests),
      write: (requests: z.infer<typeof dayRequests>) => this.#write(key, requests),
    };
  }

  /** How long calls to the model of a space, and its jobs, took. */
  async latencies(space: EmbeddingSpace): Promise<ObservedLatencies> {
    // Another version of siterag may have stored other values. That is no reason to fail.
    const schema = observedLatencies.catch(NOT_OBSERVED);
    return (await this.#read(latenciesOf(space), schema)) ?? NOT_OBSERVED;
  }

  keepLatencies(space: EmbeddingSpace, latencies: ObservedLatencies): Promise<void> {
    return this.#write(latenciesOf(space), latencies);
  }

  /** Merges the files of this object's writes, if there were any. */
  async tidy(): Promise<void> {
    await this.#table?.prune();
  }

  /** Deletes facts that cannot be read. True if there were any. */
  async forgetUnreadable(): Promise<boolean> {
    const rows = await Array.fromAsync(this.#database.scan(metaTable, ["key", "value"]));
    const unreadable = rows.filter(({ key, value }) => {
      const schema = SCHEMAS.find(([prefix]) => key.startsWith(prefix))?.[1];
      return schema?.safeParse(parsedJson(value)).success !== true;
    });
    const table = unreadable.length === 0 ? null : await this.#database.open(metaTable);
    for (const { key } of unreadable) await table?.delete(isKey(key));
    return unreadable.length > 0;
  }

  /** Null for a fact that is missing or cannot be read. */
  async #read<Value>(key: string, schema: z.ZodType<Value>): Promise<Value | null> {
    const [row] = await Array.fromAsync(this.#database.scan(metaTable, ["value"], isKey(key)));
    return row === undefined ? null : (schema.safeParse(parsedJson(row.value)).data ?? null);
  }

  async #write(key: string, value: unknown): Promise<void> {
    this.#table ??= await this.#database.openOrReplace(metaTable);
    await this.#table.upsert([{ key, value: JSON.stringify(value) }]);
  }
}

/**
 * What each fact must look like. The first entry counts whose text the key begins with. Facts that
 * siterag can do without, such as latencies, need only be objects.
 */
const SCHEMAS = [
  [PUBLISHED, publishedIndex],
  ["schemaVersion", z.number()],
  ["requests:", dayRequests],
  ["", z.looseObject({})],
] as const satisfies readonly (readonly [string, z.ZodType])[];

const isKey = (key: string): string => `key = ${quote(key)}`;

const latenciesOf = ({ provider, model }: EmbeddingSpace): string =>
  `latencies:${provider}:${model}`;
