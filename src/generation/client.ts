import type { Execution, Sender, SetOptions } from "../sending/client.ts";
import type { GenerationUsage, SettledItem, Usage } from "../words/plans.ts";
import type { Result } from "../words/types.ts";

/** One text to write. */
export interface GenerationRequest {
  /** What is asked, with all that is to be read for it. */
  readonly prompt: string;
  /** How to go about it: the system instruction. */
  readonly system?: string;
  /** Default: the model's own. */
  readonly temperature?: number;
  /** An answer that reaches it is `cut`. Default: the model's own. */
  readonly maxOutputTokens?: number;
  /** The caller's own name for the request; comes back in the result. */
  readonly tag?: string;
}

/** `cut`: the answer ends where no more tokens were allowed. */
export type Finish = "complete" | "cut";

/** What was written. */
export interface GeneratedText {
  readonly text: string;
  readonly finish: Finish;
}

/** The outcome of one request. Results keep number and order of the requests, and their tags. */
export type GenerationResult = Result<GeneratedText> & { readonly tag?: string };

export interface GenerationResults {
  readonly results: readonly GenerationResult[];
  readonly usage: Usage & { readonly durationMs: number };
}

/** What is known of a streamed answer when it has ended. */
export interface StreamEnd {
  readonly finish: Finish;
  readonly usage: GenerationUsage;
}

export interface GenerationOptions {
  /** Aborted: the stream ends. */
  readonly signal?: AbortSignal | undefined;
}

/** How a set of requests is carried out. `collect` is the default of `onError`. */
export type GenerateOptions = SetOptions;

/** What a plan of requests needs to be carried out. Fingerprints are as `generationKey` gives them. */
export type GenerationExecution = Execution<GenerationRequest, GeneratedText>;

/** A prompt of a plan with its outcome. */
export type SettledPrompt = SettledItem<GeneratedText>;

/** Who writes texts. */
export interface GenerationClient extends Sender<GenerationRequest, GeneratedText> {
  /** Name of the model that writes; null where none was named. */
  readonly model: string | null;
  /** Throws KEY_MISSING or CONFIG_INVALID where nothing could be generated. */
  requireReady(): void;
  /**
   * Few requests go at once and many as a batch job, by the thresholds that texts to embed go by; equal
   * ones go once. What fails is an outcome, unless `onError` says otherwise; only what keeps all from
   * being sent is thrown.
   */
  generateContent(
    requests: readonly GenerationRequest[],
    options?: GenerateOptions,
  ): Promise<GenerationResults>;
  /**
   * Gives the text of one answer as it arrives, and at the end how it ended. A failure before the
   * first piece has been retried; after it, it is thrown. Whoever stops reading ends the call.
   */
  generateContentStream(
    request: GenerationRequest,
    options?: GenerationOptions,
  ): AsyncGenerator<string, StreamEnd, undefined>;
}
