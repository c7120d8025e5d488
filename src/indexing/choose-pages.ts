import { idsOfPath } from "../content/ids-of-path.ts";
import { SiteragError } from "../words/errors.ts";
import { isSameSpace } from "../words/embedding-space.ts";
import { nearestName } from "../words/nearest-name.ts";
import type { EmbeddingSpace } from "../words/types.ts";

export interface KnownPages {
  readonly inRoot: ReadonlySet<string>;
  /** Messages suggest only these, because a file in the root may be a draft. */
  readonly indexed: ReadonlySet<string>;
  /** Absolute path of the content root. */
  readonly root: string;
  /** Absolute folders to resolve relative paths from, likeliest first. */
  readonly folders: readonly string[];
}

/**
 * Finds the pages that entries name by id or path (see `idsOfPath`). Throws PAGE_UNKNOWN for entries
 * that neither name a page nor lie in the content root, and suggests the nearest indexed page.
 * `noPages`: the other entries that name no page.
 */
export function choosePages(entries: readonly string[], known: KnownPages) {
  const ids = new Set<string>();
  const noPages: string[] = [];
  const unknown: string[] = [];
  for (const entry of entries) {
    const named = idsOfPath(entry, known.root, known.folders);
    const id = named.ids.find((one) => known.inRoot.has(one) || known.indexed.has(one));
    if (id !== undefined) ids.add(id);
    else (named.isBelowRoot ? noPages : unknown).push(entry);
  }
  if (unknown.length > 0) throw unknownPages(unknown, known.indexed);
  return { ids, noPages };
}

export const noPagesSentence = (noPages: readonly string[]): string =>
  `Skipped (not a page): ${shortList(noPages)}`;

/** A message names this many entries and counts the rest. */
const SHOWN = 5;

function shortList(entries: readonly string[], show = (entry: string): string => entry): string {
  const more = entries.length > SHOWN ? ` and ${entries.length - SHOWN} more` : "";
  return `${entries.slice(0, SHOWN).map(show).join(", ")}${more}`;
}

function unknownPages(unknown: readonly string[], indexed: ReadonlySet<string>): SiteragError {
  const list = shortList(unknown, (entry) => {
    const nearest = nearestName(indexed, entry);
    return nearest === null ? `“${entry}”` : `“${entry}” (did you mean ${nearest}?)`;
  });
  const message = `Neither in the content root nor in the index: ${list}. Nothing was changed.`;
  return new SiteragError("PAGE_UNKNOWN", message);
}

/** Refuses to index single pages in another space, because vectors of two spaces do not compare. */
export function requireSameSpace(indexed: EmbeddingSpace, space: EmbeddingSpace): void {
  if (isSameSpace(indexed, space)) return;
  throw new SiteragError(
    "USAGE",
    "The embedding settings have changed since the index was built: run `siterag index` for all pages first.",
  );
}
