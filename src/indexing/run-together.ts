/** Two pieces of work side by side: when one fails the other is stopped, and is over before it throws. */
export async function runTogether<One, Other>(
  one: (stop: AbortSignal) => Promise<One>,
  other: (stop: AbortSignal) => Promise<Other>,
  signal: AbortSignal,
): Promise<[One, Other]> {
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const guarded = <Value>(work: Promise<Value>): Promise<Value> =>
    work.catch((cause: unknown) => {
      failed.abort();
      throw cause;
    });
  const works = [guarded(one(stop)), guarded(other(stop))] as const;
  await Promise.allSettled(works);
  return Promise.all(works);
}
