import { readAnswerPrompt } from "./answer-prompt.ts";
import type {
  GenerationClient,
  GenerationRequest,
  GenerationResults,
  GenerationUsage,
  StreamEnd,
} from "./client.ts";
import { extractAnswer } from "./extract-answer.ts";
import { UsageTally } from "./usage-tally.ts";

export interface MockGeneratorOptions {
  /** What is written. Default: the stretch of a passage that answers best; else the prompt's end. */
  readonly answer?: (request: GenerationRequest) => string;
}

/** A generator without key or network, whose answers depend on nothing but the prompt. */
export class MockGenerator implements GenerationClient {
  /** The requests so far, in their order. */
  readonly requests: GenerationRequest[] = [];
  readonly #answer: (request: GenerationRequest) => string;

  constructor({ answer = defaultAnswer }: MockGeneratorOptions = {}) {
    this.#answer = answer;
  }

  requireReady(): void {}

  async generateContent(requests: readonly GenerationRequest[]): Promise<GenerationResults> {
    const texts = requests.map((request) => this.#write(request));
    return {
      results: requests.map(({ tag }, at) => ({
        status: "ok",
        text: texts[at] ?? "",
        finish: "complete",
        ...(tag === undefined ? {} : { tag }),
      })),
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
  return asked === null ? prompt.slice(-ECHO_LENGTH) : extractAnswer(asked);
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
