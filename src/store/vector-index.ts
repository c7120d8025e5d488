import type { Index, VectorQuery } from "@lancedb/lancedb";
import { lancedb } from "./lancedb.ts";

/** LanceDB's index of vectors: which one a column gets, and how much of it a search reads. */

/** LanceDB makes codes only of vectors whose length is a multiple of this. */
const LENGTHS = 8;

/** Of each number. Making codes of 6 bits takes twice as much time and memory. */
const BITS = 4;

/**
 * LanceDB splits a partition of more than 16,384 rows when it updates the index, and dissolves one of less than 1,024.
 * Dissolving takes a tenth of the time of splitting.
 */
const ROWS_PER_PARTITION = 2048;

/** Of each partition, so many vectors are read to find its centre. By default it is 256. */
const SAMPLE_RATE = 64;

/** A graph takes its bounds from 256 times as many vectors; by default it is 256, which are all of most sites. */
const SAMPLE_RATE_OF_GRAPH = 16;

/** A search reads the codes of all partitions. Without some, it misses rows that are like no other. */
const ALL_PARTITIONS = 1_000_000;

/**
 * So many candidates of the index are measured exactly, for each row wanted and in all, so scores are true cosines.
 * With 2 for each of 50 rows of 50,000, and 20 in all, up to one row in a hundred was missed.
 */
const MEASURED_PER_ROW = 3;
const LEAST_MEASURED = 60;

/**
 * Least number of rows that a search visits in a graph: for each row wanted, and in all. With 5 rows of 10,000 wanted,
 * recall of vectors between two pages was 0.94 with 37 such rows, and 1.0 with 375.
 */
const EXPLORED_PER_ROW = 7.5;
const LEAST_EXPLORED = 375;

/**
 * The cosine index for so many vectors. Codes (RaBitQ), which a search reads all, are made in an eighth of the time of a
 * graph (HNSW) and a quarter of its memory or less. Lengths without codes get a graph.
 */
export function indexFor(vectors: number, dimensions: number): Index {
  if (dimensions % LENGTHS > 0)
    return lancedb.Index.hnswSq({ distanceType: "cosine", sampleRate: SAMPLE_RATE_OF_GRAPH });
  return lancedb.Index.ivfRq({
    distanceType: "cosine",
    numBits: BITS,
    numPartitions: Math.ceil(vectors / ROWS_PER_PARTITION),
    sampleRate: SAMPLE_RATE,
  });
}

/** Asks for the nearest rows by cosine, in an index of either kind: earlier versions made graphs for all lengths. */
export function nearestIn(query: VectorQuery, limit: number): VectorQuery {
  const measured = Math.max(MEASURED_PER_ROW, Math.ceil(LEAST_MEASURED / limit));
  const explored = Math.max(LEAST_EXPLORED, Math.ceil(EXPLORED_PER_ROW * limit));
  const wanted = query.distanceType("cosine").limit(limit).refineFactor(measured);
  return wanted.nprobes(ALL_PARTITIONS).ef(explored);
}
