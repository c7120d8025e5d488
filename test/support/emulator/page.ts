/** Page size if the client gives none; the service's own default is not documented. */
const DEFAULT_SIZE = 10;

/** One page of a list, and the token of the next page if there is one. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly more: { readonly nextPageToken?: string };
}

/** The page that the query's `pageSize` and `pageToken` request. */
export function pageOf<Item>(items: readonly Item[], query: URLSearchParams): Page<Item> {
  const size = Number(query.get("pageSize") ?? 0) || DEFAULT_SIZE;
  const start = Number(query.get("pageToken") ?? 0);
  const end = start + size;
  return {
    items: items.slice(start, end),
    more: end < items.length ? { nextPageToken: String(end) } : {},
  };
}
