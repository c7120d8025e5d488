import { existsSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { readFewFilesAtOnce } from "../words/lancedb-environment.ts";
import { Database } from "./database.ts";
import { storeError } from "./store-error.ts";

/** Where an index is. */
export interface StoreTarget {
  /** Absolute folder, or an object store's URI. */
  readonly uri: string;
  /** Name of the index. */
  readonly index: string;
}

/** Whether the address of a store is a folder, not a service. */
export const isFolder = (uri: string): boolean => !uri.includes("://");

/** False when there is certainly no store. Only a connection to a service can tell that it has none. */
export const mayExist = (uri: string): boolean => !isFolder(uri) || existsSync(uri);

/** Connects to a store; makes its folder if it is missing. */
export async function connectTo(uri: string): Promise<Database> {
  if (isFolder(uri)) {
    await makeFolder(uri);
    readFewFilesAtOnce();
  }
  return Database.connect(uri);
}

/** Runs `use` with a connection of its own. */
export async function withDatabase<Value>(
  uri: string,
  use: (database: Database) => Promise<Value>,
): Promise<Value> {
  const database = await connectTo(uri);
  try {
    return await use(database);
  } finally {
    database.close();
  }
}

/**
 * LanceDB would try for two seconds, and then name no way out. Node's recursive `mkdir` says ENOENT for
 * a disk that is read-only, and never ends below /proc.
 */
async function makeFolder(folder: string): Promise<void> {
  if (isDirectory(folder)) return;
  try {
    if (!existsSync(dirname(folder))) await makeFolder(dirname(folder));
    await mkdir(folder);
  } catch (cause) {
    // Another process may have made it meanwhile.
    if (!isDirectory(folder)) throw storeError(`make the folder of the store, ${folder}`, cause);
  }
}

const isDirectory = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
