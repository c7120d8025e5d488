import type { OptimizeOptions, Table } from "@lancedb/lancedb";

/** Merges the files of a table, and clears them of deleted rows. */

export interface Compaction {
  readonly table: Table;
  readonly key: string;
  /** Columns with a full-text index. */
  readonly fullText: readonly string[];
  /** Every change goes through this: it refuses a run without the lock, and words errors. */
  readonly write: <Value>(change: () => Promise<Value>) => Promise<Value>;
}

/** Two rounds were always enough. The bound prevents an endless loop. */
const ROUNDS = 5;

/**
 * LanceDB rewrites a lone file without its deleted rows only when a tenth of the rows is deleted. An
 * update moves these rows to a new file, and so deletes an eighth of each old one.
 */
const EVERY_EIGHTH = "_rowid % 8 = 0";

/** With this many files, a vector index is made anew: files that it covers are never merged. */
const MANY_FILES = 8;

/** Deletes all versions but the newest. The one that merging leaves behind goes in the second round. */
export const allOld = (): OptimizeOptions => ({
  cleanupOlderThan: new Date(),
  deleteUnverified: true,
});

/** Merges small files and updates the indices, until a later call would make no new version. */
export async function mergeFiles(
  { table, write }: Compaction,
  optionsNow: () => Partial<OptimizeOptions> = () => ({}),
): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = await table.version();
    await write(() => table.optimize(optionsNow()));
    if ((await table.version()) === before) return;
  }
}

/**
 * Merges files so that none of the newest version holds a deleted row or its words. Drops the full-text
 * indices, which keep these words: the caller adds them again. That takes as long as updating them.
 */
export async function mergeWithoutDeleted(compaction: Compaction): Promise<void> {
  const { fullText, key, table, write } = compaction;
  const isScattered = (await table.stats()).fragmentStats.numFragments >= MANY_FILES;
  for (const { name, columns } of await table.listIndices()) {
    const isStale = isScattered || columns.some((column) => fullText.includes(column));
    if (isStale) await write(() => table.dropIndex(name));
  }
  await mergeFiles(compaction);
  // Even if it moves no row: the file of a version names the rows that it deleted.
  const where = (await mayHoldDeletedRows(table)) ? EVERY_EIGHTH : "false";
  await write(() => table.update({ where, valuesSql: { [key]: key } }));
  await mergeFiles(compaction);
}

/** Only for a table of one file do the statistics show that no row is deleted. */
async function mayHoldDeletedRows(table: Table): Promise<boolean> {
  const { fragmentStats, numRows } = await table.stats();
  const { lengths, numFragments } = fragmentStats;
  return numFragments !== 1 || lengths.max !== numRows;
}
