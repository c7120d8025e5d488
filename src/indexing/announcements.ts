import type { Sender } from "../sending/client.ts";
import { decisionOf, type Listener } from "../sending/events.ts";
import type { Plan } from "../words/types.ts";
import type { Messages } from "./messages.ts";

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
export function announcementsOf(options: AnnouncementOptions): Announcements {
  const { client, isWaiting, messages } = options;
  const onState = (name: string, state: string): void => {
    if (!isWaiting || ENDED.has(state)) return;
    messages.tell(`Waiting for batch job ${name}: ${state}. Ctrl-C leaves it to the next run.`);
  };
  return {
    onPlan(plan) {
      messages.tell(plan.reason);
      client.events?.emit({ type: "strategy_chosen", ...decisionOf(plan) });
    },
    onEvent(event) {
      options.onEvent(event);
      if (event.type === "job_state") onState(event.name, event.state);
    },
  };
}
