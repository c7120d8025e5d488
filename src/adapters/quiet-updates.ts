import type { Clock } from "../words/types.ts";

/** Updates that are asked for often, and that happen seldom. */
export interface QuietUpdates {
  /** Asks for an update, after `quietMs` or another time without a further request. */
  readonly ask: (afterMs?: number) => void;
  /** Resolves when no update is asked for or under way. */
  readonly settled: () => Promise<void>;
}

/**
 * Updates once nobody has asked for `quietMs`, so that requests in quick succession are one. One update at a time.
 * @param update never rejects
 */
export function quietUpdates(
  update: () => Promise<void>,
  clock: Clock,
  quietMs: number,
  signal: AbortSignal,
): QuietUpdates {
  /** When the requests that no update has answered may be answered; null: there are none. */
  let dueAt: number | null = null;
  let working: Promise<void> | null = null;

  async function work(): Promise<void> {
    while (dueAt !== null && !signal.aborted) {
      const leftMs = dueAt - clock.now();
      if (leftMs > 0) await clock.sleep(leftMs, signal).catch(() => undefined);
      else {
        dueAt = null;
        await update();
      }
    }
    working = null;
  }

  return {
    ask(afterMs = quietMs) {
      dueAt = clock.now() + afterMs;
      working ??= work();
    },
    settled: () => working ?? Promise.resolve(),
  };
}
