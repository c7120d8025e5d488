import type { IndexedSection } from "../ranking/section.ts";
import { readManifest } from "../reader/manifest.ts";
import { filesOfIndex } from "../reader/open-index.ts";
import { ReaderError } from "../reader/reader-error.ts";
import type { ChunkIndex } from "../store/chunk-index.ts";
import type { PublishedIndex } from "../store/meta.ts";
import type { StoreWriter } from "../store/open-store.ts";
import type { SearchFiles } from "../store/search-files.ts";
import { hasVectors } from "../words/embedding-space.ts";
import { ChunkSectionLister } from "./list-chunk-sections.ts";
import { writeReadersIndex } from "./make-readers-index.ts";
import { sha256Letters } from "./name-files.ts";
import { sectionsOfPage } from "./page-sections.ts";

/** The parts of a store that this needs. */
type Store = Pick<StoreWriter, "chunks" | "searchFiles" | "space">;

/** What a run publishes with its rows; the readers' index is made here. */
type State = Omit<Parameters<ChunkIndex["publish"]>[0], "search">;

interface Removal {
  /** Whether the index before may have a text that the rows do not have any more. */
  readonly removesText: boolean;
  /** Called when the readers' index is made; the rows are merged and indexed next. */
  readonly onFilesMade?: () => void;
}

/**
 * Makes the readers' index of the newest rows, stores its files, publishes it with the rows, and then deletes
 * old files: a process that dies in between leaves readers on the index before, whole. The files of the
 * manifest before stay for readers at work, but not after a run that removes text.
 */
export async function publishRows(
  store: Store,
  state: State,
  { removesText, onFilesMade }: Removal,
): Promise<void> {
  const { chunks, searchFiles, space } = store;
  const before = (await chunks.published())?.search ?? null;
  const model = hasVectors(space) ? space.model : null;
  let lister = new ChunkSectionLister();
  const { bytes } = await writeReadersIndex(
    () => sectionsIn(chunks, (lister = new ChunkSectionLister())),
    { provider: space.provider, model },
    (files) => searchFiles.add(files),
  );
  // The store has the manifests of several indexes, so there it needs a name of its own.
  const manifest = `${sha256Letters(bytes)}.json`;
  const listed = lister.file();
  const chunkSections = `${sha256Letters(listed)}.sections`;
  await searchFiles.add([
    { name: manifest, bytes },
    { name: chunkSections, bytes: listed },
  ]);
  onFilesMade?.();
  const last = before?.manifest === manifest ? before.previous : before?.manifest;
  const search = { manifest, chunkSections, previous: removesText ? null : (last ?? null) };
  await chunks.publish({ ...state, search });
  const own = await namesIn(searchFiles, manifest);
  await searchFiles.keepOnly(await namesOf(searchFiles, search, own ?? []));
}

/**
 * Deletes what a run that died has left of search files. False if the published ones are not all there:
 * then the rows must be published again.
 */
export async function tidySearchFiles({ chunks, searchFiles }: Store): Promise<boolean> {
  const search = (await chunks.published())?.search ?? null;
  if (search === null) return false;
  const stored = await searchFiles.names();
  const own = await namesIn(searchFiles, search.manifest);
  if (own === null || ![search.chunkSections, ...own].every((name) => stored.has(name)))
    return false;
  const kept = await namesOf(searchFiles, search, own);
  const isTidy = [...stored].every((name) => kept.has(name));
  if (!isTidy || (await searchFiles.hasLeftovers())) await searchFiles.keepOnly(kept);
  return true;
}

type Published = NonNullable<PublishedIndex["search"]>;

/** The names of all files of published manifests, and their own, and that of the list; `own`: those of the last one. */
async function namesOf(
  files: Pick<SearchFiles, "read">,
  { manifest, chunkSections, previous }: Published,
  own: readonly string[],
): Promise<Set<string>> {
  const before = previous === null ? [] : [previous, ...((await namesIn(files, previous)) ?? [])];
  return new Set([manifest, chunkSections, ...own, ...before]);
}

/** The names of the files of a manifest, and its own; null if that cannot be read. */
async function namesIn(
  files: Pick<SearchFiles, "read">,
  manifest: string,
): Promise<readonly string[] | null> {
  const read = async (name: string) => (await files.read([name])).get(name) ?? null;
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
