import { readdir, readFile } from "node:fs/promises";
import { SiteragError } from "../words/errors.ts";
import { PACKAGE } from "../words/own-files.ts";
import type { PublishedFile } from "./name-files.ts";

/** Where `npm run build` puts them. */
const FOLDER = new URL("dist/site/", PACKAGE);

/** The one script that a page names; it loads the others. */
const SEARCH_SCRIPT = "search.js";

/**
 * The scripts of the search box, which are beside the index: those with hashed names first, then `search.js`,
 * which loads them.
 */
export async function interfaceFiles(): Promise<readonly PublishedFile[]> {
  const names = await readdir(FOLDER).catch((cause: unknown) => {
    throw new SiteragError(
      "STORE_FAILED",
      "The scripts of the search box are missing in the package siterag: install it again (in its repository: `npm run build`).",
      { cause },
    );
  });
  const inOrder = [...names.filter((name) => name !== SEARCH_SCRIPT).sort(), SEARCH_SCRIPT];
  return Promise.all(
    inOrder.map(async (name) => ({ name, bytes: await readFile(new URL(name, FOLDER)) })),
  );
}
