import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { connect } from "@lancedb/lancedb";

/**
 * Which of the words a store in a folder still holds: in the bytes of any file, or, because columns
 * may be compressed, in a row of any version of any table that LanceDB can still read.
 */
export async function wordsInStore(folder: string, words: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  const look = (text: string): void => {
    for (const word of words) if (text.includes(word)) found.add(word);
  };
  for await (const text of bytesOf(folder)) look(text);
  for await (const text of rowsOfAllVersions(folder)) look(text);
  return [...found];
}

/** Names and contents of all files, a character for each byte. */
async function* bytesOf(folder: string): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    yield path;
    if (entry.isFile()) yield await readFile(path, "latin1");
  }
}

async function* rowsOfAllVersions(folder: string): AsyncGenerator<string> {
  const connection = await connect(folder);
  for (const name of await connection.tableNames()) {
    const table = await connection.openTable(name);
    for (const { version } of await table.listVersions()) {
      await table.checkout(version);
      const { fields } = await table.schema();
      const columns = fields.flatMap(({ name: column }) => (column === "vector" ? [] : [column]));
      for (const row of await table.query().select(columns).toArray()) yield JSON.stringify(row);
    }
  }
  connection.close();
}
