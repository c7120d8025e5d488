import type { Connection, Table } from "@lancedb/lancedb";
import { Database } from "../../src/store/database.ts";
import { lancedb } from "../../src/store/lancedb.ts";
import { Meta, type PublishedIndex } from "../../src/store/meta.ts";
import type { StoreTarget } from "../../src/store/with-database.ts";
import { pagesTable, searchFilesTable, VECTORS_PREFIX } from "../../src/store/tables.ts";

/** Gives a store with one index the tables that it had before chunks had positions. */
export const takePositions = (target: StoreTarget): Promise<void> =>
  change(target, async (chunks, connection, meta) => {
    await chunks.dropColumns(["position"]);
    await chunks.addColumns([{ name: "allHeadings", valueSql: "headings" }]);
    for (const column of ["text", "allHeadings", "title"])
      await chunks.createIndex(column, { config: lancedb.Index.fts() });
    if ((await connection.tableNames()).includes(searchFilesTable.name))
      await connection.dropTable(searchFilesTable.name);
    await meta.setSchemaVersion(3);
    const { pending: _, ...published } = await publishedIn(meta, target.index);
    await meta.publish(target.index, { ...published, search: null });
  });

/** Leaves the index of a store as a version leaves it that makes other embedding inputs of all texts. */
export const changeInputs = (target: StoreTarget): Promise<void> =>
  change(target, async (chunks, connection) => {
    const fingerprint = "reverse(fingerprint)";
    await chunks.update({
      valuesSql: { fingerprint, vectorFingerprint: "reverse(`vectorFingerprint`)" },
    });
    const names = await connection.tableNames();
    for (const name of names.filter((one) => one.startsWith(VECTORS_PREFIX)))
      await (await connection.openTable(name)).update({ valuesSql: { fingerprint } });
    const pages = await connection.openTable(pagesTable.name);
    await pages.update({ valuesSql: { key: "reverse(key)" } });
  });

/** Changes the chunks of an index past siterag, and publishes the change. */
async function change(
  { uri, index }: StoreTarget,
  make: (chunks: Table, connection: Connection, meta: Meta) => Promise<void>,
): Promise<void> {
  const database = await Database.connect(uri);
  const meta = new Meta(database);
  const connection = await lancedb.connect(uri);
  const chunks = await connection.openTable(index);
  await make(chunks, connection, meta);
  const published = await publishedIn(meta, index);
  await meta.publish(index, { ...published, version: await chunks.version() });
  connection.close();
  database.close();
}

async function publishedIn(meta: Meta, index: string): Promise<PublishedIndex> {
  const published = await meta.published(index);
  if (published === null) throw new Error(`Nothing is published of ${index}.`);
  return published;
}
