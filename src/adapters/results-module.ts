import type { SiteResults } from "../site-results.ts";

/** Name under which a host's pages import the results. */
const MODULE_NAME = "virtual:siterag";

/** Its types, for hosts that can tell them to TypeScript. */
export const MODULE_TYPES: string = `declare module "${MODULE_NAME}" {
  /** Pages near a page, nearest first. \`page\`: source path below the content root, or URL path. */
  export function related(page: string): readonly import("siterag").RelatedPage[];
  /** Answers to \`search.queries\` of the configuration, in their order. */
  export const answers: readonly import("siterag").SearchAnswer[];
}
`;

/** As much of a Vite plugin as is needed. */
export interface ResultsPlugin {
  readonly name: string;
  readonly resolveId: (id: string) => string | undefined;
  readonly load: (id: string) => string | undefined;
}

/** Makes the results importable by a host's pages. */
export function resultsPlugin(results: SiteResults): ResultsPlugin {
  const resolved = `\0${MODULE_NAME}`;
  return {
    name: "siterag",
    resolveId: (id) => (id === MODULE_NAME ? resolved : undefined),
    load: (id) => (id === resolved ? moduleSource(results) : undefined),
  };
}

/**
 * The module's source: results as plain data, and a look-up that takes a page in whichever way its
 * host names it: `guide/install.md`, `guide/install`, `/base/guide/install/`.
 */
export function moduleSource({ pages, answers, baseUrl }: SiteResults): string {
  const lists = pages.map(({ related }) => related);
  const places = pages.flatMap(({ page, url }, at) =>
    namesOf(page, url, baseUrl).map((name) => [name, at]),
  );
  return [
    `const lists = ${literal(lists)};`,
    `const places = new Map(${literal(places)});`,
    `const nameOf = ${nameOf.toString()};`,
    `export const related = (page) => lists[places.get(nameOf(page))] ?? [];`,
    `export const answers = ${literal(answers)};`,
  ].join("\n");
}

/** The last of equal names wins: a page's own path before another one's URL. */
function namesOf(page: string, url: string, baseUrl: string): readonly string[] {
  const path = nameOf(url);
  const base = nameOf(baseUrl);
  const isBelow = base !== "" && `${path}/`.startsWith(`${base}/`);
  const below = isBelow ? path.slice(base.length).replace(/^\//, "") : path;
  return [below, path, page.replace(/\.[^.]+$/, ""), page];
}

/** Path of a page or URL, decoded, without slashes around it. Its own source goes into the module. */
function nameOf(page: string): string {
  const path = page.replace(/^[a-z][a-z\d+.-]*:\/\/[^/]*/i, "").replace(/[?#].*$/, "");
  try {
    return decodeURI(path).replace(/^\/+|\/+$/g, "");
  } catch {
    return path;
  }
}

/** JSON that is also JavaScript in every place where a host may put it. */
const literal = (value: unknown): string => JSON.stringify(value).replaceAll("<", "\\u003c");
