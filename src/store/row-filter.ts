import type { SearchFilter } from "../words/hits.ts";
import { quote } from "./sql.ts";

const equals =
  (column: string) =>
  (value: string | null): string =>
    value === null ? `${column} IS NULL` : `${column} = ${quote(value)}`;

/** All conditions that a filter can have. Nothing else becomes SQL. */
const CONDITIONS: Readonly<Record<keyof SearchFilter, (value: string | null) => string>> = {
  page: equals("page"),
  locale: equals("locale"),
  version: equals("version"),
  urlPrefix: (value) => {
    const forms = new Set([value ?? "", encodedUrl(value ?? "")]);
    return `(${[...forms].map((form) => `starts_with(url, ${quote(form)})`).join(" OR ")})`;
  },
};

/** Encodes a URL as people read it like the stored ones, whose anchors are not encoded. */
function encodedUrl(url: string): string {
  const [path = "", ...anchor] = url.toWellFormed().split("#");
  const encoded = encodeURI(path).replaceAll(/%25(?=[\dA-Fa-f]{2})/gu, "%");
  return [encoded, ...anchor].join("#");
}

/** The `where` of a filter; undefined if the filter has no condition. */
export function whereOf(filter: SearchFilter, otherThanPage?: string): string | undefined {
  const conditions = KEYS.flatMap((key) => {
    const value = filter[key];
    return value === undefined ? [] : [CONDITIONS[key](value)];
  });
  if (otherThanPage !== undefined) conditions.push(`page != ${quote(otherThanPage)}`);
  return conditions.length === 0 ? undefined : conditions.join(" AND ");
}

const KEYS = ["page", "locale", "version", "urlPrefix"] as const satisfies (keyof SearchFilter)[];
