import leven from "leven";

/**
 * The name nearest in spelling (edit distance; the first of equals). Null if there are none, or none that
 * differs in at most so many letters.
 */
export function nearestName(
  names: Iterable<string>,
  wanted: string,
  mostLetters = Number.POSITIVE_INFINITY,
  spelling: (name: string) => string = (name) => name,
): string | null {
  let best: { readonly name: string; readonly distance: number } | null = null;
  for (const name of names) {
    const distance = leven(spelling(name), spelling(wanted));
    if (distance > mostLetters) continue;
    if (best === null || distance < best.distance) best = { name, distance };
  }
  return best?.name ?? null;
}
