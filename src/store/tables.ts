import type { EmbeddingSpace } from "../words/types.ts";
import type { TableSpec } from "./store-table.ts";

/**
 * The tables of a store. Their columns are public: people read them with other LanceDB clients,
 * so a change of columns, or of how they are indexed, is a change of `SCHEMA_VERSION`.
 */
export const SCHEMA_VERSION = 2;

const vectorColumns = {
  fingerprint: "string",
  vector: "vector",
  /** ISO 8601; `siterag cache prune` goes by it. */
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
  /** Hash of all that the page's chunks depend on. */
  key: "string",
  /** Chunks that the page came to. */
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
  /** ISO 8601, of the last build that used it. */
  usedAt: "string",
} as const;

const jobColumns = {
  /** Hash of the job's fingerprints. */
  displayName: "string",
  /** The record as JSON: these columns never change, so that no other schema loses a paid job. */
  job: "string",
} as const;

const contextColumns = {
  /** Hash of all that the sentence was made from. */
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

/** Names that an index cannot have. */
export const VECTORS_PREFIX = "vectors_";

/** Name of an embedding space, task form aside. */
export const spaceName = ({ provider, model, dimensions }: EmbeddingSpace): string =>
  `${provider}_${model}_${dimensions}`;

/** Vector by fingerprint: the content-addressed cache, shared by all indexes of the store. */
export const vectorsTable = (space: EmbeddingSpace): TableSpec<VectorColumns> => ({
  ...vectorsTableNamed(`${VECTORS_PREFIX}${spaceName(space)}`),
  dimensions: space.dimensions,
});

/** The same by name, for readers that leave the vectors alone. */
export const vectorsTableNamed = (name: string): TableSpec<VectorColumns> => ({
  name,
  key: "fingerprint",
  columns: vectorColumns,
});

/** One site's chunks. */
export const chunksTable = (name: string, dimensions: number): TableSpec<ChunkColumns> => ({
  name,
  key: "id",
  columns: chunkColumns,
  dimensions,
  fullText: ["text", "headings", "title"],
});

/** What is known of every page since its last run, for all indexes. */
export const pagesTable: TableSpec<PageColumns> = {
  name: "pages",
  key: "id",
  columns: pageColumns,
};

/** Vectors of queries that builds have used, of all indexes and embedding spaces. */
export const queriesTable: TableSpec<QueryColumns> = {
  name: "queries",
  key: "id",
  columns: queryColumns,
};

/** The ledger: batch jobs that have not been collected, of all indexes and embedding spaces. */
export const jobsTable: TableSpec<JobColumns> = {
  name: "jobs",
  key: "displayName",
  columns: jobColumns,
};

/** Sentence of context by recipe: as append-only as the vectors, and shared by all indexes. */
export const contextsTable: TableSpec<ContextColumns> = {
  name: "contexts",
  key: "recipe",
  columns: contextColumns,
};

/**
 * The writer's lease of a store on an object store. A table of its own, which is never cleaned up:
 * it is written without the lock.
 */
export const leaseTable: TableSpec<MetaColumns> = {
  name: "lease",
  key: "key",
  columns: metaColumns,
};

/** Small facts about the store itself, as JSON by key. */
export const metaTable: TableSpec<MetaColumns> = { name: "meta", key: "key", columns: metaColumns };
