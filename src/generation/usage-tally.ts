import { estimateTokens } from "../chunking/tokens.ts";
import type { GenerationRequest, GenerationUsage } from "./client.ts";

/** US dollars per million tokens; null: nobody knows. */
export interface GenerationPrices {
  readonly usdPerMillionInputTokens: number | null;
  readonly usdPerMillionOutputTokens: number | null;
}

/** What some calls have taken. */
export class UsageTally {
  #calls = 0;
  #jobs = 0;
  #retries = 0;
  #inputTokens = 0;
  #outputTokens = 0;

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
  answered({ input, output }: { readonly input: number; readonly output: number }): void {
    this.#inputTokens += input;
    this.#outputTokens += output;
  }

  /** Its answer was lost, or says nothing of tokens: what was read may have been billed. */
  estimated({ prompt, system = "" }: GenerationRequest, text = ""): void {
    this.#inputTokens += estimateTokens(prompt) + estimateTokens(system);
    this.#outputTokens += estimateTokens(text);
  }

  usage(prices: GenerationPrices): GenerationUsage {
    const tokens = { inputTokens: this.#inputTokens, outputTokens: this.#outputTokens };
    return {
      calls: this.#calls,
      jobs: this.#jobs,
      retries: this.#retries,
      ...tokens,
      costUsd: costOf(tokens, prices),
    };
  }
}

function costOf(
  tokens: Pick<GenerationUsage, "inputTokens" | "outputTokens">,
  { usdPerMillionInputTokens: input, usdPerMillionOutputTokens: output }: GenerationPrices,
): number | null {
  if (input === null || output === null) return null;
  return (tokens.inputTokens * input + tokens.outputTokens * output) / 1e6;
}
