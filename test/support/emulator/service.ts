import type { Clock } from "../../../src/types.ts";
import type { CallQuotas } from "./call-quotas.ts";
import type { Counters } from "./counters.ts";
import type { Faults } from "./faults.ts";
import type { Incoming } from "./http-server.ts";

/** What the routes share. */
export interface Service {
  readonly clock: Clock;
  readonly key: string;
  readonly counters: Counters;
  readonly faults: Faults;
  readonly quotas: CallQuotas;
  /** Lets the latency of a call pass on the clock. */
  takeTime(incoming: Incoming): Promise<void>;
}
