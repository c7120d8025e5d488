import { readAnswerPrompt } from "./answer-prompt.ts";
import type {
  GenerateOptions,
  GenerationClient,
  GenerationRequest,
  GenerationResults,
  GenerationUsage,
  StreamEnd,
} from "./client.ts";
import { readContextPrompt } from "./context-prompt.ts";
import { extractAnswer } from "./extract-answer.ts";
import { generationKey } from "./generation-key.ts";
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
  readonly #answer: (request: GenerationRequest) => string;

  constructor({ answer = defaultAnswer, model = "mock-generation" }: MockGeneratorOptions = {}) {
    this.model = model;
    this.#answer = answer;
  }

  requireReady(): void {}

  async generateContent(
    requests: readonly GenerationRequest[],
    { settle }: GenerateOptions = {},
  ): Promise<GenerationResults> {
    const texts = requests.map((request) => this.#write(request));
    const results = requests.map(({ tag }, at) => ({
      status: "ok" as const,
      text: texts[at] ?? "",
      finish: "complete" as const,
      ...(tag === undefined ? {} : { tag }),
    }));
    const keys = requests.map((request) => generationKey(this.model, request));
    await settle?.(results.map((result, at) => ({ key: keys[at] ?? "", result })));
    return {
      results,
      usage: usageOf(requests, texts),
    };
  }

  async *generateContentStream(
    request: GenerationRequest,
  ): AsyncGenerator<string, StreamEnd, undefined> {
    const text = this.#write(request);
    for (const [word] of text.matchAll(/\s*\S+/gu)) yield word;
    return { finish: "complete", usage: usageOf([request], [text]) };
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

function usageOf(
  requests: readonly GenerationRequest[],
  texts: readonly string[],
): GenerationUsage {
  const tally = new UsageTally();
  for (const [at, request] of requests.entries()) {
    tally.send(false);
    tally.estimated(request, texts[at]);
  }
  return tally.usage({ usdPerMillionInputTokens: 0, usdPerMillionOutputTokens: 0 });
}
