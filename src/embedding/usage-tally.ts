import { costOf, rounded } from "../planning/estimate.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { Usage } from "../types.ts";
import type { CallReport } from "./service.ts";

/** What has been sent in one run. */
export class UsageTally {
  readonly #latenciesMs: number[] = [];
  #calls = { calls: 0, retries: 0, texts: 0, textsRepeated: 0, tokens: 0 };
  #jobs = { jobs: 0, texts: 0, tokens: 0 };

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

  /** A job was created, with so many texts and estimated tokens. */
  addJob(texts: number, tokens: number): void {
    const before = this.#jobs;
    this.#jobs = {
      jobs: before.jobs + 1,
      texts: before.texts + texts,
      tokens: before.tokens + tokens,
    };
  }

  /** Of the answered calls, in milliseconds; null when none was answered. */
  get averageLatencyMs(): number | null {
    const { length } = this.#latenciesMs;
    return length === 0 ? null : this.#latenciesMs.reduce((sum, ms) => sum + ms, 0) / length;
  }

  total({ individual, batch }: ProviderProfile): Usage {
    const [calls, jobs] = [this.#calls, this.#jobs];
    return {
      ...calls,
      jobs: jobs.jobs,
      texts: calls.texts + jobs.texts,
      tokens: calls.tokens + jobs.tokens,
      costUsd: rounded(costOf(calls.tokens, individual) + costOf(jobs.tokens, batch)),
      cacheHits: 0,
    };
  }
}
