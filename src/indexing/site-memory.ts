import { scansFromStore, scansToStore } from "../content/file-scans.ts";
import { pagesFromStore, pagesToStore, type KnownPage } from "../content/known-pages.ts";
import type { SiteMemory } from "../content/site-pages.ts";
import type { FileKind, KnownFiles } from "../store/known-files.ts";

/** What a run has found in the files of the site, as `KnownFiles` keeps it. */
export interface FoundFiles {
  readonly kind: FileKind;
  readonly files: string;
  /** Whether the store names a page that the site does not have any more. */
  readonly isLess: boolean;
}

/** A memory of the site's files that knows what the store knows; `found` is given what the run finds. */
export const siteMemory = (
  known: Pick<KnownFiles, "read">,
  found: (files: FoundFiles) => void,
): SiteMemory => {
  let earlier: readonly KnownPage[] = [];
  return {
    built: {
      known: async () => scansFromStore(await known.read("built")),
      found: (scans) => found({ kind: "built", files: scansToStore(scans), isLess: false }),
    },
    source: {
      known: async () => (earlier = pagesFromStore(await known.read("source"))),
      found(pages) {
        const left = new Set(pages.map(namesIn));
        const isLess = earlier.some((page) => !left.has(namesIn(page)));
        found({ kind: "source", files: pagesToStore(pages), isLess });
      },
    },
  };
};

/** What the store says of a page in words that its author may withdraw. */
const namesIn = ({ id, identity }: KnownPage): string =>
  JSON.stringify([id, identity.title, identity.url]);
