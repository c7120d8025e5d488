import { scansFromStore, scansToStore } from "../content/file-scans.ts";
import { pagesFromStore, pagesToStore } from "../content/known-pages.ts";
import type { SiteMemory } from "../content/site-pages.ts";
import type { FileKind, KnownFiles } from "../store/known-files.ts";

/** What a run has found in the files of the site, as `KnownFiles` keeps it. */
export interface FoundFiles {
  readonly kind: FileKind;
  readonly files: string;
}

/** A memory of the site's files that knows what the store knows; `found` is given what the run finds. */
export const siteMemory = (
  known: Pick<KnownFiles, "read">,
  found: (files: FoundFiles) => void,
): SiteMemory => ({
  built: {
    known: async () => scansFromStore(await known.read("built")),
    found: (scans) => found({ kind: "built", files: scansToStore(scans) }),
  },
  source: {
    known: async () => pagesFromStore(await known.read("source")),
    found: (pages) => found({ kind: "source", files: pagesToStore(pages) }),
  },
});
