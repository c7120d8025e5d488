import type { Clock } from "../../../src/words/types.ts";
import type { Model as AnyModel } from "./models.ts";
import { pacificDay } from "./pacific-day.ts";
import { quotaRefusal } from "./quota-error.ts";
import type { CallQuota } from "./quota-error.ts";
import type { Refusal } from "./refusal.ts";

/** Length of the sliding window in milliseconds. */
const MINUTE_MS = 60_000;

/** The useless wait that a daily quota reports, as the service does. */
const USELESS_RETRY_MS = 33_380;

/** The model that a quota belongs to. */
type Model = Pick<AnyModel, "name" | "quotaName">;

/** The quotas of calls for each model; every text counts as one request. */
export type CallLimits = Readonly<Partial<Record<CallQuota, number>>>;

interface Use {
  readonly at: number;
  readonly amount: number;
}

/** Counts the calls that were let through and refuses calls beyond the quotas. */
export class CallQuotas {
  readonly #limits: CallLimits;
  readonly #clock: Clock;
  readonly #uses = new Map<string, readonly Use[]>();

  constructor(limits: CallLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Counts a call and lets it through (null), or returns the refusal. */
  take(model: Model, requests: number, tokens: number): Refusal | null {
    const wishes = [
      ["requestsPerDay", requests],
      ["requestsPerMinute", requests],
      ["tokensPerMinute", tokens],
    ] as const;
    for (const [quota, amount] of wishes) {
      const refusal = this.#check(quota, model, amount);
      if (refusal !== null) return refusal;
    }
    for (const [quota, amount] of wishes) this.#count(quota, model, amount);
    return null;
  }

  #check(quota: CallQuota, model: Model, amount: number): Refusal | null {
    const limit = this.#limits[quota] ?? Number.POSITIVE_INFINITY;
    const uses = this.#current(quota, model);
    if (total(uses) + amount <= limit) return null;
    const retryMs =
      quota === "requestsPerDay"
        ? USELESS_RETRY_MS
        : roomAt(uses, amount, limit, this.#clock.now()) - this.#clock.now();
    return quotaRefusal(quota, model.quotaName, limit, retryMs);
  }

  #count(quota: CallQuota, model: Model, amount: number): void {
    const uses = [...this.#current(quota, model), { at: this.#clock.now(), amount }];
    this.#uses.set(`${quota} ${model.name}`, uses);
  }

  /** The uses that are still inside the window. */
  #current(quota: CallQuota, model: Model): readonly Use[] {
    const now = this.#clock.now();
    const counts =
      quota === "requestsPerDay"
        ? ({ at }: Use) => pacificDay(at) === pacificDay(now)
        : ({ at }: Use) => at > now - MINUTE_MS;
    return (this.#uses.get(`${quota} ${model.name}`) ?? []).filter(counts);
  }
}

const total = (uses: readonly Use[]): number => uses.reduce((sum, { amount }) => sum + amount, 0);

/** When the given amount will fit into the window; one minute from now if it never will. */
function roomAt(uses: readonly Use[], amount: number, limit: number, now: number): number {
  const enough = uses.find((_, at) => total(uses.slice(at + 1)) + amount <= limit);
  return (enough?.at ?? now) + MINUTE_MS;
}
