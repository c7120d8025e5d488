import type { SearchLabels } from "../../interface/labels.ts";
import { labelsAttribute } from "../labels-attribute.ts";
import { belowBase, type NearPage } from "./related-pages.ts";

/** How the pages of a site name the files of siterag and each other. */
export interface SiteAddresses {
  /** What every URL starts with: `/docs/`. */
  readonly base: string;
  /** Whether Eleventy's plugin puts that before the URLs in links and scripts. */
  readonly isPrefixed: boolean;
}

/** The name of the style sheet for the list of related pages, beside the search. */
export const STYLE_SHEET = "related.css";

/** The button that opens the search; `page` is the address of the page with all results, below the base. */
export function searchBox(
  addresses: SiteAddresses,
  labels: SearchLabels,
  page: string | null,
): string {
  const link =
    page === null
      ? ""
      : attribute("page", withBase(addresses.base, belowBase(page, addresses.base)));
  return `<siterag-search${link}${labelled(labels)}></siterag-search>${script(addresses)}`;
}

/** A search field with its results; the question is in the address of the page. */
export const searchPage = (addresses: SiteAddresses, labels: SearchLabels): string =>
  `<siterag-search-page${labelled(labels)}></siterag-search-page>${script(addresses)}`;

/**
 * The list of pages near a page. Without any it is hidden: a page that gets its first list is the same page, and
 * is not read again.
 */
export function relatedList(
  addresses: SiteAddresses,
  pages: readonly NearPage[],
  heading: string,
): string {
  if (pages.length === 0) return '<nav class="siterag-related" hidden></nav>';
  const links = pages.map(
    ({ title, url }) =>
      `<li><a${attribute("href", linkTo(addresses, url))}>${escaped(title)}</a></li>`,
  );
  return [
    `<link rel="stylesheet"${attribute("href", linkTo(addresses, `/siterag/${STYLE_SHEET}`))}>`,
    `<nav class="siterag-related"${attribute("aria-label", heading)}>`,
    `<h2>${escaped(heading)}</h2>`,
    `<ul>${links.join("")}</ul></nav>`,
  ].join("");
}

const script = (addresses: SiteAddresses): string =>
  `<script type="module"${attribute("src", linkTo(addresses, "/siterag/search.js"))}></script>`;

function labelled(labels: SearchLabels): string {
  const value = labelsAttribute(labels);
  return value === undefined ? "" : attribute("labels", value);
}

const linkTo = ({ base, isPrefixed }: SiteAddresses, path: string): string =>
  isPrefixed ? path : withBase(base, path);

/** An address of another site stays. */
const withBase = (base: string, path: string): string =>
  path.startsWith("/") ? base + path.slice(1) : path;

const attribute = (name: string, value: string): string => ` ${name}="${escaped(value)}"`;

const escaped = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
