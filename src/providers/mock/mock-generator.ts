import { estimateTokens } from "../../chunking/tokens.ts";
import { defaults } from "../../config/keys.ts";
import { readAnswerPrompt } from "../../generation/answer-prompt.ts";
import { BaseGenerator } from "../../generation/base-generator.ts";
import type { Finish, GeneratedText, GenerationRequest } from "../../generation/client.ts";
import { cutToTokens, readContextPrompt } from "../../generation/context-prompt.ts";
import { promptTokens } from "../../generation/prompt-requests.ts";
import type { BegunAnswer } from "../../generation/stream-answer.ts";
import type { BatchingOptions } from "../../planning/choose-roads.ts";
import { generationProfile } from "../../planning/generation-profile.ts";
import type { ProviderProfile } from "../../planning/provider-profile.ts";
import { Engine } from "../../sending/engine.ts";
import type { JobRow, Provider } from "../../sending/provider.ts";
import { SiteragError, toError } from "../../words/errors.ts";
import { systemClock } from "../../words/system-clock.ts";
import type { Tokens } from "../../words/plans.ts";
import type { Clock } from "../../words/types.ts";
import { extractAnswer } from "./extract-answer.ts";
import { MockJobs } from "./mock-jobs.ts";
import { sendingHere } from "../sending-here.ts";

export interface MockGeneratorOptions {
  /** Default `mock-generation`. */
  readonly model?: string;
  /**
   * Writes the answer. What it throws fails the request; a blank text fails it with ANSWER_BLOCKED.
   * Default: quotes the best passage, writes a sentence of context, or echoes the end of the prompt.
   */
  readonly answer?: (request: GenerationRequest) => string;
  /** How it plans. Default: the configuration's defaults. */
  readonly batching?: Partial<BatchingOptions>;
  /** Default: the machine's own time. */
  readonly clock?: Clock;
}

/** Writes without key or network; its answers depend on the prompt alone. */
export class MockGenerator extends BaseGenerator {
  /** The requests so far, in order. */
  readonly requests: GenerationRequest[] = [];
  readonly model: string;
  readonly profile: ProviderProfile = generationProfile("tier1", FREE);
  protected readonly engine: Engine<GenerationRequest, GeneratedText>;
  readonly #answer: (request: GenerationRequest) => string;

  constructor(options: MockGeneratorOptions = {}) {
    const { answer = defaultAnswer, clock = systemClock, model = "mock-generation" } = options;
    const batching = { ...defaults().batching, ...options.batching };
    super("mock", model, batching, clock);
    this.model = model;
    this.#answer = answer;
    this.engine = new Engine({
      ...sendingHere(),
      provider: this.#provider(clock),
      client: this,
      contents: "prompt",
      maxParallel: batching.maxParallelIndividual,
      textsPerCall: 1,
      pollMs: 1,
      clock,
    });
  }

  requireReady(): void {}

  protected async begin(request: GenerationRequest, signal: AbortSignal): Promise<BegunAnswer> {
    const { text, finish } = this.#write(request);
    async function* texts(): AsyncGenerator<string, Finish, undefined> {
      for (const word of wordsOf(text)) {
        yield word;
        signal.throwIfAborted();
      }
      return finish;
    }
    return { texts: texts(), tokens: () => tokensOf(request, text) };
  }

  #provider(clock: Clock): Provider<GenerationRequest, GeneratedText> {
    const jobs = new MockJobs<GeneratedText>(clock, 0);
    return {
      check: () => undefined,
      call: async ({ inputs }) => {
        const outputs = inputs.map((request) => this.#write(request));
        const [request = { prompt: "" }] = inputs;
        return { outputs, tokens: tokensOf(request, outputs[0]?.text ?? "") };
      },
      jobs: jobs.service({
        countedWhen: "read",
        tokensOf: promptTokens,
        create: ({ displayName, texts }) => {
          const rows = texts.map(({ key, input }) => this.#row(key, input));
          return jobs.create(displayName, rows, "SUCCEEDED");
        },
      }),
    };
  }

  /** A request that fails in a call fails in a job too; nothing sends it again. */
  #row(key: string, request: GenerationRequest): JobRow<GeneratedText> {
    try {
      const output = this.#write(request);
      return { key, output, tokens: tokensOf(request, output.text) };
    } catch (error) {
      return { key, error: toError(error), tokens: tokensOf(request, ""), isFinal: true };
    }
  }

  #write(request: GenerationRequest): GeneratedText {
    this.requests.push(request);
    const whole = this.#answer(request);
    const { maxOutputTokens = Number.POSITIVE_INFINITY } = request;
    const text = cutToTokens(whole, maxOutputTokens);
    if (text.trim() === "") throw new SiteragError("ANSWER_BLOCKED", "The mock wrote no text.");
    return { text, finish: text === whole ? "complete" : "cut" };
  }
}

/** Each word with the space before it, the last one also with the space after it. */
const wordsOf = (text: string): string[] => text.match(/\s*\S+(?:\s+$)?|^\s+$/gu) ?? [];

/** Characters that it echoes of a prompt that siterag did not write. */
const ECHO_LENGTH = 80;

function defaultAnswer({ prompt }: GenerationRequest): string {
  const asked = readAnswerPrompt(prompt);
  if (asked !== null) return extractAnswer(asked.question, asked.passages);
  const passage = readContextPrompt(prompt);
  return passage === null ? prompt.slice(-ECHO_LENGTH) : `This is about ${passage.trail}.`;
}

const tokensOf = (request: GenerationRequest, text: string): Tokens => ({
  input: promptTokens(request),
  output: estimateTokens(text),
});

const FREE = { usdPerMillionInputTokens: 0, usdPerMillionOutputTokens: 0 };
