import type { Clock } from "../../../src/words/types.ts";
import type { CallQuotas } from "./call-quotas.ts";
import type { Counters } from "./counters.ts";
import type { Writer } from "./generate-request.ts";
import type { GenerationCounters } from "./generation-counters.ts";
import type { Faults } from "./faults.ts";
import type { Incoming } from "./http-server.ts";
import type { JobStore } from "./job-store.ts";
import type { StoredFiles, Upload } from "./stored-files.ts";

/** What the routes share. */
export interface Service {
  readonly clock: Clock;
  readonly key: string;
  readonly counters: Counters;
  readonly generation: GenerationCounters;
  /** Who writes what is to be generated. */
  readonly writer: Writer;
  readonly faults: Faults;
  readonly quotas: CallQuotas;
  readonly files: StoredFiles;
  /** Uploads that have begun, by their id. */
  readonly uploads: Map<string, Upload>;
  readonly jobs: JobStore;
  /** Tokens of all jobs that may wait or run at once; 0: there are no jobs. */
  readonly enqueuedTokens: number;
  /** Lets the latency of a call pass on the clock. */
  takeTime(incoming: Incoming): Promise<void>;
}
