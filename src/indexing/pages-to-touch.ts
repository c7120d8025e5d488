import { discoverFiles } from "../content/discover.ts";
import { idsOfPath } from "../content/ids-of-path.ts";
import { pageFiles } from "../content/page-files.ts";
import type { EmbeddingSpace } from "../words/types.ts";
import { choosePages, noPagesSentence, requireSameSpace } from "./choose-pages.ts";
import type { IndexBefore } from "./index-before.ts";
import type { Reading } from "./run.ts";

export interface TouchOptions {
  readonly space: EmbeddingSpace;
  /** Pages to touch, by id or path. Undefined: all. */
  readonly only: readonly string[] | undefined;
  /** Absolute folders to resolve relative paths in `only` from. Default: none. */
  readonly onlyFrom: readonly string[] | undefined;
}

/** Paths from the content root of the pages to touch, and of files that pages may include; null for all. */
export async function pagesToTouch(
  { config, messages, store }: Reading,
  { space, only, onlyFrom = [] }: TouchOptions,
  index: IndexBefore,
): Promise<Set<string> | null> {
  if (only === undefined) return null;
  const published = await store.chunks.published();
  requireSameSpace(published?.space ?? space, space);
  const files = pageFiles(config.content);
  const { root } = files;
  const { ids, noPages } = choosePages(only, {
    inRoot: new Set(await discoverFiles(files)),
    indexed: new Set([...index.records.keys(), ...index.rows.keys()]),
    root,
    folders: onlyFrom,
  });
  // Publishing now would also publish what that run wrote.
  if (published !== null && !index.isUntouched) {
    messages.warn(
      "An earlier run was interrupted while it wrote the index. This run updates all pages, not only the listed ones.",
    );
    return null;
  }
  if (only.length === 0) messages.tell("The list names no page: nothing to do.");
  if (noPages.length > 0) messages.tell(noPagesSentence(noPages));
  return new Set([...ids, ...noPages.flatMap((path) => idsOfPath(path, root, onlyFrom).ids)]);
}
