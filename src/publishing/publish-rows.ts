import type { IndexedSection } from "../ranking/section.ts";
import { readManifest } from "../reader/manifest.ts";
import { filesOfIndex } from "../reader/open-index.ts";
import { ReaderError } from "../reader/reader-error.ts";
import { unsealed } from "../reader/sealed-file.ts";
import type { ChunkIndex } from "../store/chunk-index.ts";
import type { PublishedIndex } from "../store/meta.ts";
import type { StoreWriter } from "../store/open-store.ts";
import type { SearchFile, SearchFiles } from "../store/search-files.ts";
import { hasVectors } from "../words/embedding-space.ts";
import { ChunkSectionLister } from "./list-chunk-sections.ts";
import { writeReadersIndex } from "./make-readers-index.ts";
import { sha256Letters } from "./name-files.ts";
import { sectionsOfPage } from "./page-sections.ts";

/** The parts of a store that this needs. */
type Store = Pick<StoreWriter, "chunks" | "searchFiles" | "space">;

/** What a run publishes with its rows; the readers' index is made here. */
type State = Omit<Parameters<ChunkIndex["publish"]>[0], "search">;

interface PublishOptions {
  /** Whether the index before may have a text that the rows do not have any more. */
  readonly removesText: boolean;
  /** Called with the number of search files that are written so far. */
  readonly onFiles?: (written: number) => void;
  /** Called when all rows and search files are written: the files of rows are merged and indexed next. */
  readonly beforeMerge?: () => void;
}

/**
 * Makes the readers' index of the newest rows, stores its files, publishes it with the rows, and then deletes
 * old files: a process that dies in between leaves readers on the index before, whole. The files of the
 * manifest before stay for readers at work, but not after a run that removes text.
 */
export async function publishRows(
  store: Store,
  state: State,
  { removesText, onFiles, beforeMerge }: PublishOptions,
): Promise<void> {
  const { chunks, searchFiles, space } = store;
  const before = (await chunks.published())?.search ?? null;
  const model = hasVectors(space) ? space.model : null;
  let lister = new ChunkSectionLister();
  // Called again where two files get one name.
  const sections = (): AsyncGenerator<IndexedSection> => {
    lister = new ChunkSectionLister();
    return sectionsIn(chunks, lister);
  };
  const about = { provider: space.provider, model };
  let written = 0;
  const made = await writeReadersIndex(sections, about, async (files) => {
    await searchFiles.add(files);
    onFiles?.((written += files.length));
  });
  // The store has the files of several indexes, so there these two need names of their own.
  const [manifest, list] = [named(made.bytes, "json"), named(lister.file(), "sections")];
  await searchFiles.add([manifest, list]);
  beforeMerge?.();
  const last = before?.manifest === manifest.name ? before.previous : before?.manifest;
  const previous = removesText ? null : (last ?? null);
  const search = { manifest: manifest.name, chunkSections: list.name, previous };
  await chunks.publish({ ...state, search });
  const own = await namesIn(searchFiles, manifest.name);
  await searchFiles.keepOnly(await namesOf(searchFiles, search, own ?? []));
}

const named = (bytes: Uint8Array, ending: string): SearchFile => ({
  name: `${sha256Letters(bytes)}.${ending}`,
  bytes,
});

/**
 * Deletes what a run that died has left of search files. False if the published ones are not all there and whole, as
 * far as they are read here: then the rows must be published again.
 */
export async function tidySearchFiles({ chunks, searchFiles }: Store): Promise<boolean> {
  const search = (await chunks.published())?.search ?? null;
  if (search === null || search.chunkSections === null) return false;
  const stored = await searchFiles.names();
  const first = await searchFiles.read([search.manifest, search.chunkSections]);
  const list = unsealed(first.get(search.chunkSections) ?? new Uint8Array());
  const own = await namesIn(searchFiles, search.manifest, first);
  if (list === null || own === null || !own.every((name) => stored.has(name))) return false;
  const kept = await namesOf(searchFiles, search, own);
  const isTidy = [...stored].every((name) => kept.has(name));
  if (!isTidy || (await searchFiles.hasLeftovers())) await searchFiles.keepOnly(kept);
  return true;
}

type Published = NonNullable<PublishedIndex["search"]>;

/** The names of all files of published manifests, their own, and that of the list; `own`: those of the last one. */
async function namesOf(
  files: Pick<SearchFiles, "read">,
  { manifest, chunkSections, previous }: Published,
  own: readonly string[],
): Promise<Set<string>> {
  const before = previous === null ? [] : [previous, ...((await namesIn(files, previous)) ?? [])];
  const list = chunkSections === null ? [] : [chunkSections];
  return new Set([manifest, ...list, ...own, ...before]);
}

/** The names of the files of a manifest, and its own; null if that cannot be read. `known`: files that were read. */
async function namesIn(
  files: Pick<SearchFiles, "read">,
  manifest: string,
  known: ReadonlyMap<string, Uint8Array> = new Map(),
): Promise<readonly string[] | null> {
  const read = async (name: string) =>
    known.get(name) ?? (await files.read([name])).get(name) ?? null;
  const bytes = await read(manifest);
  try {
    return bytes === null
      ? null
      : [manifest, ...(await filesOfIndex({ read }, readManifest(bytes)))];
  } catch (error) {
    if (error instanceof ReaderError) return null;
    throw error;
  }
}

/** Pages whose rows are read together. */
const GROUP_SIZE = 128;

/** All sections of the newest rows: pages by id, sections in the order of their page. */
async function* sectionsIn(
  chunks: ChunkIndex,
  lister: ChunkSectionLister,
): AsyncGenerator<IndexedSection> {
  const pages = await chunks.pageIds();
  for (let at = 0; at < pages.length; at += GROUP_SIZE) {
    const some = pages.slice(at, at + GROUP_SIZE);
    const rows = Map.groupBy(await chunks.rowsOf(some), ({ page }) => page);
    for (const page of some) {
      const own = rows.get(page) ?? [];
      own.sort((one, other) => one.position - other.position);
      const sections = sectionsOfPage(own);
      const positions = own.map(({ position }) => position);
      lister.add(positions, sections);
      for (const { section } of sections) yield section;
    }
  }
}
