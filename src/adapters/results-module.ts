import type { PageNeighbours } from "../searching/related.ts";
import { nameBelow, nameOf } from "./page-name.ts";
import type { SiteResults } from "./site-results.ts";
import { virtualModule, type ModulePlugin } from "./virtual-module.ts";

/** The module that a host's pages import the results from. */
const MODULE_NAME = "virtual:siterag";

/** The types of that module, for hosts that pass them to TypeScript. */
export const MODULE_TYPES: string = `declare module "${MODULE_NAME}" {
  /**
   * Pages near a page, nearest first. \`page\`: source path below the content root, or URL path;
   * without one, the home page, which Astro's rest parameters give no name.
   */
  export function related(page?: string): readonly import("siterag").RelatedPage[];
  /** Answers to \`search.queries\` of the configuration, in their order. */
  export const answers: readonly import("siterag").SearchAnswer[];
  /** \`build.related\` and \`build.search\` of the configuration. */
  export const settings: {
    readonly related: number;
    readonly search: "auto" | "replace" | "off";
  };
}
`;

/** The module's id inside Vite. */
export const MODULE_ID = `\0${MODULE_NAME}`;

/** A Vite plugin that lets a host's pages import the results; `results` returns the newest. */
export const resultsPlugin = (results: () => SiteResults): ModulePlugin =>
  virtualModule(MODULE_NAME, () => moduleSource(results()));

/**
 * The source of the module: the results as plain data, and a function that finds a page by any of
 * its names: `guide/install.md`, `guide/install`, `/base/guide/install/`.
 */
export function moduleSource({ pages, answers, baseUrl, ...settings }: SiteResults): string {
  const placesBy = (nameIn: (one: PageNeighbours) => string) =>
    pages.map((one, at) => [nameIn(one), at]);
  // If two pages share a name, the last kind wins: a path goes before a URL.
  const places = [
    ...placesBy(({ url }) => nameBelow(url, baseUrl)),
    ...placesBy(({ url }) => nameOf(url)),
    ...placesBy(({ page }) => page.replace(/(?:(?:^|\/)index)?\.html?$/, "")),
    ...placesBy(({ page }) => page.replace(/\.[^.]+$/, "")),
    ...placesBy(({ page }) => page),
  ];
  return [
    `const lists = ${literal(pages.map(({ related }) => related))};`,
    `const places = new Map(${literal(places)});`,
    `const nameOf = ${nameOf.toString()};`,
    `export const related = (page = "") => lists[places.get(page) ?? places.get(nameOf(page))] ?? [];`,
    `export const answers = ${literal(answers)};`,
    `export const settings = ${literal(settings)};`,
  ].join("\n");
}

/** JSON that is safe as JavaScript wherever a host puts it, inside `<script>` too. */
const literal = (value: unknown): string => JSON.stringify(value).replaceAll("<", "\\u003c");
