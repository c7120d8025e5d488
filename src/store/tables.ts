import type { EmbeddingSpace } from "../words/types.ts";
import type { Columns } from "./arrow-rows.ts";
import type { TableSpec } from "./store-table.ts";

/**
 * Version of the tables below. Their columns are public: people read them with other LanceDB clients.
 * Change the version whenever you change columns or indices.
 */
export const SCHEMA_VERSION = 2;

/** A table, typed by its columns. */
const table = <const C extends Columns>(spec: TableSpec<C>): TableSpec<C> => spec;

/** An index must not have a name that begins with this. */
export const VECTORS_PREFIX = "vectors_";

/** Name of an embedding space, without its task form; a table's name has no slash. */
export const spaceName = ({ provider, model, dimensions }: EmbeddingSpace): string =>
  `${provider}_${model.replaceAll("/", "--")}_${dimensions}`;

/** Vector by fingerprint. All indexes of the store share it. */
export const vectorsTable = (space: EmbeddingSpace) => ({
  ...vectorsTableNamed(`${VECTORS_PREFIX}${spaceName(space)}`),
  dimensions: space.dimensions,
});

/** The same by name, for callers that do not read the vectors. */
export const vectorsTableNamed = (name: string) =>
  table({
    name,
    key: "fingerprint",
    columns: {
      fingerprint: "string",
      vector: "vector",
      /** ISO 8601. `siterag cache prune` drops old ones. */
      createdAt: "string",
    },
  });

/** The columns of a chunk but its vector. */
export const storedColumns = {
  id: "string",
  page: "string",
  url: "string",
  title: "string",
  headings: "string[]",
  text: "string",
  locale: "string?",
  version: "string?",
  startLine: "integer",
  endLine: "integer",
  tokens: "integer",
  fingerprint: "string",
  /** Differs from `fingerprint`, or is null, while the row is pending. */
  vectorFingerprint: "string?",
} as const;

export type ChunkColumns = ReturnType<typeof chunksTable>["columns"];

/** The chunks of one index. */
export const chunksTable = (name: string, dimensions: number) =>
  table({
    name,
    key: "id",
    columns: { ...storedColumns, vector: "vector?" },
    dimensions,
    fullText: ["text", "headings", "title"],
  });

/** What the last run found of each page, for all indexes. */
export const pagesTable = table({
  name: "pages",
  key: "id",
  columns: {
    /** `<index>:<page>`. */
    id: "string",
    index: "string",
    page: "string",
    /** Hash of everything that the page's chunks depend on. */
    key: "string",
    /** How many chunks the page has. */
    chunks: "integer",
  },
});

/** Vectors of queries that builds used, of all indexes and embedding spaces. */
export const queriesTable = table({
  name: "queries",
  key: "id",
  columns: {
    /** `<index>:<fingerprint>`. */
    id: "string",
    index: "string",
    /** Hash of the query's text in its embedding space. */
    fingerprint: "string",
    vector: "numbers",
    /** `<provider>_<model>_<dimensions>`. */
    space: "string",
    /** 1: used by the last complete build of the index; 0: by an earlier one. */
    inLastBuild: "integer",
    /** When a build last used it, ISO 8601. */
    usedAt: "string",
  },
});

/** The ledger: batch jobs that were not collected yet, of all indexes and embedding spaces. */
export const jobsTable = table({
  name: "jobs",
  key: "displayName",
  columns: {
    /** Hash of the job's fingerprints. */
    displayName: "string",
    /** The record as JSON. These columns never change, so that no change of schema loses a paid job. */
    job: "string",
  },
});

/** Sentence of context by recipe. All indexes of the store share it. */
export const contextsTable = table({
  name: "contexts",
  key: "recipe",
  columns: {
    /** Hash of everything that the sentence was made from. */
    recipe: "string",
    sentence: "string",
    /** ISO 8601. */
    createdAt: "string",
  },
});

/** Small facts about the store itself, as JSON by key. */
export const metaTable = table({
  name: "meta",
  key: "key",
  columns: { key: "string", value: "string" },
});

/** The writer's lease on an object store. Written without the lock, so no old version is ever deleted. */
export const leaseTable = { ...metaTable, name: "lease" };
