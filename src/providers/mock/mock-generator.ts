import { estimateTokens } from "../../chunking/tokens.ts";
import { DEFAULTS } from "../../config/keys.ts";
import type { PaidRoad } from "../../planning/budget.ts";
import type { Roads } from "../../planning/choose-roads.ts";
import { generationProfile } from "../../planning/generation-profile.ts";
import type { ProviderProfile } from "../../planning/provider-profile.ts";
import type { PlanItem } from "../../words/types.ts";
import { notOk } from "../../sending/given-up.ts";
import { SiteragError, toError } from "../../words/errors.ts";
import { readAnswerPrompt } from "../../generation/answer-prompt.ts";
import type {
  GeneratedText,
  GenerateOptions,
  GenerationClient,
  GenerationExecution,
  GenerationOptions,
  GenerationRequest,
  GenerationResult,
  GenerationResults,
  StreamEnd,
} from "../../generation/client.ts";
import { readContextPrompt } from "../../generation/context-prompt.ts";
import { extractAnswer } from "./extract-answer.ts";
import { generateContent, interrupted } from "../../generation/generate-content.ts";
import { promptTokens } from "../../generation/prompt-tokens.ts";
import { UsageTally } from "../../generation/usage-tally.ts";

export interface MockGeneratorOptions {
  /** Default `mock-generation`. */
  readonly model?: string;
  /**
   * What is written; what it throws is the failure of its request, and so is a text without words
   * (ANSWER_BLOCKED). Default: the stretch of a passage that answers best, or a sentence of context, or
   * the prompt's end.
   */
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

  async execute({ calls, jobs }: Roads, execution: GenerationExecution): Promise<void> {
    const { onUsage, requestsOf, settle, signal, spending } = execution;
    const tally = new UsageTally();
    const carryOut = async (items: readonly PlanItem[], road: PaidRoad): Promise<void> => {
      if (signal?.aborted === true) return;
      const sent: PlanItem[] = [];
      for (const item of items) {
        const refusal = spending?.take(item.tokens, road) ?? null;
        if (refusal === null) sent.push(item);
        else await settle([{ key: item.fingerprint, result: notOk(refusal) }]);
      }
      if (sent.length === 0) return;
      const requests = await requestsOf(sent);
      if (road === "batch") tally.addJob();
      else tally.send(false);
      const settled = requests.map((request, at) => {
        const result = this.#outcome(request);
        const input = promptTokens(request);
        const output = result.status === "ok" ? estimateTokens(result.text) : 0;
        tally.answered({ input, output }, road);
        spending?.correct(sent[at]?.tokens ?? input, { input, output }, road);
        return { key: sent[at]?.fingerprint ?? "", result };
      });
      await settle(settled);
    };
    try {
      for (const items of calls) await carryOut(items, "individual");
      for (const items of jobs) await carryOut(items, "batch");
    } finally {
      onUsage(tally.usageOfSet(FREE));
    }
  }

  generateContent(
    requests: readonly GenerationRequest[],
    options: GenerateOptions = {},
  ): Promise<GenerationResults> {
    const { batching } = DEFAULTS;
    return generateContent(requests, options, this, { model: this.model, batching });
  }

  async *generateContentStream(
    request: GenerationRequest,
    { signal }: GenerationOptions = {},
  ): AsyncGenerator<string, StreamEnd, undefined> {
    requireReader(signal);
    const tally = new UsageTally();
    tally.send(false);
    const { text, finish } = this.#write(request);
    for (const word of wordsOf(text)) {
      yield word;
      requireReader(signal);
    }
    tally.estimated(request, text);
    return { finish, usage: tally.usage(FREE) };
  }

  #outcome(request: GenerationRequest): GenerationResult {
    try {
      return { status: "ok", ...this.#write(request) };
    } catch (error) {
      return { status: "failed", error: toError(error) };
    }
  }

  #write(request: GenerationRequest): GeneratedText {
    this.requests.push(request);
    const whole = this.#answer(request);
    const { maxOutputTokens = Number.POSITIVE_INFINITY } = request;
    const text = beginningOf(whole, maxOutputTokens);
    if (text.trim() === "") throw new SiteragError("ANSWER_BLOCKED", "The mock has no answer.");
    return { text, finish: text === whole ? "complete" : "cut" };
  }
}

/** The longest beginning of a text that has no more than so many tokens. Not by words: some scripts have no spaces. */
function beginningOf(text: string, tokens: number): string {
  if (estimateTokens(text) <= tokens) return text;
  const characters = Array.from(text);
  const upTo = (length: number): string => characters.slice(0, length).join("");
  let [fits, tooLong] = [0, characters.length];
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (estimateTokens(upTo(middle)) <= tokens) fits = middle;
    else tooLong = middle;
  }
  return upTo(fits);
}

function requireReader(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw interrupted();
}

/** With the space before each, and that after the last. */
const wordsOf = (text: string): string[] => text.match(/\s*\S+(?:\s+$)?|^\s+$/gu) ?? [];

/** Characters of a prompt that is none of siterag's own. */
const ECHO_LENGTH = 80;

function defaultAnswer({ prompt }: GenerationRequest): string {
  const asked = readAnswerPrompt(prompt);
  if (asked !== null) return extractAnswer(asked);
  const passage = readContextPrompt(prompt);
  return passage === null ? prompt.slice(-ECHO_LENGTH) : `This is about ${passage.trail}.`;
}

const FREE = { usdPerMillionInputTokens: 0, usdPerMillionOutputTokens: 0 };
