import type { IncomingHttpHeaders } from "node:http";
import { systemClock } from "../../../src/words/system-clock.ts";
import type { Clock } from "../../../src/words/types.ts";
import { CallQuotas } from "./call-quotas.ts";
import { Counters } from "./counters.ts";
import type { Billed, Seen } from "./counters.ts";
import { Faults } from "./faults.ts";
import type { RandomFaults, ScriptedFault } from "./faults.ts";
import { defaultWriter } from "./generate-request.ts";
import type { Writer } from "./generate-request.ts";
import { GenerationCounters } from "./generation-counters.ts";
import type { GenerationBilled, GenerationSeen } from "./generation-counters.ts";
import { startServer } from "./http-server.ts";
import type { Incoming } from "./http-server.ts";
import { JobStore } from "./job-store.ts";
import type { SeenJob } from "./job-store.ts";
import { answer } from "./router.ts";
import type { Service } from "./service.ts";
import { StoredFiles } from "./stored-files.ts";

/** The quotas of an account. Every text is one request; a minute is any 60 s. */
export interface Quota {
  readonly requestsPerMinute: number;
  readonly tokensPerMinute: number;
  /** From midnight to midnight in Los Angeles. */
  readonly requestsPerDay: number;
  /** Tokens of all jobs that wait or run at the same time; 0: no jobs, as on the free tier. */
  readonly enqueuedTokens: number;
}

export interface EmulatorOptions {
  /** Clock for latency, quotas, jobs and files. Default: the machine's. */
  readonly clock?: Clock;
  /** Default 0: the system chooses a free port. */
  readonly port?: number;
  /** Default `emulator-key`. */
  readonly key?: string;
  /** How long each call takes. Default 0. */
  readonly latencyMs?: number;
  /** Time from a job's creation to its end: half waiting, half running. Default 60,000. */
  readonly jobMs?: number;
  /** Default: no limits. */
  readonly quota?: Partial<Quota>;
  /** Writes the answer to a prompt. Default: a sentence that cites the first numbered passage. */
  readonly answer?: Writer;
  /** Default: none. */
  readonly random?: RandomFaults;
}

/** A request as it arrived. */
interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON; null if there was none. */
  readonly body: unknown;
}

/** The Gemini API, emulated on a local port. */
export interface Emulator {
  /** The base URL, without a version. */
  readonly url: string;
  readonly key: string;
  /** In order of arrival. */
  readonly requests: readonly SeenRequest[];
  readonly seen: Seen;
  readonly billed: Billed;
  /** The same for generation, which the two above do not count. */
  readonly generation: { readonly seen: GenerationSeen; readonly billed: GenerationBilled };
  /** Every job ever created, in order. */
  readonly jobs: readonly SeenJob[];
  /** Adds a fault for requests from now on. */
  addFault(fault: ScriptedFault): void;
  /** Ends all connections, even those that wait for an answer. */
  close(): Promise<void>;
}

export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { clock = systemClock, jobMs = 60_000, latencyMs = 0, quota = {} } = options;
  const closing = new AbortController();
  const requests: SeenRequest[] = [];
  const counters = new Counters();
  const generation = new GenerationCounters();
  const files = new StoredFiles(clock);
  const service: Service = {
    clock,
    key: options.key ?? "emulator-key",
    counters,
    generation,
    writer: options.answer ?? defaultWriter,
    files,
    uploads: new Map(),
    jobs: new JobStore(clock, jobMs, { counters, generation }, files),
    enqueuedTokens: quota.enqueuedTokens ?? Number.POSITIVE_INFINITY,
    faults: new Faults(options.random ?? null),
    quotas: new CallQuotas(quota, clock),
    takeTime: async ({ hold }) => {
      if (latencyMs > 0) await hold.during(() => clock.sleep(latencyMs, closing.signal));
    },
  };
  const { url, close } = await startServer(options.port ?? 0, (incoming) => {
    requests.push(seenRequest(incoming));
    return answer(service, incoming);
  });
  return {
    url,
    key: service.key,
    requests,
    get seen() {
      return counters.seen;
    },
    get billed() {
      service.jobs.settle();
      return counters.billed;
    },
    generation: {
      get seen() {
        return generation.seen;
      },
      get billed() {
        service.jobs.settle();
        return generation.billed;
      },
    },
    get jobs() {
      return service.jobs.seen;
    },
    addFault: (fault) => service.faults.add(fault),
    close: async () => {
      closing.abort();
      await close();
    },
  };
}

function seenRequest({ bytes, headers, method, path }: Incoming): SeenRequest {
  return { method, path, headers, body: jsonOf(bytes) };
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return null;
  }
}
