import { CallFailure } from "./call-failure.ts";
import type { AdaptiveConcurrency } from "./adaptive-concurrency.ts";
import { quotaOfDayReached, type DayQuota, type RequestsOfDay } from "./day-quota.ts";
import type { Listener } from "./events.ts";
import type { Pack } from "./provider.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { RetryPolicy } from "./retry.ts";
import type { Spending } from "./spending.ts";
import type { UsageTally } from "./usage-tally.ts";
import type { ObserveLatency } from "../planning/latencies.ts";
import type { Tokens } from "../words/plans.ts";
import type { Clock } from "../words/types.ts";

/** What all calls of a client to one model share. */
export interface CallLimits {
  readonly clock: Clock;
  /** Chance for the jitter of retries, from 0 up to 1. */
  readonly random: () => number;
  readonly retries: RetryPolicy;
  readonly concurrency: AdaptiveConcurrency;
  readonly rate: RateLimit;
  readonly day: DayQuota;
}

/** What bounds and counts the calls of one run. */
export interface CallRun {
  /** Aborted: no further try is made; the one under way goes on, unless nobody waits any more. */
  readonly signal?: AbortSignal | undefined;
  /** On the client's clock, in milliseconds since the epoch; may be `Infinity`. */
  readonly deadlineAt: number;
  /** Where the requests of the day are kept; without it they count for the life of the client. */
  readonly requestsOfDay?: RequestsOfDay | undefined;
  readonly spending: Spending;
  readonly tally: UsageTally;
  /** Is told of answers, repetitions and failures. */
  readonly tell: Listener;
  /** Is told how long each answered call took. */
  readonly observe?: ObserveLatency | undefined;
}

/** A pack on its way. */
export interface PackRun extends CallRun {
  /** No further try: the caller has aborted, or the deadline is reached. */
  readonly stop: AbortSignal;
  /** The deadline is reached, or nobody waits any more: the try under way ends, too. */
  readonly deadline: AbortSignal;
  /** Inputs of the pack that some call has held. */
  readonly sent: Set<unknown>;
  /** They were in a job that may have served them. */
  readonly wereInJob: boolean;
}

/** Sends a pack once. `tokens` are null where the service does not count them. */
export type SendPack<Input, Value> = (
  pack: Pack<Input>,
  signal: AbortSignal,
) => Promise<{ readonly value: Value; readonly tokens: Tokens | null }>;

/** What became of a pack: the answer to its first texts, and why each of the others waits. */
export interface Attempted<Value> {
  /** Null: nothing was sent. */
  readonly value: Value | null;
  readonly waiting: readonly Error[];
}

/**
 * One try at a pack: waits for a slot and for the limits, takes it from day and budget, counts it, sends
 * it, and gives back what the service has not counted.
 */
export class Attempt<Input, Value> {
  readonly #limits: CallLimits;
  readonly #run: PackRun;
  readonly #open: (() => Promise<unknown>) | undefined;
  readonly #send: SendPack<Input, Value>;

  constructor(
    send: SendPack<Input, Value>,
    open: (() => Promise<unknown>) | undefined,
    limits: CallLimits,
    run: PackRun,
  ) {
    this.#send = send;
    this.#open = open;
    this.#limits = limits;
    this.#run = run;
  }

  /**
   * Sends a pack, or as many of its texts as day and budget have left. `failed` is the try before, the
   * `retries`th of them. Throws CallFailure, and the reason of `stop` and `deadline`.
   */
  async send(
    pack: Pack<Input>,
    failed: CallFailure | null,
    retries: number,
  ): Promise<Attempted<Value>> {
    const { concurrency, rate } = this.#limits;
    const { sent, stop } = this.#run;
    const requests = pack.inputs.length;
    const work = async (): Promise<Attempted<Value>> => {
      await this.#open?.();
      const release = await rate.reserve({ requests, tokens: tokensOf(pack) }, stop);
      try {
        const { left, waiting } = await this.#take(pack);
        if (left === 0) return { value: null, waiting };
        return { value: await this.#sendTaken(slice(pack, 0, left), failed, retries), waiting };
      } finally {
        release();
      }
    };
    return concurrency.run(work, stop, { isAdmitted: sent.size > 0 });
  }

  /** How many texts of a pack may be sent, and why the others wait. */
  async #take({ tokens }: Pack<Input>): Promise<{ left: number; waiting: readonly Error[] }> {
    const { spending, requestsOfDay } = this.#run;
    const fits = spending.take(tokens, "individual");
    const left = await this.#limits.day.take(fits, requestsOfDay);
    const overDay = tokens.slice(left, fits);
    spending.giveBack(overDay, "individual");
    const waiting = [
      ...overDay.map(() => quotaOfDayReached()),
      ...tokens.slice(fits).map(() => spending.refusal()),
    ];
    return { left, waiting };
  }

  async #sendTaken(pack: Pack<Input>, failed: CallFailure | null, retries: number): Promise<Value> {
    const { clock, concurrency } = this.#limits;
    const { deadline, observe, stop, tally, tell } = this.#run;
    const { halvings } = concurrency;
    const startedAt = clock.now();
    let isSent = false;
    try {
      stop.throwIfAborted();
      this.#count(pack, failed);
      isSent = true;
      const { value, tokens } = await this.#send(pack, deadline);
      this.#charge(pack, tokens);
      const latencyMs = clock.now() - startedAt;
      tally.addLatency(latencyMs);
      observe?.("individual", latencyMs / 1000);
      tell({ type: "success", texts: pack.inputs.length, latencyMs, retries });
      concurrency.speedUp();
      return value;
    } catch (cause) {
      const failure = cause instanceof CallFailure ? cause : null;
      if (failure?.error.code === "RATE_LIMITED") concurrency.slowDown(halvings);
      const mayBeCharged =
        isSent && (failure === null || failure.isLost || failure.charged !== null);
      if (mayBeCharged) this.#charge(pack, failure?.charged ?? null);
      else await this.#giveBack(pack);
      throw cause;
    }
  }

  #count({ inputs }: Pack<Input>, failed: CallFailure | null): void {
    const { sent, tally, wereInJob } = this.#run;
    const before = sent.size;
    for (const input of inputs) sent.add(input);
    const fresh = sent.size - before;
    const repeated = failed?.isLost === true ? inputs.length : 0;
    tally.addCall({ fresh, repeated, isRetry: failed !== null, wereInJob });
  }

  /** As the service counts it; what it does not count stays as it was estimated. */
  #charge(pack: Pack<Input>, counted: Tokens | null): void {
    const { spending, tally } = this.#run;
    tally.addTokens(counted ?? { input: tokensOf(pack), output: 0 }, "individual");
    if (counted !== null) spending.correct(pack.tokens, counted, "individual");
  }

  async #giveBack({ inputs, tokens }: Pack<Input>): Promise<void> {
    const { requestsOfDay, spending } = this.#run;
    spending.giveBack(tokens, "individual");
    await this.#limits.day.giveBack(inputs.length, requestsOfDay);
  }
}

/** Estimated tokens of all texts of a pack. */
const tokensOf = ({ tokens }: Pack<unknown>): number =>
  tokens.reduce((sum, count) => sum + count, 0);

/** Some neighbouring texts of a pack. */
export const slice = <Input>(
  { inputs, tokens, taskType }: Pack<Input>,
  from: number,
  to?: number,
): Pack<Input> => ({
  inputs: inputs.slice(from, to),
  tokens: tokens.slice(from, to),
  taskType,
});
