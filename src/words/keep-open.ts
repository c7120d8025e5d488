/** Uses the value that is kept for a key; opens it if there is none. */
export type UseKept<Value> = <Result>(
  key: string,
  use: (value: Value) => Promise<Result>,
) => Promise<Result>;

/** How long values are kept, and how many. */
export interface Keeping {
  /** A value that nobody uses is closed after this time. */
  readonly idleMs: number;
  /** Of the values that nobody uses, so many stay open at most. */
  readonly mostIdle: number;
  /** Runs `end` after a time, unless the function that it returns is called before. Default: a timer. */
  readonly later?: (end: () => void, ms: number) => () => void;
}

interface Kept<Value> {
  readonly value: Promise<Value>;
  users: number;
  /** Lets an idle value live. */
  keep: () => void;
}

/** Keeps values open that are used again and again: all who use one at the same time share it. */
export function keepOpen<Value extends { close(): void }>(
  open: (key: string) => Promise<Value>,
  { idleMs, mostIdle, later = afterTime }: Keeping,
): UseKept<Value> {
  // In the order of their last use.
  const kept = new Map<string, Kept<Value>>();

  function begin(key: string): Kept<Value> {
    const begun: Kept<Value> = { value: open(key), users: 0, keep: () => undefined };
    // What does not open is tried again.
    begun.value.catch(() => kept.get(key) === begun && kept.delete(key));
    return begun;
  }

  function close(key: string, { keep, value }: Kept<Value>): void {
    keep();
    kept.delete(key);
    value.then((opened) => opened.close()).catch(() => undefined);
  }

  function rest(key: string, one: Kept<Value>): void {
    if (kept.get(key) !== one) return;
    one.keep = later(() => close(key, one), idleMs);
    const idle = [...kept].filter(([, { users }]) => users === 0);
    for (const [oldest, other] of idle.slice(0, Math.max(0, idle.length - mostIdle)))
      close(oldest, other);
  }

  return async (key, use) => {
    const one = kept.get(key) ?? begin(key);
    kept.delete(key);
    kept.set(key, one);
    one.keep();
    one.users += 1;
    try {
      return await use(await one.value);
    } finally {
      one.users -= 1;
      if (one.users === 0) rest(key, one);
    }
  };
}

/** No process stays alive for it. */
function afterTime(end: () => void, ms: number): () => void {
  const timer = setTimeout(end, ms);
  timer.unref();
  return () => clearTimeout(timer);
}
