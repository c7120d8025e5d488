/** Deeper is not looked: a page that fills so many places hides the others after all. */
const MOST_CHUNKS = 10_000;
/** How much deeper each time: few searches, and not many chunks too many. */
const FACTOR = 4;

/** Something found on a page. */
interface OnPage {
  readonly row: { readonly page: string };
}

interface Enough {
  /** Chunks looked at first. */
  readonly chunks: number;
  /** Pages that are enough. */
  readonly pages: number;
}

/**
 * Searches for more and more chunks until they are of enough pages, or until there are no more: one
 * long page can fill all of the first places.
 *
 * @param find Gives at most so many chunks, best first; fewer only when there are no more.
 */
export async function lookDeeper<Found extends OnPage>(
  { chunks, pages }: Enough,
  find: (depth: number) => Promise<readonly Found[]>,
): Promise<readonly Found[]> {
  for (let depth = chunks; ; depth = Math.min(depth * FACTOR, MOST_CHUNKS)) {
    const found = await find(depth);
    const isExhausted = found.length < depth || depth >= MOST_CHUNKS;
    if (isExhausted || new Set(found.map(({ row }) => row.page)).size >= pages) return found;
  }
}
