import { createHash } from "node:crypto";

/** What can go wrong with a call. */
const CALL_FAULTS = [
  "bad-request",
  "bad-key",
  "unauthenticated",
  "forbidden",
  "not-found",
  "timeout-408",
  "rate-limited",
  "quota-of-day",
  "internal",
  "bad-gateway",
  "unavailable",
  "gateway-timeout",
  "reset-before",
  "reset-after",
  "hang",
  "cut-body",
  "malformed-json",
  "short-answer",
  "long-answer",
  "wrong-length",
  "not-a-number",
  "zero-vector",
] as const;

export type CallFault = (typeof CALL_FAULTS)[number];

export type FaultName = CallFault;

/** What goes wrong, and where. */
export interface ScriptedFault {
  readonly name: FaultName;
  /** Only requests with a text that holds this meet it. Default: every one. */
  readonly text?: string;
  /** How often it happens. Default: always. */
  readonly times?: number;
  /** For `rate-limited`: how long the answer says to wait. Default: it does not say. */
  readonly retryDelaySeconds?: number;
}

/** Faults at random, in shares of 1. The same seed and texts meet the same faults in any order. */
export interface RandomFaults {
  readonly seed: number;
  readonly rates: Readonly<Partial<Record<CallFault, number>>>;
}

/** A fault that a request has met. */
export interface MetFault<Name extends FaultName> {
  readonly name: Name;
  readonly retryDelaySeconds: number | null;
}

/** The faults that the emulator was told of. */
export class Faults {
  readonly #scripted: { readonly fault: ScriptedFault; timesLeft: number }[] = [];
  readonly #random: RandomFaults | null;
  readonly #tries = new Map<string, number>();

  constructor(random: RandomFaults | null) {
    this.#random = random;
  }

  add(fault: ScriptedFault): void {
    this.#scripted.push({ fault, timesLeft: fault.times ?? Number.POSITIVE_INFINITY });
  }

  /** The fault that a call with these texts meets: the first scripted one, or one by chance. */
  meetCall(texts: readonly string[]): MetFault<CallFault> | null {
    return this.meet(CALL_FAULTS, texts) ?? this.#byChance(texts);
  }

  /** The first scripted fault of these names that meets one of the texts; it is then used up once. */
  meet<Name extends FaultName>(
    names: readonly Name[],
    texts: readonly string[],
  ): MetFault<Name> | null {
    for (const entry of this.#scripted) {
      const { name, retryDelaySeconds = null, text = null } = entry.fault;
      const known = names.find((one) => one === name);
      const meets = text === null || texts.some((one) => one.includes(text));
      if (known === undefined || !meets || entry.timesLeft <= 0) continue;
      entry.timesLeft -= 1;
      return { name: known, retryDelaySeconds };
    }
    return null;
  }

  #byChance(texts: readonly string[]): MetFault<CallFault> | null {
    if (this.#random === null) return null;
    const work = JSON.stringify(texts);
    const tries = (this.#tries.get(work) ?? 0) + 1;
    this.#tries.set(work, tries);
    let left = shareOf(`${this.#random.seed} ${tries} ${work}`);
    for (const name of CALL_FAULTS) {
      left -= this.#random.rates[name] ?? 0;
      if (left < 0) return { name, retryDelaySeconds: null };
    }
    return null;
  }
}

/** A number from 0 to below 1 that is the same for the same text, and evenly spread. */
const shareOf = (text: string): number =>
  createHash("sha256").update(text).digest().readUInt32BE() / 2 ** 32;
