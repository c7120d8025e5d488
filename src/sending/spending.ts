import { SiteragError } from "../words/errors.ts";
import {
  limitReached,
  NOTHING_SPENT,
  passedLimit,
  spentOn,
  sumOfSpent,
  type Budget,
  type PaidRoad,
  type ReachedLimit,
  type Spent,
} from "../planning/budget.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { Tokens } from "../words/plans.ts";

interface SpendingOptions {
  readonly budget: Budget;
  readonly profile: ProviderProfile;
  /** What the run has sent already, or keeps for what it sends later. Default: nothing. */
  readonly before?: Spent;
  /** Tokens that the model writes for each text, estimated. Default 0. */
  readonly outputTokens?: number;
}

/**
 * Keeps a run under its budget. Each text is taken by its estimate before it is sent, so that calls and
 * jobs in progress never exceed the budget, whatever is lost and sent again. Only the length of an answer
 * is known too late: answers in progress may exceed the budget by that much.
 */
export class Spending {
  readonly #options: SpendingOptions;
  #spent: Spent = NOTHING_SPENT;
  #before: Spent;
  #reached: ReachedLimit | null = null;

  constructor(options: SpendingOptions) {
    this.#options = options;
    this.#before = options.before ?? NOTHING_SPENT;
  }

  /** What the run has sent, with what it sent before and what it keeps for later. */
  get inAll(): Spent {
    return sumOfSpent(this.#before, this.#spent);
  }

  /** Keeps so much more for what the run sends later. */
  reserve(more: Spent): void {
    this.#before = sumOfSpent(this.#before, more);
  }

  /** The limit that last held texts back; null: none has. */
  get reached(): ReachedLimit | null {
    return this.#reached;
  }

  /** What was sent so far, without what was spent before. */
  get spent(): Spent {
    return this.#spent;
  }

  /** Keeps so much less for later. */
  release({ requests, tokens, costUsd }: Spent): void {
    this.reserve({ requests: -requests, tokens: -tokens, costUsd: -costUsd });
  }

  /** Takes as many texts as fit, from the first on, and gives their number. */
  take(tokens: readonly number[], road: PaidRoad): number {
    for (const [at, input] of tokens.entries()) {
      const spent = this.#with(this.#estimated([input]), road, 1);
      const reached = passedLimit(sumOfSpent(this.#before, spent), this.#options.budget);
      if (reached !== null) {
        this.#reached = reached;
        return at;
      }
      this.#spent = spent;
    }
    return tokens.length;
  }

  /** Gives back texts that were taken but not sent, or that are certainly not charged. */
  giveBack(tokens: readonly number[], road: PaidRoad): void {
    const { input, output } = this.#estimated(tokens);
    this.#spent = this.#with({ input: -input, output: -output }, road, -tokens.length);
  }

  /** Replaces the estimate of texts that were taken by what the service counted. */
  correct(tokens: readonly number[], counted: Tokens, road: PaidRoad): void {
    const estimated = this.#estimated(tokens);
    const [input, output] = [counted.input - estimated.input, counted.output - estimated.output];
    this.#spent = this.#with({ input, output }, road, 0);
  }

  /** Why a text that did not fit has to wait. Throws a TypeError when every text fitted. */
  refusal(): SiteragError {
    if (this.#reached === null) throw new TypeError("No limit of the budget is reached.");
    return new SiteragError("BUDGET_REACHED", limitReached(this.#reached));
  }

  #with(tokens: Tokens, road: PaidRoad, requests: number): Spent {
    return sumOfSpent(this.#spent, spentOn(tokens, this.#options.profile[road], requests));
  }

  #estimated(tokens: readonly number[]): Tokens {
    const { outputTokens = 0 } = this.#options;
    const input = tokens.reduce((sum, more) => sum + more, 0);
    return { input, output: tokens.length * outputTokens };
  }
}

/** Whether a text was held back by the budget, which is no failure. */
export const isOverBudget = (error: Error | undefined): boolean =>
  error instanceof SiteragError && error.code === "BUDGET_REACHED";
