import { estimateTokens } from "../chunking/tokens.ts";
import type { PaidRoad } from "../planning/budget.ts";
import { rounded } from "../planning/estimate.ts";
import { costOfWriting } from "../planning/generation-cost.ts";
import type { GenerationPrices, GenerationTokens } from "../planning/generation-cost.ts";
import type { GenerationUsage, SetUsage } from "../words/types.ts";
import type { GenerationRequest } from "./client.ts";
import { promptTokens } from "./prompt-tokens.ts";

export const NO_USAGE: SetUsage = {
  calls: 0,
  jobs: 0,
  retries: 0,
  inputTokens: 0,
  outputTokens: 0,
  costUsd: 0,
  costAboveAlwaysBatchUsd: 0,
};

/** Two usages as one. */
export const sumOfUsage = (one: SetUsage, other: SetUsage): SetUsage => ({
  calls: one.calls + other.calls,
  jobs: one.jobs + other.jobs,
  retries: one.retries + other.retries,
  inputTokens: one.inputTokens + other.inputTokens,
  outputTokens: one.outputTokens + other.outputTokens,
  costUsd: sumOf(one.costUsd, other.costUsd),
  costAboveAlwaysBatchUsd: sumOf(one.costAboveAlwaysBatchUsd, other.costAboveAlwaysBatchUsd),
});

/** What is not known makes no sum that is. */
const sumOf = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? null : rounded(one + other);

const NONE: GenerationTokens = { input: 0, output: 0 };

/** What some calls and jobs have taken. */
export class UsageTally {
  #calls = 0;
  #jobs = 0;
  #retries = 0;
  #tokens: Readonly<Record<PaidRoad, GenerationTokens>> = { individual: NONE, batch: NONE };

  /** A call goes out, the first for its request or another try. */
  send(isRetry: boolean): void {
    this.#calls += 1;
    if (isRetry) this.#retries += 1;
  }

  /** A batch job was created. */
  addJob(): void {
    this.#jobs += 1;
  }

  /** The service counted so many tokens. */
  answered({ input, output }: GenerationTokens, road: PaidRoad = "individual"): void {
    const before = this.#tokens[road];
    const after = { input: before.input + input, output: before.output + output };
    this.#tokens = { ...this.#tokens, [road]: after };
  }

  /** The answer to a call was lost, or says nothing of tokens: what was read may have been billed. */
  estimated(request: GenerationRequest, text = ""): void {
    this.answered({ input: promptTokens(request), output: estimateTokens(text) });
  }

  usage(prices: GenerationPrices): GenerationUsage {
    const { individual, batch } = this.#tokens;
    return {
      calls: this.#calls,
      jobs: this.#jobs,
      retries: this.#retries,
      inputTokens: individual.input + batch.input,
      outputTokens: individual.output + batch.output,
      costUsd: sumOf(
        costOfWriting(individual, prices, "individual"),
        costOfWriting(batch, prices, "batch"),
      ),
    };
  }

  /** The same of a set, beside jobs alone. */
  usageOfSet(prices: GenerationPrices): SetUsage {
    const { individual } = this.#tokens;
    const asCalls = costOfWriting(individual, prices, "individual");
    const asJobs = costOfWriting(individual, prices, "batch");
    const above = asCalls === null || asJobs === null ? null : rounded(asCalls - asJobs);
    return { ...this.usage(prices), costAboveAlwaysBatchUsd: above };
  }
}
