import { ENGLISH, type SearchLabels } from "./labels.ts";

/** Attributes of both elements. */
export const ATTRIBUTES = [
  "index",
  "locale",
  "version",
  "with-versions",
  "page",
  "labels",
] as const;

/** What an element is told by its attributes. */
export interface SearchSettings {
  /** Address of the folder of the index. */
  readonly index: string;
  /** Null: as the page that is open. */
  readonly locale: string | null;
  readonly version: string | null;
  /** Versions of other products, in whose pages is searched together with those of `version`. */
  readonly withVersions: readonly string[];
  /** Address of the search page. */
  readonly page: string | null;
  readonly labels: SearchLabels;
}

/** The settings of an element: without an `index`, that is beside this script. */
export const settingsOf = (host: HTMLElement): SearchSettings => ({
  index: new URL(host.getAttribute("index") ?? new URL(".", import.meta.url), document.baseURI)
    .href,
  locale: host.getAttribute("locale"),
  version: host.getAttribute("version"),
  withVersions: listIn(host.getAttribute("with-versions") ?? "[]"),
  page: host.getAttribute("page"),
  labels: { ...ENGLISH, ...labelsIn(host.getAttribute("labels") ?? "{}") },
});

const isText = (value: unknown): value is string => typeof value === "string";

/** The texts in a JSON list. */
function listIn(json: string): readonly string[] {
  const read = parsed(json);
  return Array.isArray(read) ? read.filter(isText) : [];
}

const labelsIn = (json: string): Partial<SearchLabels> =>
  Object.fromEntries(Object.entries(parsed(json) ?? {}).filter(([, text]) => isText(text)));

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
