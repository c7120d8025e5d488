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
  /** Prices of whoever is asked. */
  readonly profile: ProviderProfile;
  /** What the run has sent already, or keeps for what it sends later. Default: nothing. */
  readonly before?: Spent;
  /** Tokens that the model writes for each text, about. Default 0. */
  readonly outputTokens?: number;
}

/**
 * Keeps all that one run sends under its budget. A text is taken before it is sent, by its estimate: no
 * more can be under way at any instant than the budget holds, whatever is lost and sent again. How long an
 * answer becomes is known when it is there: answers under way may pass the budget by that much.
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

  /** The limit that has held texts back, the latest one; null: none has. */
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
    const { budget } = this.#options;
    for (const [at, input] of tokens.entries()) {
      const after = sumOfSpent(this.#spent, this.#spentOn(this.#estimated([input]), road, 1));
      const reached = passedLimit(sumOfSpent(this.#before, after), budget);
      if (reached !== null) {
        this.#reached = reached;
        return at;
      }
      this.#spent = after;
    }
    return tokens.length;
  }

  /** Texts that were taken have not been sent, or it is certain that they are not charged. */
  giveBack(tokens: readonly number[], road: PaidRoad): void {
    const { input, output } = this.#estimated(tokens);
    this.#add({ input: -input, output: -output }, road, -tokens.length);
  }

  /** The service has counted so many tokens where the estimate was another. */
  correct(tokens: readonly number[], counted: Tokens, road: PaidRoad): void {
    const estimated = this.#estimated(tokens);
    const [input, output] = [counted.input - estimated.input, counted.output - estimated.output];
    this.#add({ input, output }, road, 0);
  }

  /** Why a text that did not fit has to wait. Throws a TypeError when every one did fit. */
  refusal(): SiteragError {
    if (this.#reached === null) throw new TypeError("No limit of the budget is reached.");
    return new SiteragError("BUDGET_REACHED", limitReached(this.#reached));
  }

  #add(tokens: Tokens, road: PaidRoad, requests: number): void {
    this.#spent = sumOfSpent(this.#spent, this.#spentOn(tokens, road, requests));
  }

  #spentOn(tokens: Tokens, road: PaidRoad, requests: number): Spent {
    return spentOn(tokens, this.#options.profile[road], requests);
  }

  #estimated(tokens: readonly number[]): Tokens {
    const { outputTokens = 0 } = this.#options;
    const input = tokens.reduce((sum, more) => sum + more, 0);
    return { input, output: tokens.length * outputTokens };
  }
}

/** Whether a text was held back for the budget's sake, which is no failure. */
export const isOverBudget = (error: Error | undefined): boolean =>
  error instanceof SiteragError && error.code === "BUDGET_REACHED";
