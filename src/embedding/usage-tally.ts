import { costOf, rounded } from "../planning/estimate.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { Fingerprint, PlanItem, Usage } from "../words/types.ts";
import type { CallReport } from "../sending/service.ts";

/** What has been sent in one run. */
export class UsageTally {
  readonly #latenciesMs: number[] = [];
  #calls = { calls: 0, retries: 0, texts: 0, textsRepeated: 0, tokens: 0 };
  #jobsMade = 0;
  /** Estimated tokens of the texts in jobs of this run. */
  readonly #inJobs = new Map<Fingerprint, number>();

  addCalls({ calls, retries, texts, textsRepeated, tokens, latenciesMs }: CallReport): void {
    this.#latenciesMs.push(...latenciesMs);
    const before = this.#calls;
    this.#calls = {
      calls: before.calls + calls,
      retries: before.retries + retries,
      texts: before.texts + texts,
      textsRepeated: before.textsRepeated + textsRepeated,
      tokens: before.tokens + tokens,
    };
  }

  /** Calls for texts that were in a job before. */
  addRepeated({ texts, textsRepeated, ...report }: CallReport): void {
    this.addCalls({ ...report, texts: 0, textsRepeated: textsRepeated + texts });
  }

  /** A job was created, with these texts and the estimated tokens of each. */
  addJob(items: readonly PlanItem[], tokens: readonly number[]): void {
    this.#jobsMade += 1;
    items.forEach(({ fingerprint }, at) => this.#inJobs.set(fingerprint, tokens[at] ?? 0));
  }

  /**
   * The job of this run that they were in has not served these texts: they are not charged. Gives the
   * tokens that were counted of each.
   */
  takeBack(items: readonly PlanItem[]): readonly number[] {
    return items.flatMap(({ fingerprint }) => {
      const tokens = this.#inJobs.get(fingerprint);
      this.#inJobs.delete(fingerprint);
      return tokens ?? [];
    });
  }

  /** Of the answered calls, in milliseconds; null when none was answered. */
  get averageLatencyMs(): number | null {
    const { length } = this.#latenciesMs;
    return length === 0 ? null : this.#latenciesMs.reduce((sum, ms) => sum + ms, 0) / length;
  }

  total({ individual, batch }: ProviderProfile): Usage {
    const calls = this.#calls;
    const jobTokens = [...this.#inJobs.values()].reduce((sum, tokens) => sum + tokens, 0);
    return {
      ...calls,
      jobs: this.#jobsMade,
      texts: calls.texts + this.#inJobs.size,
      tokens: calls.tokens + jobTokens,
      costUsd: rounded(costOf(calls.tokens, individual) + costOf(jobTokens, batch)),
      cacheHits: 0,
    };
  }
}
