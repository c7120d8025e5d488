import { z } from "zod";
import { NOT_OBSERVED, type ObservedLatencies } from "../words/latencies.ts";
import type { EmbeddingSpace } from "../words/types.ts";
import type { Database } from "./database.ts";
import type { StoreTable } from "./store-table.ts";
import { quote } from "./sql.ts";
import { metaTable, type MetaColumns } from "./tables.ts";
import type { LastRun } from "../words/reports.ts";

/** An embedding space as it is written into the store. */
export const spaceSchema: z.ZodType<EmbeddingSpace> = z.object({
  provider: z.string(),
  model: z.string(),
  dimensions: z.number(),
  taskForm: z.string(),
});

const publishedIndex = z.object({
  /** Version of the index's table that readers pin. */
  version: z.number(),
  pages: z.number(),
  space: spaceSchema,
  /** Model of the sentences of context that its texts are embedded with; null: without. */
  contextModel: z.string().nullable().default(null),
  /** ISO 8601. */
  publishedAt: z.string(),
});

/** The last complete build of an index. */
export type PublishedIndex = Readonly<z.infer<typeof publishedIndex>>;

const dayRequests = z.object({ day: z.string(), requests: z.int() });

/** Requests that an account's quota of the day has been asked for. */
export type DayRequests = Readonly<z.infer<typeof dayRequests>>;

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
    costUsd: z.number(),
    costAboveAlwaysBatchUsd: z.number(),
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
      costAboveAlwaysBatchUsd: z.number().nullable(),
      secondsSavedAgainstAlwaysBatch: z.number(),
    })
    .nullable(),
});

const observedLatency = z
  .object({ seconds: z.number(), count: z.int(), at: z.number() })
  .nullable();

const observedLatencies: z.ZodType<ObservedLatencies> = z.object({
  individual: observedLatency,
  batch: observedLatency,
});

const PUBLISHED = "index:";
const LAST_RUN = "lastRun:";
const REQUESTS = "requests:";
const LATENCIES = "latencies:";

/** Small facts about the store, as JSON by key. */
export class Meta {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The last published state of an index, or null before its first run. */
  async published(index: string): Promise<PublishedIndex | null> {
    const value = await this.#read(PUBLISHED + index);
    return value === null ? null : publishedIndex.parse(JSON.parse(value));
  }

  async publish(index: string, state: PublishedIndex): Promise<void> {
    await this.#write(PUBLISHED + index, JSON.stringify(state));
  }

  async unpublish(index: string): Promise<void> {
    await (await this.#table())?.delete(`key = ${quote(PUBLISHED + index)}`);
  }

  /** The counts of the last run of an index that sent something; null if none is known. */
  async lastRun(index: string): Promise<LastRun | null> {
    const value = await this.#read(LAST_RUN + index);
    // Another version of siterag may have stored other counts. That is no reason to fail.
    return value === null ? null : (lastRun.safeParse(JSON.parse(value)).data ?? null);
  }

  async setLastRun(index: string, run: LastRun): Promise<void> {
    await this.#write(LAST_RUN + index, JSON.stringify(run));
  }

  /** Names of all published indexes of the store. */
  async indexes(): Promise<string[]> {
    const names: string[] = [];
    const table = await this.#table();
    if (table === null) return names;
    for await (const { key } of table.scan(["key"])) {
      if (key.startsWith(PUBLISHED)) names.push(key.slice(PUBLISHED.length));
    }
    return names.sort();
  }

  /** Version of the tables' columns, or null in an empty store. */
  async schemaVersion(): Promise<number | null> {
    const value = await this.#read("schemaVersion");
    return value === null ? null : Number(value);
  }

  async setSchemaVersion(version: number): Promise<void> {
    await this.#write("schemaVersion", String(version));
  }

  /** Requests to the model of a space on the latest day that had some. */
  requestsOfDay({ provider, model }: EmbeddingSpace): {
    readonly read: () => Promise<DayRequests | null>;
    readonly write: (requests: DayRequests) => Promise<void>;
  } {
    // Each model has its own quota.
    const key = `${REQUESTS}${provider}:${model}`;
    return {
      read: async () => {
        const value = await this.#read(key);
        return value === null ? null : dayRequests.parse(JSON.parse(value));
      },
      write: (requests) => this.#write(key, JSON.stringify(requests)),
    };
  }

  /** How long calls to the model of a space, and its jobs, took. */
  async latencies({ provider, model }: EmbeddingSpace): Promise<ObservedLatencies> {
    const value = await this.#read(`${LATENCIES}${provider}:${model}`);
    if (value === null) return NOT_OBSERVED;
    // Another version of siterag may have stored other values. That is no reason to fail.
    return observedLatencies.safeParse(JSON.parse(value)).data ?? NOT_OBSERVED;
  }

  async keepLatencies(
    { provider, model }: EmbeddingSpace,
    latencies: ObservedLatencies,
  ): Promise<void> {
    await this.#write(`${LATENCIES}${provider}:${model}`, JSON.stringify(latencies));
  }

  async #read(key: string): Promise<string | null> {
    const table = await this.#table();
    if (table === null) return null;
    for await (const { value } of table.scan(["value"], `key = ${quote(key)}`)) return value;
    return null;
  }

  async #write(key: string, value: string): Promise<void> {
    const table = await this.#database.openOrReplace(metaTable);
    await table.upsert([{ key, value }]);
    await table.dropOldVersions();
  }

  #table(): Promise<StoreTable<MetaColumns> | null> {
    return this.#database.open(metaTable);
  }
}
