import { translate } from "@docusaurus/Translate";
import type { SearchLabels } from "../../../../interface/labels.ts";

/** The words of the interface in the language of the site. `docusaurus write-translations` finds them here. */
export default function siteragLabels(): SearchLabels {
  return { ...names(), ...sentences() };
}

const names = () => ({
  search: translate({
    id: "theme.siterag.search",
    message: "Search",
    description: "On the button, and the dialog's name.",
  }),
  close: translate({
    id: "theme.siterag.close",
    message: "Close",
    description: "Button that closes the dialog.",
  }),
  results: translate({
    id: "theme.siterag.results",
    message: "Search results",
    description: "Name of the list.",
  }),
  more: translate({
    id: "theme.siterag.more",
    message: "Show more",
    description: "Adds further pages to the list.",
  }),
  allResults: translate({
    id: "theme.siterag.allResults",
    message: "All results",
    description: "Link from the dialog to the search page.",
  }),
  language: translate({
    id: "theme.siterag.language",
    message: "Language",
    description: "Name of the list of languages.",
  }),
  allLanguages: translate({
    id: "theme.siterag.allLanguages",
    message: "All languages",
    description: "Search in all languages.",
  }),
  version: translate({
    id: "theme.siterag.version",
    message: "Version",
    description: "Name of the list of versions.",
  }),
  allVersions: translate({
    id: "theme.siterag.allVersions",
    message: "All versions",
    description: "Search in all versions.",
  }),
  other: translate({
    id: "theme.siterag.other",
    message: "Other",
    description: "Pages without a language or version, in a list of these.",
  }),
  relatedPages: translate({
    id: "theme.siterag.relatedPages",
    message: "Related pages",
    description: "Heading above the related pages of a page.",
  }),
});

const sentences = () => ({
  placeholder: translate({
    id: "theme.siterag.placeholder",
    message: "Search the documentation",
    description: "In the empty field.",
  }),
  found: translate({
    id: "theme.siterag.found",
    message: "Pages shown: {count}",
    description:
      "How many pages are listed: '{count}'. Without a plural, which languages form differently.",
  }),
  noResults: translate({
    id: "theme.siterag.noResults",
    message: "Nothing found for “{query}”.",
    description: "Nothing fits: '{query}'.",
  }),
  keyOpen: translate({
    id: "theme.siterag.keyOpen",
    message: "open",
    description: "What keys do, below the list.",
  }),
  keyMove: translate({
    id: "theme.siterag.keyMove",
    message: "move",
    description: "What the arrow keys do.",
  }),
  keyClose: translate({
    id: "theme.siterag.keyClose",
    message: "close",
    description: "What Escape does.",
  }),
  missing: translate({
    id: "theme.siterag.missing",
    message: "This site’s search index is missing.",
    description: "The site has no search index.",
  }),
  newer: translate({
    id: "theme.siterag.newer",
    message: "The search has been updated. Load the page again.",
    description: "The index is newer than the scripts.",
  }),
  unreachable: translate({
    id: "theme.siterag.unreachable",
    message: "The search could not be loaded. Check the connection and try again.",
    description: "A file did not arrive.",
  }),
  damaged: translate({
    id: "theme.siterag.damaged",
    message: "The search index is damaged.",
    description: "A file of the index cannot be read.",
  }),
});
