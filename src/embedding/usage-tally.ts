import { costOf } from "../planning/estimate.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { PlanItem, Usage } from "../types.ts";
import type { CallReport } from "./service.ts";

/** What has been sent in one run. */
export class UsageTally {
  #calls = { calls: 0, retries: 0, texts: 0, textsRepeated: 0, tokens: 0 };
  #jobs = { jobs: 0, texts: 0, tokens: 0 };

  addCalls({ calls, retries, texts, textsRepeated, tokens }: CallReport): void {
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

  addJob(items: readonly PlanItem[]): void {
    const tokens = items.reduce((sum, item) => sum + item.tokens, this.#jobs.tokens);
    this.#jobs = { jobs: this.#jobs.jobs + 1, texts: this.#jobs.texts + items.length, tokens };
  }

  total({ individual, batch }: ProviderProfile): Usage {
    const [calls, jobs] = [this.#calls, this.#jobs];
    const jobTokens = jobs.tokens + jobs.texts * (batch?.limits.tokensAroundText ?? 0);
    return {
      ...calls,
      jobs: jobs.jobs,
      texts: calls.texts + jobs.texts,
      tokens: calls.tokens + jobTokens,
      costUsd: costOf(calls.tokens, individual) + costOf(jobTokens, batch),
      cacheHits: 0,
    };
  }
}
