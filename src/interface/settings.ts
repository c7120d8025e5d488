import { ENGLISH, type SearchLabels } from "./labels.ts";

/** Attributes of both elements. */
export const ATTRIBUTES = ["index", "locale", "version", "page", "labels"] as const;

/** What an element is told by its attributes. */
export interface SearchSettings {
  /** Address of the folder of the index. */
  readonly index: string;
  /** Null: as the page that is open. */
  readonly locale: string | null;
  readonly version: string | null;
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
  page: host.getAttribute("page"),
  labels: { ...ENGLISH, ...labelsIn(host.getAttribute("labels") ?? "{}") },
});

function labelsIn(json: string): Partial<SearchLabels> {
  try {
    const read: unknown = JSON.parse(json);
    return Object.fromEntries(
      Object.entries(read ?? {}).filter(([, text]) => typeof text === "string"),
    );
  } catch {
    return {};
  }
}
