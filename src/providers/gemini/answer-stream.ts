import type { Clock } from "../../words/types.ts";
import type { GeminiApi, GenerateCall } from "./gemini-api.ts";
import { generateAnswerSchema, readPiece, type Piece } from "./generate-answer.ts";
import { timedCall } from "./timed-call.ts";

export interface AnswerStreamOptions {
  readonly api: GeminiApi;
  readonly apiKey: string;
  readonly clock: Clock;
  readonly call: Omit<GenerateCall, "signal">;
  /** Longest silence: until the answer begins, and between two pieces. */
  readonly silenceMs: number;
  readonly signal: AbortSignal;
}

/** One streamed answer, which is read piece by piece. Close it when it is read, or left. */
export class AnswerStream {
  readonly #options: AnswerStreamOptions;
  readonly #connection = new AbortController();
  #events: AsyncIterator<unknown> | null = null;

  constructor(options: AnswerStreamOptions) {
    this.#options = options;
  }

  /** The next piece, or null after the last one. Throws CallFailure, and the signal's reason. */
  async next(): Promise<Piece | null> {
    const { api, call } = this.#options;
    return this.#inTime(async () => {
      this.#events ??= await api.generateStream({ ...call, signal: this.#connection.signal });
      const { done, value } = await this.#events.next();
      return done === true ? null : readPiece(generateAnswerSchema.parse(value));
    });
  }

  close(): void {
    this.#connection.abort();
  }

  /** The connection outlives each step, so that it has a signal of its own. */
  #inTime<Value>(step: () => Promise<Value>): Promise<Value> {
    const { apiKey, clock, signal, silenceMs } = this.#options;
    const ending = async (end: AbortSignal): Promise<Value> => {
      const close = (): void => this.close();
      end.addEventListener("abort", close, { once: true });
      try {
        end.throwIfAborted();
        return await step();
      } finally {
        end.removeEventListener("abort", close);
      }
    };
    return timedCall(ending, { clock, apiKey, timeoutMs: silenceMs, signal });
  }
}
