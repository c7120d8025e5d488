import { collectMessages } from "../indexing/messages.ts";
import { SiteOverlay } from "../indexing/site-overlay.ts";
import type { PublishedFile } from "../publishing/name-files.ts";
import { systemClock } from "../words/system-clock.ts";
import type { BuildWork } from "./build-work.ts";
import { overlayResults } from "./overlay-results.ts";
import { emptyResults, type SiteResults } from "./site-results.ts";

/** What a build shows and publishes of a site whose index could not be updated. */
export interface SiteWithoutIndex {
  /** Null: the store has nothing for them. */
  readonly results: SiteResults | null;
  /** The readers' index; `index.json` is the last file. */
  readonly files: readonly PublishedFile[];
}

/**
 * Reads a site as it is now, because the last index may have texts that its author has withdrawn since. Vectors
 * and corrections come from the store, as far as it can be read. Null: the site cannot be read either.
 */
export async function readWithoutIndex(work: BuildWork): Promise<SiteWithoutIndex | null> {
  const { client, config } = work;
  const clock = systemClock;
  // The run that failed has told what there is to tell.
  const messages = collectMessages(undefined);
  const { signal } = new AbortController();
  let overlay: SiteOverlay | null = null;
  try {
    overlay = await SiteOverlay.open({ client, clock, config, messages, signal });
    const pages = await overlay.read(messages);
    const index = await overlay.readersIndex();
    const results = await overlayResults(overlay, [], pages, index, {
      client,
      clock,
      config,
    }).then(
      (found) => ({ ...emptyResults(config), ...found }),
      () => null,
    );
    return { results, files: index.files };
  } catch {
    return null;
  } finally {
    overlay?.close();
  }
}
