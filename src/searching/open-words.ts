import { openReader, type SiteReader } from "../reader/open-reader.ts";
import type { FileSource } from "../reader/file-source.ts";
import { MANIFEST_NAME } from "../reader/manifest.ts";
import type { PublishedIndex } from "../store/meta.ts";
import { withDatabase, type StoreTarget } from "../store/with-database.ts";
import { SearchFiles } from "../store/search-files.ts";
import { SiteragError } from "../words/errors.ts";
import { asOurs } from "./reader-failures.ts";

/** Opened indexes that a process keeps: more than a build or a server uses at once. */
const MOST_OPEN = 8;

/** By store, index and manifest: what readers have read stays read, and the next build is another entry. */
const opened = new Map<string, Promise<SiteReader>>();

/**
 * The readers' index that is published with an index of the store; null if it has none. Its files are read
 * once in a process.
 */
export async function openWords(
  target: StoreTarget,
  { search }: Pick<PublishedIndex, "search">,
): Promise<SiteReader | null> {
  if (search === null) return null;
  const key = [target.uri, target.index, search.manifest].join("\n");
  const reader = opened.get(key) ?? openReader(storedFiles(target, search.manifest));
  opened.delete(key);
  opened.set(key, reader);
  const [oldest] = opened.keys();
  if (opened.size > MOST_OPEN && oldest !== undefined) opened.delete(oldest);
  reader.catch(() => opened.delete(key));
  return asOurs(reader);
}

/** The files of a store. Those that are asked for in the same turn of the event loop are read together. */
function storedFiles({ uri, index }: StoreTarget, manifest: string): FileSource {
  let names: string[] = [];
  let files: Promise<ReadonlyMap<string, Uint8Array>> | null = null;

  async function readTogether(): Promise<ReadonlyMap<string, Uint8Array>> {
    await new Promise((resolve) => setImmediate(resolve));
    const wanted = names;
    [names, files] = [[], null];
    return withDatabase(uri, (database) => new SearchFiles(database, index).read(wanted));
  }

  return {
    async read(name) {
      const stored = name === MANIFEST_NAME ? manifest : name;
      names.push(stored);
      files ??= readTogether();
      const bytes = (await files).get(stored);
      if (bytes !== undefined) return bytes;
      throw new SiteragError(
        "STORE_FAILED",
        `The store ${uri} has lost ${stored}, a file of the readers' index of “${index}”. Run \`siterag index\`, which makes it again at no cost.`,
      );
    },
  };
}
