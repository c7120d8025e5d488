import { CallFailure } from "../../sending/call-failure.ts";
import { SiteragError } from "../../words/errors.ts";
import { CallGate } from "../../sending/call-gate.ts";
import { RateLimit } from "../../sending/rate-limit.ts";
import { RETRY_POLICY, withRetries } from "../../sending/retry.ts";
import type { GeneratedText, GenerationRequest } from "../../generation/client.ts";
import { promptTokens } from "../../generation/prompt-tokens.ts";
import type { WritingSpending } from "../../generation/writing-spending.ts";
import type { UsageTally } from "../../generation/usage-tally.ts";
import type { Clock } from "../../words/types.ts";
import { AnswerStream } from "./answer-stream.ts";
import type { GeminiApi } from "./gemini-api.ts";
import { malformed } from "./gemini-failure.ts";
import { finishOf, readPiece } from "./generate-answer.ts";
import type { Piece } from "./generate-answer.ts";
import { timedCall } from "./timed-call.ts";

export interface GenerationCallsOptions {
  readonly api: GeminiApi;
  readonly apiKey: string;
  readonly clock: Clock;
  /** Chance for the jitter of retries, from 0 up to 1. */
  readonly random: () => number;
  /** Calls under way at once. */
  readonly maxParallel: number;
}

/** One request, and what all tries for it share. */
export interface RequestRun {
  readonly model: string;
  readonly request: GenerationRequest;
  readonly signal: AbortSignal;
  readonly tally: UsageTally;
  readonly spending?: WritingSpending | undefined;
}

/** A streamed answer that has begun. Close it when it is read, or left. */
export interface BegunAnswer {
  readonly stream: AnswerStream;
  readonly first: Piece;
}

/** Longest time for a whole answer: a model may think before it writes. */
const ANSWER_TIMEOUT_MS = 120_000;
/** Longest silence of a streamed answer; somebody is looking at it. */
const SILENCE_MS = 60_000;

/** Calls that write, retried, few at once and fewer when the service complains. */
export class GenerationCalls {
  readonly #options: GenerationCallsOptions;
  readonly #gate: CallGate;
  readonly #rate: RateLimit;

  constructor(options: GenerationCallsOptions) {
    this.#options = options;
    const { clock, maxParallel } = options;
    this.#gate = new CallGate({ most: maxParallel, maxQueued: Number.POSITIVE_INFINITY, clock });
    // The limits of models that write are not published: the service says when to wait.
    const none = Number.POSITIVE_INFINITY;
    this.#rate = new RateLimit({ requestsPerMinute: none, tokensPerMinute: none }, clock);
  }

  /** A whole answer. Throws CallFailure, and the signal's reason. */
  answer(run: RequestRun): Promise<GeneratedText> {
    const { api, apiKey, clock } = this.#options;
    const { model, request } = run;
    const call = async (end: AbortSignal): Promise<Piece> =>
      readPiece(await api.generate({ model, request, signal: end }));
    return this.#retried(run, async () => {
      // No signal: what is under way is paid for, and is brought home.
      const bounds = { clock, apiKey, timeoutMs: ANSWER_TIMEOUT_MS };
      const answer = await timedCall(call, bounds);
      countAnswer(run, answer);
      return { text: answer.text, finish: finishOf(answer) };
    });
  }

  /** The beginning of a streamed answer; no later piece is retried. Throws the same. */
  begin(run: RequestRun): Promise<BegunAnswer> {
    const { api, apiKey, clock } = this.#options;
    const { model, request, signal } = run;
    return this.#retried(run, async () => {
      const call = { model, request };
      const stream = new AnswerStream({ api, apiKey, clock, call, signal, silenceMs: SILENCE_MS });
      try {
        const first = await stream.next();
        if (first === null) throw malformed("is empty");
        return { stream, first };
      } catch (cause) {
        stream.close();
        throw cause;
      }
    });
  }

  #retried<Value>(run: RequestRun, attempt: () => Promise<Value>): Promise<Value> {
    const { clock, random } = this.#options;
    return withRetries((failed) => this.#try(run, failed !== null, attempt), {
      policy: RETRY_POLICY,
      clock,
      random,
      signal: run.signal,
      onFailure: ({ retryAfterMs }) => {
        if (retryAfterMs !== null) this.#rate.pause(retryAfterMs);
      },
    });
  }

  /** One try, as soon as gate and pauses let it through. */
  async #try<Value>(
    { request, signal, spending, tally }: RequestRun,
    isRetry: boolean,
    attempt: () => Promise<Value>,
  ): Promise<Value> {
    await this.#options.api.open();
    const work = async (): Promise<Value> => {
      const release = await this.#rate.reserve({ requests: 1, tokens: 0 }, signal);
      const { halvings } = this.#gate;
      const refusal = spending?.take(promptTokens(request), "individual") ?? null;
      if (refusal !== null) {
        release();
        throw new CallFailure(refusal, "fail");
      }
      tally.send(isRetry);
      try {
        const value = await attempt();
        this.#gate.speedUp();
        return value;
      } catch (cause) {
        const failure = cause instanceof CallFailure ? cause : null;
        if (failure?.error.code === "RATE_LIMITED") this.#gate.slowDown(halvings);
        if (failure?.isLost !== false) tally.estimated(request);
        else if (!isAnswered(failure)) spending?.giveBack(promptTokens(request), "individual");
        throw cause;
      } finally {
        release();
      }
    };
    return this.#gate.run(work, signal);
  }
}

/** Counts what an answer took: as the service says, else estimated. */
export function countAnswer(
  { request, spending, tally }: RequestRun,
  { text, tokens }: Piece,
): void {
  if (tokens === null) tally.estimated(request, text);
  else {
    tally.answered(tokens);
    spending?.correct(promptTokens(request), tokens, "individual");
  }
}

/** An answer that cannot be used is charged all the same. */
const isAnswered = ({ error }: CallFailure): boolean =>
  error.code === "ANSWER_BLOCKED" || error.code === "ANSWER_MALFORMED";

/** A failure in the words of generation: the setting that names the model is another one. */
export const withSetting = (error: Error): Error =>
  error instanceof SiteragError && error.code === "MODEL_UNAVAILABLE"
    ? new SiteragError(
        "MODEL_UNAVAILABLE",
        "The Gemini API answered 404: it has no model of this name that writes texts. Check generation.model.",
        { cause: error },
      )
    : error;
