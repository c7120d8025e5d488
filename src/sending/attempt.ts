import type { ObserveLatency } from "../planning/latencies.ts";
import type { Tokens } from "../words/plans.ts";
import type { Clock } from "../words/types.ts";
import { untilAborted } from "../words/until-aborted.ts";
import type { AdaptiveConcurrency } from "./adaptive-concurrency.ts";
import { CallFailure } from "./call-failure.ts";
import { quotaOfDayReached, type DayQuota, type RequestsOfDay } from "./day-quota.ts";
import type { Listener } from "./events.ts";
import type { Pack } from "./provider.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { RetryPolicy } from "./retry.ts";
import type { Spending } from "./spending.ts";
import type { UsageTally } from "./usage-tally.ts";

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
  /** Aborted: no further try begins; the current one has a few seconds, none if the reason is NobodyWaits. */
  readonly signal?: AbortSignal | undefined;
  /** On the client's clock, in milliseconds since the epoch; may be `Infinity`. */
  readonly deadlineAt: number;
  /** Keeps the requests of the day; without it they count for the life of the client. */
  readonly requestsOfDay?: RequestsOfDay | undefined;
  readonly spending: Spending;
  readonly tally: UsageTally;
  /** Is told of answers, retries and failures. */
  readonly tell: Listener;
  /** Is told how long each answered call took. */
  readonly observe?: ObserveLatency | undefined;
}

/** A run, seen from one of its packs. */
export interface PackRun extends CallRun {
  /** Aborted: no further try begins. */
  readonly stop: AbortSignal;
  /** Aborted: the current try ends, too. */
  readonly deadline: AbortSignal;
  /** Inputs of the pack that some call has carried. */
  readonly sent: Set<unknown>;
  /** The texts were in a job that may have served them. */
  readonly wereInJob: boolean;
  /** Retries of the current call so far. */
  retries: number;
}

/** Sends a pack once. `tokens` are null where the service does not count them. */
export type SendPack<Input, Value> = (
  pack: Pack<Input>,
  signal: AbortSignal,
) => Promise<{ readonly value: Value; readonly tokens: Tokens | null }>;

/** What came back for a pack: the answer to its first texts, and why each of the others waits. */
export interface Attempted<Value> {
  /** Null: nothing was sent. */
  readonly value: Value | null;
  readonly waiting: readonly Error[];
}

/** How tries are made, and for whom. */
export interface AttemptContext<Input, Value> {
  readonly send: SendPack<Input, Value>;
  readonly open: (() => Promise<unknown>) | undefined;
  readonly limits: CallLimits;
  readonly run: PackRun;
}

/**
 * Makes one try at a pack. In this order: waits for a call slot and for the limits of a minute, takes as
 * many texts as day and budget have left, counts them, sends them, and gives back what the service did
 * not count. `failed` is the try before. Throws CallFailure, and the reason of `stop` and `deadline`.
 */
export async function attempt<Input, Value>(
  pack: Pack<Input>,
  failed: CallFailure | null,
  context: AttemptContext<Input, Value>,
): Promise<Attempted<Value>> {
  const { open, limits, run } = context;
  const { sent, stop } = run;
  const onWait = (untilMs: number | null): void =>
    run.tell({ type: "waiting", what: "rate_limit", untilMs });
  const inSlot = async (): Promise<Attempted<Value>> => {
    if (open !== undefined) await untilAborted(open(), stop);
    const size = { requests: pack.inputs.length, tokens: tokensOf(pack) };
    const release = await limits.rate.reserve(size, stop, onWait);
    try {
      const { count, waiting } = await take(pack, limits, run);
      const value = count === 0 ? null : await sendTaken(slice(pack, 0, count), failed, context);
      return { value, waiting };
    } finally {
      release();
    }
  };
  return limits.concurrency.run(inSlot, stop, { isAdmitted: sent.size > 0 });
}

/** Takes texts from budget and day: how many may be sent, and why the others wait. */
async function take(
  { tokens }: Pack<unknown>,
  { day }: CallLimits,
  { spending, requestsOfDay }: PackRun,
): Promise<{ readonly count: number; readonly waiting: readonly Error[] }> {
  const fits = spending.take(tokens, "individual");
  const count = await day.take(fits, requestsOfDay);
  const overDay = tokens.slice(count, fits);
  spending.giveBack(overDay, "individual");
  const overBudget = tokens.slice(fits).map(() => spending.refusal());
  return { count, waiting: [...overDay.map(() => quotaOfDayReached()), ...overBudget] };
}

async function sendTaken<Input, Value>(
  pack: Pack<Input>,
  failed: CallFailure | null,
  { send, limits, run }: AttemptContext<Input, Value>,
): Promise<Value> {
  const { clock, concurrency, day } = limits;
  const { deadline, observe, requestsOfDay, retries, spending, stop, tally, tell } = run;
  const { halvings } = concurrency;
  const startedAt = clock.now();
  let isSent = false;
  try {
    stop.throwIfAborted();
    countCall(pack, failed, run);
    isSent = true;
    const { value, tokens } = await send(pack, deadline);
    charge(pack, tokens, run);
    const latencyMs = clock.now() - startedAt;
    tally.addLatency(latencyMs);
    observe?.("individual", latencyMs / 1000);
    tell({ type: "success", texts: pack.inputs.length, latencyMs, retries });
    concurrency.speedUp();
    return value;
  } catch (cause) {
    const failure = cause instanceof CallFailure ? cause : null;
    if (failure?.error.code === "RATE_LIMITED") concurrency.slowDown(halvings);
    if (isSent && (failure === null || failure.isLost || failure.charged !== null)) {
      charge(pack, failure?.charged ?? null, run);
    } else {
      spending.giveBack(pack.tokens, "individual");
      await day.giveBack(pack.inputs.length, requestsOfDay);
    }
    throw cause;
  }
}

function countCall(
  { inputs }: Pack<unknown>,
  failed: CallFailure | null,
  { sent, tally, wereInJob }: PackRun,
): void {
  const before = sent.size;
  for (const input of inputs) sent.add(input);
  const fresh = sent.size - before;
  const repeated = failed?.isLost === true ? inputs.length : 0;
  tally.addCall({ fresh, repeated, isRetry: failed !== null, wereInJob });
}

/** Counts what the service counted; where it counts nothing, the estimate stands. */
function charge(
  pack: Pack<unknown>,
  counted: Tokens | null,
  { spending, tally }: Pick<PackRun, "spending" | "tally">,
): void {
  tally.addTokens(counted ?? { input: tokensOf(pack), output: 0 }, "individual");
  if (counted !== null) spending.correct(pack.tokens, counted, "individual");
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
