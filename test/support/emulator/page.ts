/** The service's own choice where the client makes none; it is not documented. */
const DEFAULT_SIZE = 10;

/** One page of a list, and the token of the next one unless it is the last. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly more: { readonly nextPageToken?: string };
}

/** The page that `pageSize` and `pageToken` of a query ask for. */
export function pageOf<Item>(items: readonly Item[], query: URLSearchParams): Page<Item> {
  const size = Number(query.get("pageSize") ?? 0) || DEFAULT_SIZE;
  const start = Number(query.get("pageToken") ?? 0);
  const end = start + size;
  return {
    items: items.slice(start, end),
    more: end < items.length ? { nextPageToken: String(end) } : {},
  };
}
