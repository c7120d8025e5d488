import type { ContentFiles } from "./discover.ts";

/** Where a site's pages are read from. */
export interface PageSources extends ContentFiles {
  /** `source`: from Markdown below `root`; `html`: from the site that the host built. */
  readonly from: "source" | "html";
  /** Absolute path of the folder of the built site; not null where `from` is `html`. */
  readonly site: string | null;
  /** Hashes of the paths of files in `site` that are none of its pages. */
  readonly leftBehind?: readonly string[];
}

/** The files that pages are read from. Ids of pages are paths below their root. */
export const pageFiles = ({ from, site, leftBehind, ...content }: PageSources): ContentFiles =>
  from === "source"
    ? content
    : {
        root: site ?? content.root,
        include: ["**/*.{html,htm}"],
        exclude: content.exclude,
        isBuilt: true,
        ...(leftBehind === undefined ? {} : { leftBehind }),
      };
