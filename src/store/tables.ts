import type { EmbeddingSpace } from "../words/types.ts";
import type { TableSpec } from "./store-table.ts";

/**
 * Version of the tables below. Their columns are public: people read them with other LanceDB clients.
 * Change the version whenever you change columns or indices.
 */
export const SCHEMA_VERSION = 2;

const vectorColumns = {
  fingerprint: "string",
  vector: "vector",
  /** ISO 8601. `siterag cache prune` drops old ones. */
  createdAt: "string",
} as const;

const chunkColumns = {
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
  vector: "vector?",
} as const;

const pageColumns = {
  /** `<index>:<page>`. */
  id: "string",
  index: "string",
  page: "string",
  /** Hash of everything that the page's chunks depend on. */
  key: "string",
  /** How many chunks the page has. */
  chunks: "integer",
} as const;

const queryColumns = {
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
} as const;

const jobColumns = {
  /** Hash of the job's fingerprints. */
  displayName: "string",
  /** The record as JSON. These columns never change, so that no change of schema loses a paid job. */
  job: "string",
} as const;

const contextColumns = {
  /** Hash of everything that the sentence was made from. */
  recipe: "string",
  sentence: "string",
  /** ISO 8601. */
  createdAt: "string",
} as const;

const metaColumns = { key: "string", value: "string" } as const;

export type VectorColumns = typeof vectorColumns;
export type ChunkColumns = typeof chunkColumns;
export type PageColumns = typeof pageColumns;
export type QueryColumns = typeof queryColumns;
export type JobColumns = typeof jobColumns;
export type ContextColumns = typeof contextColumns;
export type MetaColumns = typeof metaColumns;

/** An index must not have a name that begins with this. */
export const VECTORS_PREFIX = "vectors_";

/** Name of an embedding space, without its task form. */
export const spaceName = ({ provider, model, dimensions }: EmbeddingSpace): string =>
  `${provider}_${model}_${dimensions}`;

/** Vector by fingerprint. All indexes of the store share it. */
export const vectorsTable = (space: EmbeddingSpace): TableSpec<VectorColumns> => ({
  ...vectorsTableNamed(`${VECTORS_PREFIX}${spaceName(space)}`),
  dimensions: space.dimensions,
});

/** The same by name, for callers that do not read the vectors. */
export const vectorsTableNamed = (name: string): TableSpec<VectorColumns> => ({
  name,
  key: "fingerprint",
  columns: vectorColumns,
});

/** The chunks of one index. */
export const chunksTable = (name: string, dimensions: number): TableSpec<ChunkColumns> => ({
  name,
  key: "id",
  columns: chunkColumns,
  dimensions,
  fullText: ["text", "headings", "title"],
});

/** What the last run found of each page, for all indexes. */
export const pagesTable: TableSpec<PageColumns> = {
  name: "pages",
  key: "id",
  columns: pageColumns,
};

/** Vectors of queries that builds used, of all indexes and embedding spaces. */
export const queriesTable: TableSpec<QueryColumns> = {
  name: "queries",
  key: "id",
  columns: queryColumns,
};

/** The ledger: batch jobs that were not collected yet, of all indexes and embedding spaces. */
export const jobsTable: TableSpec<JobColumns> = {
  name: "jobs",
  key: "displayName",
  columns: jobColumns,
};

/** Sentence of context by recipe. All indexes of the store share it. */
export const contextsTable: TableSpec<ContextColumns> = {
  name: "contexts",
  key: "recipe",
  columns: contextColumns,
};

/**
 * The writer's lease of a store on an object store. It has its own table, because it is written without
 * the lock; for the same reason its old versions are never deleted.
 */
export const leaseTable: TableSpec<MetaColumns> = {
  name: "lease",
  key: "key",
  columns: metaColumns,
};

/** Small facts about the store itself, as JSON by key. */
export const metaTable: TableSpec<MetaColumns> = { name: "meta", key: "key", columns: metaColumns };
