import { hash } from "node:crypto";
import type { Page } from "../words/types.ts";
import { includeFolders } from "./included-files.ts";
import { withIncludes, type WithIncludes } from "./page-includes.ts";
import { pageOfFile, type ContentOptions } from "./page-of-file.ts";
import type { PagePlaces } from "./page-place.ts";
import type { PageRoute } from "./page-routes.ts";

/** A page with the files that it includes, and what was repaired: one sentence each, with the file. */
export interface WholePage extends Pick<WithIncludes, "included" | "unread"> {
  /** Null: it does not belong in the index. */
  readonly page: Page | null;
  readonly warnings: readonly string[];
}

/** Makes a page of the bytes of its file. */
export type ReadWhole = (id: string, bytes: Uint8Array) => Promise<WholePage>;

/** Makes the pages of a site. */
export function pageReader(content: ContentOptions, placeOf: PagePlaces["placeOf"]): ReadWhole {
  const folders = includeFolders(content.root);
  return async (id, bytes) => {
    const route = content.routes[id];
    const { page, warnings } = pageOfFile(id, bytes, content, placeOf(id));
    if (page === null) return { page, warnings, included: [], unread: [] };
    const made = route === undefined ? page : madeBy(route, page);
    return { warnings, ...(await withIncludes(made, content.pathStyle, folders, route)) };
  };
}

/** A page that changes with its route. */
const madeBy = (route: PageRoute, page: Page): Page => ({
  ...page,
  contentHash: hash("sha256", JSON.stringify([page.contentHash, route])),
});
