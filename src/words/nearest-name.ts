import leven from "leven";

/** Only so many characters are compared: no name is longer, and a whole file may have been given as one. */
const LONGEST = 200;

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
  const written = spelling(wanted.slice(0, LONGEST));
  let best: { readonly name: string; readonly distance: number } | null = null;
  for (const name of names) {
    const distance = leven(spelling(name), written);
    if (distance > mostLetters) continue;
    if (best === null || distance < best.distance) best = { name, distance };
  }
  return best?.name ?? null;
}
