import { SILENT_WAIT_MS, timeOfDay } from "../words/amounts.ts";
import type { Clock, Logger } from "../words/types.ts";
import { waitTeller } from "../words/wait-teller.ts";
import type { ClientEvent, EventSource, Listener } from "./events.ts";

/** A wait without a known end is told again after this time. */
const AGAIN_MS = 60_000;

const REASONS = {
  rate_limit: "because the requests or tokens of this minute are used up",
  job_name: "for another run, which may be creating a batch job",
  job_room: "for room in the account's queue of batch jobs",
} as const;

/**
 * Tells each longer wait: until when, and for what. Of several at once whose ends are known, it tells the
 * longest.
 */
export function waitLines(tell: (line: string) => void, clock: Clock): Listener {
  const toldUntil = new Map<string, number>();
  return (event) => {
    const wait = waitOf(event, clock);
    if (wait === null) return;
    const { kind, reason, untilMs } = wait;
    const now = clock.now();
    const told = toldUntil.get(kind) ?? 0;
    if (untilMs === null ? now < told : untilMs <= Math.max(told, now + SILENT_WAIT_MS)) return;
    toldUntil.set(kind, untilMs ?? now + AGAIN_MS);
    const latest = kind === "known" ? "" : " at the latest";
    tell(
      untilMs === null
        ? `Waiting ${reason}; nobody knows until when.`
        : `Waiting until ${timeOfDay(untilMs)}${latest} ${reason}.`,
    );
  };
}

/** Awaits something of which nobody knows when it ends. Calls `tell` once it has taken two seconds. */
export async function tellingLater<Value>(
  waiting: Promise<Value>,
  clock: Clock,
  tell: () => void,
): Promise<Value> {
  const done = new AbortController();
  clock.sleep(SILENT_WAIT_MS, done.signal).then(tell, () => undefined);
  try {
    return await waiting;
  } finally {
    done.abort();
  }
}

/** Tells the waits of a client while some work with it goes on. */
export async function tellingWaits<Value>(
  client: { readonly events?: EventSource } | null,
  { clock, logger }: { readonly clock: Clock; readonly logger?: Logger | undefined },
  work: () => Promise<Value>,
): Promise<Value> {
  const leave = client?.events?.listen(waitLines(waitTeller(logger), clock));
  try {
    return await work();
  } finally {
    leave?.();
  }
}

function waitOf(event: ClientEvent, clock: Clock) {
  if (event.type === "waiting") {
    const { untilMs, what } = event;
    const isKnown = untilMs !== null && what !== "job_room";
    return { kind: isKnown ? "known" : what, untilMs, reason: REASONS[what] };
  }
  if (event.type !== "retry") return null;
  const { code, delayMs } = event;
  const reason = `to repeat a call that failed: ${code}`;
  return { kind: "known", untilMs: clock.now() + delayMs, reason };
}
