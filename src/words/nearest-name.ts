import leven from "leven";

/** The name nearest in spelling (edit distance; the first of equals), or null if there are none. */
export function nearestName(names: Iterable<string>, wanted: string): string | null {
  let best: { readonly name: string; readonly distance: number } | null = null;
  for (const name of names) {
    const distance = leven(name, wanted);
    if (best === null || distance < best.distance) best = { name, distance };
  }
  return best?.name ?? null;
}
