import type { SearchLabels } from "../../interface/labels.ts";
import { labelsAttribute } from "../labels-attribute.ts";
import { belowBase, type NearPage } from "./related-pages.ts";

/** What the plugins of a site make of its HTML. */
export interface SiteMarkup {
  /** What every URL starts with: `/docs/`. */
  readonly base: string;
  /** Whether Eleventy's plugin puts that before the URLs in links and scripts. */
  readonly isPrefixed: boolean;
}

/** The name of the style sheet for the list of related pages, beside the search. */
export const STYLE_SHEET = "related-pages.css";

/** The button that opens the search; `page` is the address of the page with all results, below the base. */
export function searchBox(site: SiteMarkup, labels: SearchLabels, page: string | null): string {
  const link =
    page === null ? "" : attribute("page", withBase(site.base, belowBase(page, site.base)));
  return `<siterag-search${link}${labelled(labels)}></siterag-search>${script(site)}`;
}

/** A search field with its results; the question is in the address of the page. */
export const searchPage = (site: SiteMarkup, labels: SearchLabels): string =>
  `<siterag-search-page${labelled(labels)}></siterag-search-page>${script(site)}`;

/**
 * The list of pages near a page. Without any it is hidden: a page that gets its first list is the same page, and
 * is not read again.
 */
export function relatedList(site: SiteMarkup, pages: readonly NearPage[], heading: string): string {
  if (pages.length === 0) return '<nav class="siterag-related" hidden></nav>';
  const links = pages.map(
    ({ title, url }) => `<li><a${attribute("href", linkTo(site, url))}>${escaped(title)}</a></li>`,
  );
  return [
    `<link rel="stylesheet"${attribute("href", linkTo(site, `/siterag/${STYLE_SHEET}`))}>`,
    `<nav class="siterag-related"${attribute("aria-label", heading)}>`,
    `<h2>${escaped(heading)}</h2>`,
    `<ul>${links.join("")}</ul></nav>`,
  ].join("");
}

const script = (site: SiteMarkup): string =>
  `<script type="module"${attribute("src", linkTo(site, "/siterag/search.js"))}></script>`;

function labelled(labels: SearchLabels): string {
  const value = labelsAttribute(labels);
  return value === undefined ? "" : attribute("labels", value);
}

const linkTo = ({ base, isPrefixed }: SiteMarkup, path: string): string =>
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
