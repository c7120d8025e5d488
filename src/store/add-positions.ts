import type { Database } from "./database.ts";
import type { Meta } from "./meta.ts";
import { isDamage } from "./store-error.ts";
import {
  chunksTable,
  chunksWithoutPositions,
  SCHEMA_VERSION,
  WITHOUT_POSITIONS,
} from "./tables.ts";

/**
 * Gives the published chunks of all indexes the columns of this version, instead of dropping them: their
 * vectors are used until new ones are there. A process that dies in between leaves the next to do it again.
 */
export async function addPositions(database: Database, meta: Meta): Promise<void> {
  if ((await meta.schemaVersion().catch(() => null)) !== WITHOUT_POSITIONS) return;
  for (const index of await meta.indexes()) {
    const published = await meta.published(index);
    if (published === null) continue;
    try {
      const { dimensions } = published.space;
      const before = chunksWithoutPositions(index, dimensions);
      const now = chunksTable(index, dimensions);
      const version = await database.changeColumns(before, now, published.version);
      if (version !== null) await meta.publish(index, { ...published, version });
    } catch (error) {
      // A damaged table is dropped by the run that writes its index.
      if (!isDamage(error)) throw error;
    }
  }
  await meta.setSchemaVersion(SCHEMA_VERSION);
}
