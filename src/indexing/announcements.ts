import type { EmbeddingClient } from "../embedding/client.ts";
import { decisionOf } from "../sending/events.ts";
import type { Listener } from "../sending/events.ts";
import type { OnJobState } from "../sending/job-collection.ts";
import type { Plan } from "../words/types.ts";
import type { Messages } from "./messages.ts";

/** What a run tells while it lasts. */
export interface Announcements {
  /** A plan has been made. */
  readonly onPlan: (plan: Plan) => void;
  /** A job that is waited for was seen in another state. */
  readonly onState: OnJobState;
  /** Something happened while a plan was carried out. */
  readonly onEvent: Listener;
}

interface AnnouncementOptions {
  readonly client: Pick<EmbeddingClient, "events">;
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
  const onState: OnJobState = (name, state) => {
    if (!isWaiting || ENDED.has(state)) return;
    messages.tell(`Waiting for batch job ${name}: ${state}. Ctrl-C leaves it to the next run.`);
  };
  return {
    onState,
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
