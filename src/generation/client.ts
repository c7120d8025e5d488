import type { Execution, Sender, SetOptions } from "../sending/client.ts";
import type { GenerationUsage, SettledItem, Usage } from "../words/plans.ts";
import type { Result } from "../words/types.ts";

/** One text to write. */
export interface GenerationRequest {
  /** The task, with everything that the model must read for it. */
  readonly prompt: string;
  /** The system instruction. */
  readonly system?: string;
  /** Default: the model's own. */
  readonly temperature?: number;
  /** An answer that reaches it is `cut`. Default: the model's own. */
  readonly maxOutputTokens?: number;
  /** The caller's name for the request; the result repeats it. */
  readonly tag?: string;
}

/** `cut`: the answer reached its token limit. */
export type Finish = "complete" | "cut";

/** What was written. */
export interface GeneratedText {
  readonly text: string;
  readonly finish: Finish;
}

/** The outcome of one request. Results keep number, order and tags of the requests. */
export type GenerationResult = Result<GeneratedText> & { readonly tag?: string };

export interface GenerationResults {
  readonly results: readonly GenerationResult[];
  readonly usage: Usage & { readonly durationMs: number };
}

/** How a streamed answer ended, and its usage. */
export interface StreamEnd {
  readonly finish: Finish;
  readonly usage: GenerationUsage;
}

export interface GenerationOptions {
  /** Ends the stream. */
  readonly signal?: AbortSignal | undefined;
}

/** How to send a set of requests. `onError` defaults to `collect`. */
export type GenerateOptions = SetOptions;

/** What a client needs to carry out a plan of prompts. Fingerprints come from `generationKey`. */
export type GenerationExecution = Execution<GenerationRequest, GeneratedText>;

/** A planned prompt with its outcome. */
export type SettledPrompt = SettledItem<GeneratedText>;

/** The port to everything that writes texts. */
export interface GenerationClient extends Sender<GenerationRequest, GeneratedText> {
  /** Name of the writing model; null when none is configured. */
  readonly model: string | null;
  /** Throws KEY_MISSING or CONFIG_INVALID when it cannot write. */
  requireReady(): void;
  /**
   * Sends few requests by calls and many as a batch job, by the thresholds for embedding; sends equal ones
   * once. Returns each failure as a result unless `onError` says otherwise; throws only when it can send
   * nothing.
   */
  generateContent(
    requests: readonly GenerationRequest[],
    options?: GenerateOptions,
  ): Promise<GenerationResults>;
  /**
   * Yields the text of one answer as it arrives and returns how it ended. Retries a failure before the
   * first piece and throws a later one. Ends the call when the reader stops.
   */
  generateContentStream(
    request: GenerationRequest,
    options?: GenerationOptions,
  ): AsyncGenerator<string, StreamEnd, undefined>;
}
