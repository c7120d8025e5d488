import type { PaidRoad } from "../planning/budget.ts";
import { costOf, sumOfCosts } from "../planning/prices.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { PlanItem, Tokens, Usage } from "../words/plans.ts";
import type { Fingerprint } from "../words/types.ts";

const NONE: Tokens = { input: 0, output: 0 };

const sumOf = (one: Tokens, other: Tokens): Tokens => ({
  input: one.input + other.input,
  output: one.output + other.output,
});

/** A call that goes out. */
interface SentCall {
  /** Texts of the call that no call has held before. */
  readonly fresh: number;
  /** Texts of the call whose earlier answer was lost. */
  readonly repeated: number;
  readonly isRetry: boolean;
  /** Its texts were in a job that may have served them. */
  readonly wereInJob: boolean;
}

/** Counts what one run sends. */
export class UsageTally {
  #calls = { calls: 0, retries: 0, texts: 0, textsRepeated: 0 };
  #tokens: Readonly<Record<PaidRoad, Tokens>> = { individual: NONE, batch: NONE };
  #jobs = 0;
  /** Estimated tokens of the texts in jobs of this run; none where the rows will say them. */
  readonly #inJobs = new Map<Fingerprint, number>();
  #answered = 0;
  #latencyMs = 0;

  addCall({ fresh, repeated, isRetry, wereInJob }: SentCall): void {
    const { calls, retries, texts, textsRepeated } = this.#calls;
    this.#calls = {
      calls: calls + 1,
      retries: retries + (isRetry ? 1 : 0),
      texts: texts + (wereInJob ? 0 : fresh),
      textsRepeated: textsRepeated + repeated + (wereInJob ? fresh : 0),
    };
  }

  /** Tokens that were charged, or may have been: as the service counts them, else estimated. */
  addTokens(tokens: Tokens, road: PaidRoad): void {
    this.#tokens = { ...this.#tokens, [road]: sumOf(this.#tokens[road], tokens) };
  }

  addLatency(ms: number): void {
    this.#answered += 1;
    this.#latencyMs += ms;
  }

  /** A job was created, with these texts and the tokens that are counted for each. */
  addJob(items: readonly PlanItem[], tokens: readonly number[]): void {
    this.#jobs += 1;
    items.forEach(({ fingerprint }, at) => this.#inJobs.set(fingerprint, tokens[at] ?? 0));
  }

  /** The job of this run that held these texts has not served them: they are not charged. */
  takeBack(items: readonly PlanItem[]): void {
    for (const { fingerprint } of items) this.#inJobs.delete(fingerprint);
  }

  /** Of the answered calls, in milliseconds; null when none was answered. */
  get averageLatencyMs(): number | null {
    return this.#answered === 0 ? null : this.#latencyMs / this.#answered;
  }

  total({ individual, batch }: ProviderProfile, cacheHits = 0): Usage {
    const estimated = [...this.#inJobs.values()].reduce((sum, tokens) => sum + tokens, 0);
    const now = this.#tokens.individual;
    const later = sumOf(this.#tokens.batch, { input: estimated, output: 0 });
    const { input: inputTokens, output: outputTokens } = sumOf(now, later);
    return {
      ...this.#calls,
      jobs: this.#jobs,
      texts: this.#calls.texts + this.#inJobs.size,
      tokens: inputTokens + outputTokens,
      inputTokens,
      outputTokens,
      costUsd: sumOfCosts(costOf(now, individual), costOf(later, batch)),
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
