import type { IncomingHttpHeaders } from "node:http";
import { systemClock } from "../../../src/system-clock.ts";
import type { Clock } from "../../../src/types.ts";
import { CallQuotas } from "./call-quotas.ts";
import { Counters } from "./counters.ts";
import type { Billed, Seen } from "./counters.ts";
import { Faults } from "./faults.ts";
import type { RandomFaults, ScriptedFault } from "./faults.ts";
import { startServer } from "./http-server.ts";
import type { Incoming } from "./http-server.ts";
import { answer } from "./router.ts";
import type { Service } from "./service.ts";

/** What an account may use. Every text is one request, a minute is any 60 s. */
export interface Quota {
  readonly requestsPerMinute: number;
  readonly tokensPerMinute: number;
  /** From midnight to midnight in Los Angeles. */
  readonly requestsPerDay: number;
}

export interface EmulatorOptions {
  /** Time of latency and quotas. Default: the machine's own. */
  readonly clock?: Clock;
  /** Default 0: any free one. */
  readonly port?: number;
  /** Default `emulator-key`. */
  readonly key?: string;
  /** How long each call takes. Default 0. */
  readonly latencyMs?: number;
  /** Default: no limits. */
  readonly quota?: Partial<Quota>;
  /** Default: none. */
  readonly random?: RandomFaults;
}

/** A request as it arrived. */
interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON; null where there was none. */
  readonly body: unknown;
}

/** The embeddings API of Gemini on a port of this machine. */
export interface Emulator {
  /** The base URL, without a version. */
  readonly url: string;
  readonly key: string;
  /** In order of arrival. */
  readonly requests: readonly SeenRequest[];
  readonly seen: Seen;
  readonly billed: Billed;
  /** From now on this goes wrong, too. */
  addFault(fault: ScriptedFault): void;
  /** Ends all connections, also those that wait for an answer. */
  close(): Promise<void>;
}

export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const {
    clock = systemClock,
    key = "emulator-key",
    latencyMs = 0,
    port = 0,
    quota = {},
  } = options;
  const closing = new AbortController();
  const requests: SeenRequest[] = [];
  const service: Service = {
    clock,
    key,
    counters: new Counters(),
    faults: new Faults(options.random ?? null),
    quotas: new CallQuotas(quota, clock),
    takeTime: async ({ hold }) => {
      if (latencyMs > 0) await hold.during(() => clock.sleep(latencyMs, closing.signal));
    },
  };
  const { url, close } = await startServer(port, (incoming) => {
    requests.push(seenRequest(incoming));
    return answer(service, incoming);
  });
  return {
    url,
    key,
    requests,
    get seen() {
      return service.counters.seen;
    },
    get billed() {
      return service.counters.billed;
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
