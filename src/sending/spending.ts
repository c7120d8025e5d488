import { SiteragError } from "../words/errors.ts";
import { limitReached, NOTHING_SPENT, passedLimit, spentWith } from "../planning/budget.ts";
import type { Budget, PaidRoad, ReachedLimit, Spent } from "../planning/budget.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";

/**
 * Keeps all that one run sends under its budget. What is sent is taken before, by its estimate: no
 * more can be under way at any instant than the budget holds, whatever is lost and sent again.
 */
export class Spending {
  readonly #budget: Budget;
  readonly #profile: ProviderProfile;
  #spent: Spent;
  #reached: ReachedLimit | null = null;

  /** `before`: what the run has sent already. */
  constructor(budget: Budget, profile: ProviderProfile, before: Spent = NOTHING_SPENT) {
    this.#spent = before;
    this.#budget = budget;
    this.#profile = profile;
  }

  /** The limit that has held texts back, the latest one; null: none has. */
  get reached(): ReachedLimit | null {
    return this.#reached;
  }

  /** Takes as many texts as fit, from the first on, and gives their number. */
  take(tokens: readonly number[], road: PaidRoad): number {
    for (const [at, more] of tokens.entries()) {
      const after = spentWith(this.#spent, { requests: 1, tokens: more, road });
      const reached = passedLimit(after, this.#budget, this.#profile);
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
    const less = { requests: -tokens.length, tokens: -sum(tokens), road };
    this.#spent = spentWith(this.#spent, less);
  }

  /** The service has counted so many tokens where the estimate was another. */
  correct(tokens: readonly number[], counted: number, road: PaidRoad): void {
    const more = { requests: 0, tokens: counted - sum(tokens), road };
    this.#spent = spentWith(this.#spent, more);
  }

  /** What becomes of a text that did not fit. Throws a TypeError when every one did. */
  refusal(): SiteragError {
    if (this.#reached === null) throw new TypeError("No limit of the budget is reached.");
    return new SiteragError("BUDGET_REACHED", limitReached(this.#reached));
  }
}

/** Whether a text was held back for the budget's sake, which is no failure. */
export const isOverBudget = (error: Error | undefined): boolean =>
  error instanceof SiteragError && error.code === "BUDGET_REACHED";

const sum = (tokens: readonly number[]): number => tokens.reduce((total, more) => total + more, 0);
