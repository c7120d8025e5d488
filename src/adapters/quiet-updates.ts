import type { Clock } from "../words/types.ts";

/** Updates that are asked for often, and that happen seldom. */
export interface QuietUpdates {
  readonly ask: () => void;
  /** Resolves when no update is asked for or under way. */
  readonly settled: () => Promise<void>;
}

/**
 * Updates at once, then each time that somebody asks, after nobody has asked for `quietMs`: requests in quick
 * succession are one. One update at a time.
 * @param update never rejects
 */
export function quietUpdates(
  update: () => Promise<void>,
  clock: Clock,
  quietMs: number,
  signal: AbortSignal,
): QuietUpdates {
  /** When the last request that no update has answered may be answered; null: there is none. */
  let dueAt: number | null = null;
  let working: Promise<void> | null = workFrom(update());

  async function workFrom(first: Promise<void>): Promise<void> {
    await first;
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
    ask() {
      dueAt = clock.now() + quietMs;
      working ??= workFrom(Promise.resolve());
    },
    settled: () => working ?? Promise.resolve(),
  };
}
