import type { PaidRoad } from "../planning/budget.ts";
import { costOf, sumOfCosts } from "../planning/prices.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { PlanItem, Tokens, Usage } from "../words/plans.ts";
import type { Fingerprint } from "../words/types.ts";

/** A call that is sent. */
interface SentCall {
  /** Texts of the call that no earlier call carried. */
  readonly fresh: number;
  /** Texts of the call whose earlier answer was lost. */
  readonly repeated: number;
  readonly isRetry: boolean;
  /** The texts were in a job that may have served them. */
  readonly wereInJob: boolean;
}

/** Counts what one run sends. */
export class UsageTally {
  readonly #calls = { calls: 0, retries: 0, texts: 0, textsRepeated: 0 };
  readonly #tokens = { individual: { input: 0, output: 0 }, batch: { input: 0, output: 0 } };
  #jobs = 0;
  /** Estimated tokens of the texts in this run's jobs; 0 where the rows will say them. */
  readonly #inJobs = new Map<Fingerprint, number>();
  #answered = 0;
  #latencyMs = 0;

  addCall({ fresh, repeated, isRetry, wereInJob }: SentCall): void {
    const calls = this.#calls;
    calls.calls += 1;
    calls.retries += isRetry ? 1 : 0;
    calls.texts += wereInJob ? 0 : fresh;
    calls.textsRepeated += repeated + (wereInJob ? fresh : 0);
  }

  /** Adds tokens that were charged, or may have been: as the service counts them, else estimated. */
  addTokens({ input, output }: Tokens, road: PaidRoad): void {
    this.#tokens[road].input += input;
    this.#tokens[road].output += output;
  }

  addLatency(ms: number): void {
    this.#answered += 1;
    this.#latencyMs += ms;
  }

  /** Adds a job that was created, with the tokens that count for each of its texts. */
  addJob(items: readonly PlanItem[], tokens: readonly number[]): void {
    this.#jobs += 1;
    items.forEach(({ fingerprint }, at) => this.#inJobs.set(fingerprint, tokens[at] ?? 0));
  }

  /** A job of this run did not serve these texts: they are not charged. */
  takeBack(items: readonly PlanItem[]): void {
    for (const { fingerprint } of items) this.#inJobs.delete(fingerprint);
  }

  /** Mean latency of the answered calls; null when no call was answered. */
  get averageLatencyMs(): number | null {
    return this.#answered === 0 ? null : this.#latencyMs / this.#answered;
  }

  total({ individual, batch }: ProviderProfile, cacheHits = 0): Usage {
    const estimated = [...this.#inJobs.values()].reduce((sum, tokens) => sum + tokens, 0);
    const inCalls = this.#tokens.individual;
    const inJobs = { ...this.#tokens.batch, input: this.#tokens.batch.input + estimated };
    const inputTokens = inCalls.input + inJobs.input;
    const outputTokens = inCalls.output + inJobs.output;
    return {
      ...this.#calls,
      jobs: this.#jobs,
      texts: this.#calls.texts + this.#inJobs.size,
      tokens: inputTokens + outputTokens,
      inputTokens,
      outputTokens,
      costUsd: sumOfCosts(costOf(inCalls, individual), costOf(inJobs, batch)),
      cacheHits,
    };
  }
}

export const NO_USAGE: Usage = {
  calls: 0,
  jobs: 0,
  texts: 0,
  textsRepeated: 0,
  retries: 0,
  tokens: 0,
  inputTokens: 0,
  outputTokens: 0,
  costUsd: 0,
  cacheHits: 0,
};

/** Two usages as one. */
export const sumOfUsage = (one: Usage, other: Usage): Usage => ({
  calls: one.calls + other.calls,
  jobs: one.jobs + other.jobs,
  texts: one.texts + other.texts,
  textsRepeated: one.textsRepeated + other.textsRepeated,
  retries: one.retries + other.retries,
  tokens: one.tokens + other.tokens,
  inputTokens: one.inputTokens + other.inputTokens,
  outputTokens: one.outputTokens + other.outputTokens,
  costUsd: sumOfCosts(one.costUsd, other.costUsd),
  cacheHits: one.cacheHits + other.cacheHits,
});
