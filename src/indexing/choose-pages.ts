import { SiteragError } from "../errors.ts";
import { nearestName } from "../nearest-name.ts";
import type { EmbeddingSpace } from "../types.ts";

/**
 * Ids of the pages that a list names, by id or by path. A path may be absolute or start at any
 * folder above the content root: `docs/guide.md`, as `git diff --name-only` prints it.
 *
 * @param known Ids in the content root or in the index.
 * @param root Absolute path of the content root.
 * @throws SiteragError USAGE for entries that name no page, with the nearest one.
 */
export function choosePages(
  entries: readonly string[],
  known: ReadonlySet<string>,
  root: string,
): ReadonlySet<string> {
  const chosen = new Set<string>();
  const unknown: string[] = [];
  for (const entry of entries) {
    const id = candidates(entry, root).find((candidate) => known.has(candidate));
    if (id === undefined) unknown.push(entry);
    else chosen.add(id);
  }
  if (unknown.length > 0) throw unknownPages(unknown, known);
  return chosen;
}

function candidates(entry: string, root: string): string[] {
  const path = withSlashes(entry).replace(/^(?:\.\/)+/u, "");
  const folder = withSlashes(root);
  if (path.startsWith(`${folder}/`)) return [path.slice(folder.length + 1)];
  const parts = path.split("/");
  const below = parts.flatMap((_, at) => {
    const above = parts.slice(0, at + 1).join("/");
    return folder.endsWith(`/${above}`) ? [parts.slice(at + 1).join("/")] : [];
  });
  return [path, ...below];
}

const withSlashes = (path: string): string => path.replaceAll("\\", "/");

/** Entries that a message names; the rest is counted. */
const SHOWN = 5;

function unknownPages(unknown: readonly string[], known: ReadonlySet<string>): SiteragError {
  const named = unknown.slice(0, SHOWN).map((entry) => {
    const nearest = nearestName(known, entry);
    return nearest === null ? `“${entry}”` : `“${entry}” (did you mean ${nearest}?)`;
  });
  const more = unknown.length > SHOWN ? ` and ${unknown.length - SHOWN} more` : "";
  const message = `Neither in the content root nor in the index: ${named.join(", ")}${more}. Nothing was changed.`;
  return new SiteragError("USAGE", message);
}

/** Pages alone cannot be indexed with other vectors than the rest: they would not compare. */
export function requireSameSpace(indexed: EmbeddingSpace, space: EmbeddingSpace): void {
  if (JSON.stringify(indexed) === JSON.stringify(space)) return;
  throw new SiteragError(
    "USAGE",
    "The embedding settings have changed since the index was built: run `siterag index` for all pages first.",
  );
}
