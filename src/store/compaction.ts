import type { OptimizeOptions, Table } from "@lancedb/lancedb";

/** Merges the files of a table, and clears them of deleted rows. */

export interface Compaction {
  readonly table: Table;
  readonly key: string;
  /** Every change goes through this: it refuses a run without the lock, and words errors. */
  readonly write: <Value>(change: () => Promise<Value>) => Promise<Value>;
}

/** Two rounds were always enough, but for a vector index that is never done. */
const ROUNDS = 5;

/** Where no index is left to update, one round merges all that can be merged. */
const ONE_ROUND = 1;

/**
 * LanceDB rewrites a lone file without its deleted rows only when a tenth of the rows is deleted. An
 * update moves these rows to a new file, and so deletes an eighth of each old one.
 */
const EVERY_EIGHTH = "_rowid % 8 = 0";

/** With this many files, a table opens noticeably later, and a vector index is made again: files that it covers are never merged. */
export const MANY_FILES = 8;

/** Deletes all versions but the newest. The one that merging leaves behind goes in the second round. */
export const allOld = (): OptimizeOptions => ({
  cleanupOlderThan: new Date(),
  deleteUnverified: true,
});

/**
 * Merges small files and updates the indices, until a later round would make no new version. LanceDB makes one in each
 * round in which it fails to split more than 16,384 vectors that are alike: the vector index then goes, because the
 * version that readers follow would be deleted.
 */
export async function mergeFiles(
  { table, write }: Compaction,
  optionsNow: () => Partial<OptimizeOptions> = () => ({}),
  rounds = ROUNDS,
): Promise<void> {
  for (let round = 1; round <= rounds; round += 1) {
    const before = await table.version();
    await write(() => table.optimize(optionsNow()));
    if ((await table.version()) === before) return;
  }
  const restless = (await table.listIndices()).filter(({ indexType }) => indexType !== "FTS");
  for (const { name } of restless) await write(() => table.dropIndex(name));
  if (restless.length > 0) await write(() => table.optimize(optionsNow()));
}

/**
 * Merges files so that none of the newest version holds a deleted row or its words. Drops the full-text
 * indices, which keep these words: the caller adds them again. That takes as long as updating them.
 */
export async function mergeWithoutDeleted(compaction: Compaction): Promise<void> {
  const { key, table, write } = compaction;
  const isScattered = (await table.stats()).fragmentStats.numFragments >= MANY_FILES;
  const indices = await table.listIndices();
  const dropped = indices.filter(({ indexType }) => isScattered || indexType === "FTS");
  for (const { name } of dropped) await write(() => table.dropIndex(name));
  const rounds = indices.length > dropped.length ? ROUNDS : ONE_ROUND;
  await mergeFiles(compaction, undefined, rounds);
  const holdsDeletedRows = await mayHoldDeletedRows(table);
  // Even if it moves no row: the file of a version names the rows that it deleted.
  const where = holdsDeletedRows ? EVERY_EIGHTH : "false";
  await write(() => table.update({ where, valuesSql: { [key]: key } }));
  if (holdsDeletedRows) await mergeFiles(compaction, undefined, rounds);
}

/** Only for a table of one file do the statistics show that no row is deleted. */
async function mayHoldDeletedRows(table: Table): Promise<boolean> {
  const { fragmentStats, numRows } = await table.stats();
  const { lengths, numFragments } = fragmentStats;
  return numFragments !== 1 || lengths.max !== numRows;
}
