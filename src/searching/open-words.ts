import type { FileSource } from "../reader/file-source.ts";
import { MANIFEST_NAME } from "../reader/manifest.ts";
import { openReader, type SiteReader } from "../reader/open-reader.ts";
import type { IndexReader } from "../store/index-reader.ts";
import type { PublishedIndex } from "../store/meta.ts";
import type { SearchFiles } from "../store/search-files.ts";
import type { StoreTarget } from "../store/with-database.ts";
import { SiteragError } from "../words/errors.ts";
import { CHUNK_SECTIONS, readChunkSections, type SectionsOfChunk } from "./chunk-sections.ts";
import { asOurs } from "./reader-failures.ts";

/** What a build knows of words, and of the sections that lie in its chunks. */
export interface Words {
  readonly reader: SiteReader;
  /** Read when it is first asked for: a search by words alone needs none. Null: the index has no list of them. */
  readonly chunkSections: (() => Promise<SectionsOfChunk>) | null;
}

/** The words of one build. */
interface Opened {
  /** The files that the next build has others of. */
  readonly key: string;
  readonly words: Promise<Words>;
}

type PublishedSearch = NonNullable<PublishedIndex["search"]>;

/** By index, as long as its store is open: what was read of the newest build stays read. */
const opened = new WeakMap<SearchFiles, Opened>();

/** The readers' index that is published with an index of the store; null if it has none. */
export async function openWords(
  target: StoreTarget,
  { published: { search }, searchFiles }: Pick<IndexReader, "published" | "searchFiles">,
): Promise<Words | null> {
  if (search === null) return null;
  const { chunkSections, manifest } = search;
  const key = `${manifest} ${chunkSections}`;
  const known = opened.get(searchFiles);
  if (known?.key === key) return asOurs(known.words);
  const words = wordsOf(storedFiles(target, searchFiles, search), chunkSections !== null);
  const one = { key, words };
  opened.set(searchFiles, one);
  words.catch(() => opened.get(searchFiles) === one && opened.delete(searchFiles));
  return asOurs(words);
}

/** The words that the files of a source have; `hasList`: and the sections of chunks. */
export async function wordsOf(source: FileSource, hasList: boolean): Promise<Words> {
  const reader = await openReader(source);
  if (!hasList) return { reader, chunkSections: null };
  let read: Promise<SectionsOfChunk> | null = null;
  return {
    reader,
    chunkSections() {
      if (read === null) {
        read = readChunkSections(source);
        // What could not be read is tried again.
        read.catch(() => (read = null));
      }
      return read;
    },
  };
}

/** The files of a store. Those that are asked for in the same turn of the event loop are read together. */
function storedFiles(
  { uri, index }: StoreTarget,
  searchFiles: SearchFiles,
  { chunkSections, manifest }: PublishedSearch,
): FileSource {
  const names = new Map([
    [MANIFEST_NAME, manifest],
    [CHUNK_SECTIONS, chunkSections ?? CHUNK_SECTIONS],
  ]);
  let waiting: string[] = [];
  let files: Promise<ReadonlyMap<string, Uint8Array>> | null = null;

  async function readTogether(): Promise<ReadonlyMap<string, Uint8Array>> {
    await new Promise((resolve) => setImmediate(resolve));
    const wanted = waiting;
    [waiting, files] = [[], null];
    return searchFiles.read(wanted);
  }

  return {
    async read(name) {
      const stored = names.get(name) ?? name;
      waiting.push(stored);
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
