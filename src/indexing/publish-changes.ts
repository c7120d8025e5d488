import { hasVectors } from "../words/embedding-space.ts";
import type { Row } from "../words/hits.ts";
import type { Fingerprint } from "../words/types.ts";
import type { SiteChanges, SpooledChange } from "./collect-changes.ts";
import { forgetSentences, lostSentences } from "./forget-sentences.ts";
import { publishRows, tidySearchFiles } from "../publishing/publish-rows.ts";
import type { Run } from "./run.ts";

/** Rows in one commit: with texts and vectors a few megabytes. */
const WRITE_SIZE = 256;

/**
 * Writes the changed rows, deletes the vanished ones, then moves the readers' pin, so that readers see
 * all changes or none. Empties the list of changed chunks as their rows are written: what follows needs the memory.
 * Returns the number of rows without their own vector. `contextModel` writes the sentences of context; null: texts are
 * embedded without.
 */
export async function publishChanges(
  run: Run,
  changes: SiteChanges,
  contextModel: string | null,
): Promise<number> {
  const { clock, store } = run;
  const removesText = mayRemoveText(changes);
  const total = changes.changed.length;
  const { pending, written } = await writeRows(run, changes);
  const isTouched = written > 0 || changes.vanished.length > 0;
  // Before the pin moves: if the run dies in between, the index does not count as untouched, and the
  // next run ignores all records.
  await store.pages.write(changes.records, changes.vanishedPages);
  await keepFiles(run, changes);
  const published = isTouched ? null : await store.chunks.untouched();
  if (published?.pages !== changes.pages || !(await tidySearchFiles(store))) {
    const publishedAt = new Date(clock.now()).toISOString();
    const allReadAt = changes.isWhole ? publishedAt : (await store.chunks.published())?.allReadAt;
    const { pages } = changes;
    // Before the pin moves, for the same reason: only the published rows tell which sentences go.
    await forgetSentences(store, await lostSentences(store));
    const state = { pages, contextModel, publishedAt, allReadAt };
    await publishRows(store, state, {
      removesText,
      onFiles: (done) => run.onProgress({ phase: "files", done, total: null }),
      beforeMerge: () => {
        if (written > 0) run.onProgress({ phase: "merge", done: total, total: null });
      },
    });
  } else await store.chunks.tidyLeft();
  return pending;
}

/** New bytes alone are worth no commit: some sites get them with every build. */
async function keepFiles({ store }: Run, changes: SiteChanges): Promise<void> {
  const { files, records, vanishedPages } = changes;
  const isSame = records.length + vanishedPages.length === 0;
  if (files === null || (isSame && !files.isLess)) return store.knownFiles.tidyLeft();
  // Who reads the built site does not look into the source any more.
  const gone = files.kind === "built" ? "source" : undefined;
  await store.knownFiles.write(files.kind, files.files, gone);
}

/** Whether the index before may have a text that this one lacks, and that nothing has taken the place of. */
const mayRemoveText = ({ changed, isUntouched, vanished }: SiteChanges): boolean =>
  !isUntouched || vanished.length > 0 || changed.some(({ isCut }) => isCut);

async function writeRows(run: Run, changes: SiteChanges) {
  const { changed, vanished } = changes;
  const { cache, chunks } = run.store;
  const readVectors = await cache.readerOf(changed.map(({ fingerprint }) => fingerprint));
  const total = changed.length;
  const left = [...vanished];
  let pending = 0;
  let written = 0;
  while (changed.length > 0) {
    const some = changed.splice(0, WRITE_SIZE);
    const rows = await completeRows(run, some, readVectors);
    pending += rows.filter(({ row }) => row.vectorFingerprint !== row.fingerprint).length;
    const toWrite = rows.filter(({ isNew }) => isNew).map(({ row }) => row);
    written += toWrite.length;
    const gone = changed.length === 0 ? left.splice(0) : [];
    const isAllNew = gone.length === 0 && some.every((change) => !change.isStored);
    await (isAllNew ? chunks.append(toWrite) : chunks.write(toWrite, gone));
    if (written > 0) run.onProgress({ phase: "write", done: total - changed.length, total });
  }
  await chunks.write([], left);
  return { pending, written };
}

async function completeRows(
  run: Run,
  changes: readonly SpooledChange[],
  readVectors: (keys: readonly Fingerprint[]) => Promise<ReadonlyMap<Fingerprint, Float32Array>>,
) {
  const { chunks, space } = run.store;
  const vectors = await readVectors(changes.map((change) => change.fingerprint));
  const wanting = changes.filter((change) => !vectors.has(change.fingerprint));
  const valid = await stillValid(run, wanting);
  const hasOld = ({ oldVectorFingerprint: old }: SpooledChange) => old !== null && valid.has(old);
  const old = await chunks.vectorsOf(wanting.filter(hasOld).map((change) => change.id));
  return changes.map((change) => {
    const { fingerprint, id, oldVectorFingerprint, position, rowChanged } = change;
    const own = vectors.get(fingerprint);
    const vector = own ?? old.get(id) ?? null;
    const inherited = vector === null ? null : oldVectorFingerprint;
    // Without vectors no row waits for one.
    const isComplete = own !== undefined || !hasVectors(space);
    const vectorFingerprint = isComplete ? fingerprint : inherited;
    const chunk = run.spool.read(change.text);
    const row: Row = { ...chunk, position, fingerprint, vectorFingerprint, vector };
    return { row, isNew: rowChanged || vectorFingerprint !== oldVectorFingerprint };
  });
}

/**
 * Finds the old vectors of this space, which may stay in use: those in the space's cache, and a row's
 * own vector if its fingerprint is unchanged.
 */
async function stillValid(run: Run, wanting: readonly SpooledChange[]): Promise<Set<Fingerprint>> {
  const old = new Set(wanting.flatMap((change) => change.oldVectorFingerprint ?? []));
  const valid = await run.store.cache.present(old);
  for (const change of wanting) {
    if (change.oldVectorFingerprint === change.fingerprint) valid.add(change.fingerprint);
  }
  return valid;
}
