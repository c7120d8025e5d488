import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { connect } from "@lancedb/lancedb";

/** A word, and the file or version of a table that holds it. */
export interface Trace {
  readonly word: string;
  readonly place: string;
}

/** A piece of a store, and where it is. */
interface Piece {
  readonly place: string;
  readonly text: string;
}

/**
 * Which of the words a store in a folder still holds, and where: in the bytes of any file, or, because
 * columns may be compressed, in a row of any version of any table that LanceDB can still read.
 */
export async function tracesInStore(folder: string, words: readonly string[]): Promise<Trace[]> {
  const found: Trace[] = [];
  const look = ({ place, text }: Piece): void => {
    for (const word of words) if (text.includes(word)) found.push({ word, place });
  };
  for await (const piece of filesOf(folder)) look(piece);
  for await (const piece of rowsOfAllVersions(folder)) look(piece);
  return found;
}

/** Names and contents of all files, a character for each byte. */
async function* filesOf(folder: string): AsyncGenerator<Piece> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const place = relative(folder, path);
    yield { place, text: path };
    if (entry.isFile()) yield { place, text: await readFile(path, "latin1") };
  }
}

async function* rowsOfAllVersions(folder: string): AsyncGenerator<Piece> {
  const connection = await connect(folder);
  for (const name of await connection.tableNames()) {
    const table = await connection.openTable(name);
    for (const { version } of await table.listVersions()) {
      await table.checkout(version);
      const { fields } = await table.schema();
      const columns = fields.flatMap(({ name: column }) => (column === "vector" ? [] : [column]));
      for (const row of await table.query().select(columns).toArray()) {
        yield { place: `version ${version} of ${name}`, text: JSON.stringify(row) };
      }
    }
  }
  connection.close();
}
