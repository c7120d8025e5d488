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
  /** Writes generated answers. */
  readonly writer: Writer;
  readonly faults: Faults;
  readonly quotas: CallQuotas;
  readonly files: StoredFiles;
  /** Started uploads, by id. */
  readonly uploads: Map<string, Upload>;
  readonly jobs: JobStore;
  /** Tokens of all jobs that may wait or run at the same time; 0: no jobs. */
  readonly enqueuedTokens: number;
  /** Waits for the latency of a call. */
  takeTime(incoming: Incoming): Promise<void>;
}
