import type { EmbeddingSpace } from "../words/types.ts";
import type { Columns } from "./arrow-rows.ts";
import type { TableSpec } from "./store-table.ts";

/**
 * Version of the tables below. Their columns are public: people read them with other LanceDB clients.
 * Change the version whenever you change columns or indices.
 */
export const SCHEMA_VERSION = 4;

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

/** The columns that a chunk has had since version 3. */
const firstColumns = {
  id: "string",
  page: "string",
  url: "string",
  title: "string",
  headings: "string[]",
  text: "string",
  locale: "string?",
  version: "string?",
  startLine: "line",
  endLine: "line",
  tokens: "integer",
  fingerprint: "string",
  /** Differs from `fingerprint`, or is null, while the row is pending. */
  vectorFingerprint: "string?",
} as const;

/** The columns of a chunk but its vector. */
export const storedColumns = {
  ...firstColumns,
  sections: "sections",
  /** Place among the chunks of its page, from 0. */
  position: "integer",
} as const;

export type ChunkColumns = ReturnType<typeof chunksTable>["columns"];

/** The chunks of one index. */
export const chunksTable = (name: string, dimensions: number) =>
  table({
    name,
    key: "id",
    columns: {
      ...firstColumns,
      vector: "vector?",
      sections: "sections",
      position: "integer",
    },
    dimensions,
  });

/** The version of the tables in which chunks had no position on their page yet. */
export const WITHOUT_POSITIONS = 3;

/** The chunks of one index of that version, in the order of their lines; the next run counts them. */
export const chunksWithoutPositions: typeof chunksTable = (name, dimensions) => {
  const now = chunksTable(name, dimensions);
  // Its full-text index needed the headings in a column of their own.
  const columns = { ...now.columns, allHeadings: "string[]" } as const;
  return { ...now, columns, lacking: { position: "`startLine`", allHeadings: "headings" } };
};

/** The chunks of one index as a store of some version has them; null if they are of no use. */
export function chunksTableOf(version: number | null): typeof chunksTable | null {
  if (version === SCHEMA_VERSION) return chunksTable;
  return version === WITHOUT_POSITIONS ? chunksWithoutPositions : null;
}

/** What the last run, and the last verification, found of each page, for all indexes. */
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
    /** What the built site has proved wrong about the page's addresses, as JSON. */
    corrections: "string?",
    /** The last verdict of `siterag verify`, as JSON. */
    verdict: "string?",
  },
});

/** What runs found in the files of sites, for all indexes: unchanged files are not read again. */
export const knownFilesTable = table({
  name: "known_files",
  key: "id",
  columns: {
    /** `<index>:<kind>`. */
    id: "string",
    /** All files of a kind, as JSON: `built` for the HTML of the site, `source` for its Markdown. */
    files: "string",
  },
});

/** The files of the readers' index, of all indexes. Their names say what they hold. */
export const searchFilesTable = table({
  name: "search_files",
  key: "id",
  columns: {
    /** `<index>:<name>`. */
    id: "string",
    index: "string",
    /** With the hash of the bytes. */
    name: "string",
    bytes: "bytes",
  },
});

/** Tables of all indexes that a run makes again at no cost. */
export const REBUILT = [pagesTable, knownFilesTable, searchFilesTable] as const;

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
