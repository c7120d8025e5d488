/** All words of the interface that are not a site's own. `{…}` stands for a value. */
export interface SearchLabels {
  /** On the button, and the dialog's name. */
  readonly search: string;
  /** In the empty field. */
  readonly placeholder: string;
  readonly close: string;
  /** Name of the list. */
  readonly results: string;
  /** How many pages are listed: `{count}`. Without a plural, which languages form differently. */
  readonly found: string;
  /** Nothing fits: `{query}`. */
  readonly noResults: string;
  /** Adds further pages to the list. */
  readonly more: string;
  /** Link from the dialog to the search page. */
  readonly allResults: string;
  readonly language: string;
  readonly allLanguages: string;
  readonly version: string;
  readonly allVersions: string;
  /** Pages without a language or version, in a list of these. */
  readonly other: string;
  /** What keys do, below the list. */
  readonly keyOpen: string;
  readonly keyMove: string;
  readonly keyClose: string;
  /** The site has no search index. */
  readonly missing: string;
  /** The index is newer than the scripts. */
  readonly newer: string;
  /** A file did not arrive. */
  readonly unreachable: string;
  readonly damaged: string;
  /** Heading above the related pages of a page. */
  readonly relatedPages: string;
}

/** The labels where a site gives no others. */
export const ENGLISH: SearchLabels = {
  search: "Search",
  placeholder: "Search the documentation",
  close: "Close",
  results: "Search results",
  found: "Pages shown: {count}",
  noResults: "Nothing found for “{query}”.",
  more: "Show more",
  allResults: "All results",
  language: "Language",
  allLanguages: "All languages",
  version: "Version",
  allVersions: "All versions",
  other: "Other",
  keyOpen: "open",
  keyMove: "move",
  keyClose: "close",
  missing: "This site’s search index is missing.",
  newer: "The search has been updated. Load the page again.",
  unreachable: "The search could not be loaded. Check the connection and try again.",
  damaged: "The search index is damaged.",
  relatedPages: "Related pages",
};
