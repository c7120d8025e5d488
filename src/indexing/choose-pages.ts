import { idsOfPath } from "../content/ids-of-path.ts";
import { SiteragError } from "../words/errors.ts";
import { isSameSpace } from "../words/embedding-space.ts";
import { nearestName } from "../words/nearest-name.ts";
import type { EmbeddingSpace } from "../words/types.ts";

/** The pages that there are to choose from. */
export interface KnownPages {
  readonly inRoot: ReadonlySet<string>;
  /** Alone suggested in messages: what is in the root may be a draft. */
  readonly indexed: ReadonlySet<string>;
  /** Absolute path of the content root. */
  readonly root: string;
  /** Absolute folders that relative paths may start at, the likeliest first. */
  readonly folders: readonly string[];
}

export interface ChosenPages {
  /** Ids in the content root or in the index. */
  readonly ids: ReadonlySet<string>;
  /** Entries that lead into the content root, but to no page: gone already, or never one. */
  readonly noPages: readonly string[];
}

/**
 * The pages that a list names, by id or by path (see `idsOfPath`).
 *
 * @throws SiteragError PAGE_UNKNOWN for entries that neither name a page nor lead into the content
 *   root, with the nearest page of the index.
 */
export function choosePages(entries: readonly string[], known: KnownPages): ChosenPages {
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

/** What is told of listed paths that there is nothing to do for. */
export const noPagesSentence = (noPages: readonly string[]): string =>
  `Nothing to do for what is listed and is no page: ${shortList(noPages)}.`;

/** Entries that a message names; the rest is counted. */
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

/** Pages alone cannot be indexed with other vectors than the rest: they would not compare. */
export function requireSameSpace(indexed: EmbeddingSpace, space: EmbeddingSpace): void {
  if (isSameSpace(indexed, space)) return;
  throw new SiteragError(
    "USAGE",
    "The embedding settings have changed since the index was built: run `siterag index` for all pages first.",
  );
}
