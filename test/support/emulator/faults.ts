import { createHash } from "node:crypto";
import { CALL_FAULTS } from "./fault-names.ts";
import type { CallFault, FaultName } from "./fault-names.ts";

/** A fault, and which requests it affects. */
export interface ScriptedFault {
  readonly name: FaultName;
  /** Affects only calls, jobs or rows with a text that contains this. Default: all. */
  readonly text?: string;
  /** How often it happens. Default: always. */
  readonly times?: number;
  /** For `rate-limited`: the wait that the answer states. Default: none. */
  readonly retryDelaySeconds?: number;
}

/** Random faults, as shares of 1. The same seed and texts get the same faults, in any order. */
export interface RandomFaults {
  readonly seed: number;
  readonly rates: Readonly<Partial<Record<CallFault, number>>>;
}

/** A fault that a request encountered. */
export interface MetFault<Name extends FaultName> {
  readonly name: Name;
  readonly retryDelaySeconds: number | null;
}

/** The emulator's faults, scripted and random. */
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

  /** The fault of a call with these texts: the first scripted one, else perhaps a random one. */
  meetCall(texts: readonly string[]): MetFault<CallFault> | null {
    const scripted = this.meet(CALL_FAULTS, texts);
    if (scripted !== null) return scripted;
    const row = this.meet(["row-failed"], texts);
    return row === null ? this.#byChance(texts) : { ...row, name: "bad-request" };
  }

  /** The first scripted fault of these names that affects one of the texts; uses it up once. */
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

/** A hash of a text as a number in [0, 1), evenly distributed. */
const shareOf = (text: string): number =>
  createHash("sha256").update(text).digest().readUInt32BE() / 2 ** 32;
