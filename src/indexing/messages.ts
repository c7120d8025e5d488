import type { Sender } from "../sending/client.ts";
import { decisionOf, type Listener } from "../sending/events.ts";
import type { Plan } from "../words/plans.ts";
import type { Logger } from "../words/types.ts";

/** What went wrong in a run: gathered for its report, and logged at once. */
export interface Messages {
  readonly warnings: readonly string[];
  readonly failures: readonly string[];
  /** Is logged, and stands in no report. */
  readonly tell: (message: string) => void;
  readonly warn: (message: string) => void;
  readonly fail: (message: string) => void;
}

/** Starts with nothing gathered. */
export function collectMessages(logger: Logger | undefined): Messages {
  const warnings: string[] = [];
  const failures: string[] = [];
  const keepIn = (list: string[]) => (message: string) => {
    list.push(message);
    logger?.warn(message);
  };
  const tell = (message: string) => logger?.info(message);
  return { warnings, failures, tell, warn: keepIn(warnings), fail: keepIn(failures) };
}

/** What a stage of a run tells while it lasts. */
export interface Announcements {
  /** A plan has been made. */
  readonly onPlan: (plan: Plan) => void;
  /** Something happened while a plan was carried out, or a job of an earlier run was waited for. */
  readonly onEvent: Listener;
}

interface AnnouncementOptions {
  readonly client: Pick<Sender<never, unknown>, "events">;
  readonly messages: Pick<Messages, "tell">;
  /** Whether jobs are waited for so long that somebody asks what for. */
  readonly isWaiting: boolean;
  /** Is told of the same events. */
  readonly onEvent: Listener;
}

const ENDED: ReadonlySet<string> = new Set(["SUCCEEDED", "FAILED", "EXPIRED", "CANCELLED"]);

/** Tells the log of plans and of jobs that are waited for, and the client's listeners of plans. */
export const announcementsOf = (options: AnnouncementOptions): Announcements => ({
  onPlan(plan) {
    options.messages.tell(plan.reason);
    options.client.events?.emit({ type: "strategy_chosen", ...decisionOf(plan) });
  },
  onEvent(event) {
    options.onEvent(event);
    if (event.type !== "job_state" || !options.isWaiting || ENDED.has(event.state)) return;
    const { name, state } = event;
    options.messages.tell(
      `Waiting for batch job ${name}: ${state}. Ctrl-C leaves it to the next run.`,
    );
  },
});
