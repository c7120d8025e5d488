/**
 * Works on at most `size` items at the same time. After an abort or a failure it begins no more items,
 * and awaits those in progress; then it throws the first failure.
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
