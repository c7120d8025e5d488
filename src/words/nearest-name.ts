import leven from "leven";

/** The name that is nearest in spelling, the first of equals; null when there is none at all. */
export function nearestName(names: Iterable<string>, wanted: string): string | null {
  let best: { readonly name: string; readonly distance: number } | null = null;
  for (const name of names) {
    const distance = leven(name, wanted);
    if (best === null || distance < best.distance) best = { name, distance };
  }
  return best?.name ?? null;
}
