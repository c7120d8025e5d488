import type { Sender } from "../sending/client.ts";
import { UNSEEN } from "../sending/await-job.ts";
import { decisionOf, type Listener } from "../sending/events.ts";
import { timeOfDay } from "../words/amounts.ts";
import type { Plan } from "../words/plans.ts";
import { safeLogger, safeMessage } from "../words/safe-message.ts";
import type { Clock, Logger } from "../words/types.ts";
import { waitTeller } from "../words/wait-teller.ts";

/** Logs messages at once, and keeps warnings and failures for the report. */
export interface Messages {
  readonly warnings: readonly string[];
  readonly failures: readonly string[];
  /** Logs a message without keeping it. */
  readonly tell: (message: string) => void;
  /** Logs what the run waits for. */
  readonly wait: (message: string) => void;
  readonly warn: (message: string) => void;
  /** Logs one message and keeps others in its place. */
  readonly warnOfAll: (message: string, each: readonly string[]) => void;
  readonly fail: (message: string) => void;
}

export function collectMessages(logger: Logger | undefined): Messages {
  const warnings: string[] = [];
  const failures: string[] = [];
  const safe = logger && safeLogger(logger);
  const keepIn = (list: string[]) => (message: string) => {
    list.push(safeMessage(message));
    safe?.warn(message);
  };
  const tell = (message: string) => safe?.info(message);
  const wait = waitTeller(safe);
  const warnOfAll = (message: string, each: readonly string[]): void => {
    warnings.push(...each.map(safeMessage));
    safe?.warn(message);
  };
  const kept = { warn: keepIn(warnings), warnOfAll, fail: keepIn(failures) };
  return { warnings, failures, tell, wait, ...kept };
}

export interface Announcements {
  readonly onPlan: (plan: Plan) => void;
  /** For events of a plan that is carried out, and of jobs from earlier runs. */
  readonly onEvent: Listener;
}

interface AnnouncementOptions {
  readonly client: Pick<Sender<never, unknown>, "events">;
  readonly messages: Pick<Messages, "tell" | "wait">;
  readonly clock: Pick<Clock, "now">;
  /** Whether the run waits for jobs. */
  readonly isWaiting: boolean;
  /** Receives the same events. */
  readonly onEvent: Listener;
}

const ENDED: ReadonlySet<string> = new Set(["SUCCEEDED", "FAILED", "EXPIRED", "CANCELLED"]);

/** Logs plans and awaited jobs, and emits plans to the client's listeners. */
export const announcementsOf = (options: AnnouncementOptions): Announcements => ({
  onPlan(plan) {
    options.messages.tell(plan.reason);
    options.client.events?.emit({ type: "strategy_chosen", ...decisionOf(plan) });
  },
  onEvent(event) {
    options.onEvent(event);
    if (event.type !== "job_state" || !options.isWaiting || ENDED.has(event.state)) return;
    const { name, untilMs } = event;
    // One look, without a wait.
    if (untilMs !== null && untilMs <= options.clock.now()) return;
    const until = untilMs === null ? "" : `until ${timeOfDay(untilMs)} at the latest `;
    const state = event.state === UNSEEN.state ? "it does not answer" : event.state;
    options.messages.wait(
      `Waiting ${until}for batch job ${name}: ${state}. Press Ctrl-C to leave it to the next run.`,
    );
  },
});
