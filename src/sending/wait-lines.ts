import { SILENT_WAIT_MS, timeOfDay } from "../words/amounts.ts";
import { systemClock } from "../words/system-clock.ts";
import type { Clock, Logger } from "../words/types.ts";
import type { ClientEvent, EventSource, Listener } from "./events.ts";

const REASONS = {
  rate_limit: "because the requests or tokens of this minute are used up",
  job_name: "for another run, which may be creating a batch job",
} as const;

/** Tells each longer wait as it begins: until when, and for what. Of several at once, it tells the longest. */
export function waitLines(tell: (line: string) => void, clock: Clock): Listener {
  let toldUntil = 0;
  return (event) => {
    const wait = waitOf(event, clock);
    if (wait === null || wait.untilMs <= Math.max(toldUntil, clock.now() + SILENT_WAIT_MS)) return;
    toldUntil = wait.untilMs;
    tell(`Waiting until ${timeOfDay(wait.untilMs)} ${wait.reason}.`);
  };
}

/** Tells the waits of a client while some work with it goes on. */
export async function tellingWaits<Value>(
  client: { readonly events?: EventSource } | null,
  logger: Logger | undefined,
  work: () => Promise<Value>,
): Promise<Value> {
  const leave = client?.events?.listen(waitLines((line) => logger?.info(line), systemClock));
  try {
    return await work();
  } finally {
    leave?.();
  }
}

function waitOf(event: ClientEvent, clock: Clock) {
  if (event.type === "waiting") return { untilMs: event.untilMs, reason: REASONS[event.what] };
  if (event.type !== "retry") return null;
  const { code, delayMs } = event;
  return { untilMs: clock.now() + delayMs, reason: `to repeat a call that failed: ${code}` };
}
