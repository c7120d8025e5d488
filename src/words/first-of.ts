/** The first `most` items in an order in which no two are equal: as of a sorted list, without sorting all. */
export function firstOf<Item>(
  items: Iterable<Item>,
  most: number,
  compare: (one: Item, other: Item) => number,
): Item[] {
  let kept: Item[] = [];
  const cut = (): Item[] => kept.sort(compare).slice(0, most);
  let last: Item | undefined;
  for (const item of items) {
    if (last !== undefined && compare(item, last) > 0) continue;
    kept.push(item);
    if (kept.length < 2 * most) continue;
    kept = cut();
    last = kept.at(-1);
  }
  return cut();
}
