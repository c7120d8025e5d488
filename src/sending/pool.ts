/**
 * Works through items with at most `size` under way. An aborted signal stops new ones; those under
 * way are awaited. The first failure stops new ones too and is thrown when the rest has settled.
 */
export async function runPool<Item>(
  items: Iterable<Item>,
  size: number,
  work: (item: Item) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const failures: unknown[] = [];
  const queue = items[Symbol.iterator]();
  const isOver = (): boolean => failures.length > 0 || signal?.aborted === true;
  const worker = async (): Promise<void> => {
    while (!isOver()) {
      const next = queue.next();
      if (next.done === true) return;
      await work(next.value).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: size }, worker));
  if (failures.length > 0) throw failures[0];
}
