import { untilAborted } from "../words/until-aborted.ts";

/** Values that are loaded once, and kept. */
export interface SharedLoads<Value> {
  /** Waits for a value, no longer than the signal. Others may wait for the same load. */
  get(key: string, signal?: AbortSignal): Promise<Value>;
  /** Forgets all values but those of the keys. */
  keep(keys: ReadonlySet<string>): void;
}

interface Load<Value> {
  readonly value: Promise<Value>;
  readonly abort: AbortController;
  waiting: number;
  isDone: boolean;
}

/** A load ends early only when nobody waits for it any more; a failed one is forgotten. */
export function sharedLoads<Value>(
  load: (key: string, signal: AbortSignal) => Promise<Value>,
): SharedLoads<Value> {
  const loads = new Map<string, Load<Value>>();

  function begin(key: string): Load<Value> {
    const abort = new AbortController();
    const begun: Load<Value> = { value: load(key, abort.signal), abort, waiting: 0, isDone: false };
    loads.set(key, begun);
    begun.value.then(
      () => (begun.isDone = true),
      () => forget(key, begun),
    );
    return begun;
  }

  function forget(key: string, begun: Load<Value>): void {
    if (loads.get(key) === begun) loads.delete(key);
  }

  return {
    async get(key, signal) {
      signal?.throwIfAborted();
      const joined = loads.get(key) ?? begin(key);
      joined.waiting += 1;
      try {
        return await untilAborted(joined.value, signal);
      } finally {
        joined.waiting -= 1;
        if (joined.waiting === 0 && !joined.isDone) {
          forget(key, joined);
          joined.abort.abort();
        }
      }
    },
    keep(keys) {
      for (const key of loads.keys()) if (!keys.has(key)) loads.delete(key);
    },
  };
}
