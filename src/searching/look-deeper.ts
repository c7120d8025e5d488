/** Most chunks of one search: a page or section that fills so many ranks hides the others after all. */
const MOST_CHUNKS = 10_000;
/** Growth of each further search: few searches, and few chunks that are not needed. */
const FACTOR = 4;

/**
 * Searches for more and more chunks until they are enough or there are no more: one long page, or one
 * long section, can fill all the first ranks. The first search is for `chunks`; `find` returns that
 * many, best first, or all if there are fewer.
 */
export async function lookDeeper<Found extends { readonly length: number }>(
  chunks: number,
  find: (depth: number) => Promise<Found>,
  areEnough: (found: Found) => boolean,
): Promise<Found> {
  for (let depth = chunks; ; depth = Math.min(depth * FACTOR, MOST_CHUNKS)) {
    const found = await find(depth);
    const isExhausted = found.length < depth || depth >= MOST_CHUNKS;
    if (isExhausted || areEnough(found)) return found;
  }
}
