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

/** What calls have really cost. */
export interface GenerationUsage {
  /** Calls sent, repetitions included. */
  readonly calls: number;
  /** Calls of `calls` that repeat another one. */
  readonly retries: number;
  /** Tokens read and written, as the service counts them; of a lost answer, estimated. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Null: the prices are not known. */
  readonly costUsd: number | null;
}

/** The outcome of one request. Results keep number and order of the requests, and their tags. */
export type GenerationResult = (
  | ({ readonly status: "ok" } & GeneratedText)
  | { readonly status: "failed"; readonly error: Error }
) & { readonly tag?: string };

export interface GenerationResults {
  readonly results: readonly GenerationResult[];
  readonly usage: GenerationUsage;
}

/** What is known of a streamed answer when it has ended. */
export interface StreamEnd {
  readonly finish: Finish;
  readonly usage: GenerationUsage;
}

export interface GenerationOptions {
  /** Aborted: nothing more is sent, and what is under way ends. */
  readonly signal?: AbortSignal | undefined;
}

/** Who writes texts. */
export interface GenerationClient {
  /** Throws KEY_MISSING or CONFIG_INVALID where nothing could be generated. */
  requireReady(): void;
  /** What fails is an outcome; only what keeps all requests from being sent is thrown. */
  generateContent(
    requests: readonly GenerationRequest[],
    options?: GenerationOptions,
  ): Promise<GenerationResults>;
  /**
   * Gives the text of one answer as it arrives, and at the end how it ended. A failure before the
   * first piece has been retried; after it, it is thrown. Who stops reading ends the call.
   */
  generateContentStream(
    request: GenerationRequest,
    options?: GenerationOptions,
  ): AsyncGenerator<string, StreamEnd, undefined>;
}
