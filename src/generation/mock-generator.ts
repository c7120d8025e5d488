import { estimateTokens } from "../chunking/tokens.ts";
import { configSchema } from "../config/schema.ts";
import type { PaidRoad } from "../planning/budget.ts";
import type { Roads } from "../planning/choose-roads.ts";
import { generationProfile } from "../planning/generation-profile.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { PlanItem } from "../types.ts";
import { readAnswerPrompt } from "./answer-prompt.ts";
import type {
  GenerateOptions,
  GenerationClient,
  GenerationExecution,
  GenerationRequest,
  GenerationResults,
  StreamEnd,
} from "./client.ts";
import { readContextPrompt } from "./context-prompt.ts";
import { extractAnswer } from "./extract-answer.ts";
import { generateContent } from "./generate-content.ts";
import { promptTokens } from "./prompt-tokens.ts";
import { UsageTally } from "./usage-tally.ts";

export interface MockGeneratorOptions {
  /** Default `mock-generation`. */
  readonly model?: string;
  /** What is written. Default: the stretch of a passage that answers best, or a sentence of context, or the prompt's end. */
  readonly answer?: (request: GenerationRequest) => string;
}

/** A generator without key or network, whose answers depend on nothing but the prompt. */
export class MockGenerator implements GenerationClient {
  /** The requests so far, in their order. */
  readonly requests: GenerationRequest[] = [];
  readonly model: string;
  readonly profile: ProviderProfile = generationProfile("tier1");
  readonly #answer: (request: GenerationRequest) => string;

  constructor({ answer = defaultAnswer, model = "mock-generation" }: MockGeneratorOptions = {}) {
    this.model = model;
    this.#answer = answer;
  }

  requireReady(): void {}

  async execute(
    { calls, jobs }: Roads,
    { onUsage, requestsOf, settle, signal }: GenerationExecution,
  ): Promise<void> {
    const tally = new UsageTally();
    const write = async (items: readonly PlanItem[], road: PaidRoad): Promise<void> => {
      const requests = await requestsOf(items);
      const settled = requests.map((request, at) => {
        const text = this.#write(request);
        tally.answered({ input: promptTokens(request), output: estimateTokens(text) }, road);
        const result = { status: "ok", text, finish: "complete" } as const;
        return { key: items[at]?.fingerprint ?? "", result };
      });
      await settle(settled);
    };
    try {
      for (const items of calls) {
        if (signal?.aborted === true) return;
        tally.send(false);
        await write(items, "individual");
      }
      for (const items of jobs) {
        if (signal?.aborted === true) return;
        tally.addJob();
        await write(items, "batch");
      }
    } finally {
      onUsage(tally.usageOfSet(FREE));
    }
  }

  generateContent(
    requests: readonly GenerationRequest[],
    options: GenerateOptions = {},
  ): Promise<GenerationResults> {
    const { batching } = configSchema.parse({});
    return generateContent(requests, options, this, { model: this.model, batching });
  }

  async *generateContentStream(
    request: GenerationRequest,
  ): AsyncGenerator<string, StreamEnd, undefined> {
    const text = this.#write(request);
    const tally = new UsageTally();
    tally.send(false);
    tally.estimated(request, text);
    for (const [word] of text.matchAll(/\s*\S+/gu)) yield word;
    return { finish: "complete", usage: tally.usage(FREE) };
  }

  #write(request: GenerationRequest): string {
    this.requests.push(request);
    return this.#answer(request);
  }
}

/** Characters of a prompt that is none of siterag's own. */
const ECHO_LENGTH = 80;

function defaultAnswer({ prompt }: GenerationRequest): string {
  const asked = readAnswerPrompt(prompt);
  if (asked !== null) return extractAnswer(asked);
  const passage = readContextPrompt(prompt);
  return passage === null ? prompt.slice(-ECHO_LENGTH) : `This is about ${passage.trail}.`;
}

const FREE = { usdPerMillionInputTokens: 0, usdPerMillionOutputTokens: 0 };
