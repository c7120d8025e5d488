import type { FileSource } from "../reader/file-source.ts";
import { MANIFEST_NAME } from "../reader/manifest.ts";
import { openReader, type SiteReader } from "../reader/open-reader.ts";
import type { IndexReader } from "../store/index-reader.ts";
import type { SearchFiles } from "../store/search-files.ts";
import type { StoreTarget } from "../store/with-database.ts";
import { SiteragError } from "../words/errors.ts";
import { asOurs } from "./reader-failures.ts";

/** The words of one build. */
interface Opened {
  /** The file that names the others: the next build has another one. */
  readonly manifest: string;
  readonly words: Promise<SiteReader>;
}

/** By index, as long as its store is open: what was read of the newest build stays read. */
const opened = new WeakMap<SearchFiles, Opened>();

/** The readers' index that is published with an index of the store; null if it has none. */
export async function openWords(
  target: StoreTarget,
  { published: { search }, searchFiles }: Pick<IndexReader, "published" | "searchFiles">,
): Promise<SiteReader | null> {
  if (search === null) return null;
  const { manifest } = search;
  const known = opened.get(searchFiles);
  if (known?.manifest === manifest) return asOurs(known.words);
  const words = openReader(storedFiles(target, searchFiles, manifest));
  const one = { manifest, words };
  opened.set(searchFiles, one);
  words.catch(() => opened.get(searchFiles) === one && opened.delete(searchFiles));
  return asOurs(words);
}

/** The files of a store. Those that are asked for in the same turn of the event loop are read together. */
function storedFiles(
  { uri, index }: StoreTarget,
  searchFiles: SearchFiles,
  manifest: string,
): FileSource {
  let names: string[] = [];
  let files: Promise<ReadonlyMap<string, Uint8Array>> | null = null;

  async function readTogether(): Promise<ReadonlyMap<string, Uint8Array>> {
    await new Promise((resolve) => setImmediate(resolve));
    const wanted = names;
    [names, files] = [[], null];
    return searchFiles.read(wanted);
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
