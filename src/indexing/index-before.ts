import type { RowState } from "../store/chunk-index.ts";
import type { StoreView } from "../store/open-store.ts";
import type { PageRecord } from "../store/page-records.ts";

/** An index before a run changes it. */
export interface IndexBefore {
  /** Whether the last run completed its writes; if not, the records may be wrong. */
  readonly isUntouched: boolean;
  readonly rows: ReadonlyMap<string, readonly RowState[]>;
  readonly records: ReadonlyMap<string, PageRecord>;
}

export async function readIndex({ chunks, pages }: StoreView): Promise<IndexBefore> {
  const [states, untouched, records] = await Promise.all([
    Array.fromAsync(chunks.states()),
    chunks.untouched(),
    pages.read(),
  ]);
  return {
    isUntouched: untouched !== null,
    rows: Map.groupBy(states, ({ page }) => page),
    records,
  };
}
