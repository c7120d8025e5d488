import { SiteragError } from "../words/errors.ts";
import { limitReached, passedLimit } from "../planning/budget.ts";
import type { Budget, PaidRoad, ReachedLimit, Spent } from "../planning/budget.ts";
import type { GenerationTokens } from "../planning/generation-cost.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import { withWriting } from "../planning/sentence-budget.ts";
import type { SentenceCosts } from "../planning/sentence-budget.ts";

interface WritingLimits {
  readonly budget: Budget;
  /** What the run has sent, and what the rest of it is going to send. */
  readonly reserved: Spent;
  readonly costs: SentenceCosts;
  /** Of whoever embeds the texts. */
  readonly embedder: ProviderProfile;
}

/**
 * Keeps what one run has written under its budget, repetitions included. How long an answer becomes is
 * known when it is there: what is under way then, or in a job, may pass the budget by that much.
 */
export class WritingSpending {
  readonly #limits: WritingLimits;
  #spent: Spent;
  #reached: ReachedLimit | null = null;

  constructor(limits: WritingLimits) {
    this.#limits = limits;
    this.#spent = limits.reserved;
  }

  /** The limit that has kept a prompt back; null: none was kept back. */
  get reached(): ReachedLimit | null {
    return this.#reached;
  }

  /** Takes a prompt of so many tokens and its answer, by the estimate; gives why it has to wait, or null. */
  take(input: number, road: PaidRoad): SiteragError | null {
    const { budget, costs, embedder } = this.#limits;
    const after = withWriting(this.#spent, this.#estimated(input), { road, requests: 1, ...costs });
    const reached = passedLimit(after, budget, embedder);
    if (reached === null) {
      this.#spent = after;
      return null;
    }
    this.#reached ??= reached;
    return new SiteragError("BUDGET_REACHED", limitReached(reached));
  }

  /** It was not sent, or it is certain that it is not charged. */
  giveBack(input: number, road: PaidRoad): void {
    const { costs } = this.#limits;
    const { output } = this.#estimated(input);
    const less = { input: -input, output: -output };
    this.#spent = withWriting(this.#spent, less, { road, requests: -1, ...costs });
  }

  /** The service has counted so many tokens. */
  correct(input: number, counted: GenerationTokens, road: PaidRoad): void {
    const { costs } = this.#limits;
    const estimated = this.#estimated(input);
    const more = {
      input: counted.input - estimated.input,
      output: counted.output - estimated.output,
    };
    this.#spent = withWriting(this.#spent, more, { road, requests: 0, ...costs });
  }

  #estimated(input: number): GenerationTokens {
    return { input, output: this.#limits.costs.outputTokens };
  }
}
