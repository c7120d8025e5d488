import { setImmediate } from "node:timers/promises";

/** Files read ahead: enough to hide the disk's latency, few enough to keep memory small. */
const READ_AHEAD = 16;

/** After so many, timers and signals get their turn: files that are read at once would keep them waiting. */
const TURN = 64;

/** Loads sixteen things at once, and yields them in their order. Throws the reason of an aborted signal. */
export async function* readAhead<Name, Outcome>(
  names: readonly Name[],
  load: (name: Name) => Promise<Outcome>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Outcome> {
  const underWay = new Set(names.slice(0, READ_AHEAD).map(load));
  const rest = names.slice(READ_AHEAD).values();
  let done = 0;
  try {
    for (const loading of underWay) {
      const outcome = await loading;
      underWay.delete(loading);
      done += 1;
      if (done % TURN === 0) await setImmediate();
      signal?.throwIfAborted();
      yield outcome;
      const next = rest.next();
      if (next.done !== true) underWay.add(load(next.value));
    }
  } finally {
    await Promise.allSettled(underWay);
  }
}
