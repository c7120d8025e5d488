import type { Finish } from "../../generation/client.ts";
import type { BegunAnswer } from "../../generation/stream-answer.ts";
import type { GenerateCall } from "./gemini-api.ts";
import type { GeminiConnection } from "./gemini-connection.ts";
import { malformed, throwWritingFailure } from "./gemini-failure.ts";
import {
  finishOf,
  generateAnswerSchema,
  joined,
  NOTHING,
  readPiece,
  type Piece,
} from "./generate-answer.ts";
import { tokensOf } from "./writing-provider.ts";

type Call = Omit<GenerateCall, "signal">;

/** A stream may be silent for this many call timeouts: a reader is waiting. */
const SILENCE_FACTOR = 2;

/** Starts a streamed answer, without retries. `timeoutMs` is the timeout of an embedding call. */
export async function beginAnswer(
  connection: GeminiConnection,
  call: Call,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<BegunAnswer> {
  const pieces = piecesOf(connection, call, timeoutMs * SILENCE_FACTOR, signal);
  const first = (await pieces.next().catch(throwWritingFailure)).value;
  if (first === undefined) throw malformed("is empty");
  let answer = NOTHING;
  async function* texts(): AsyncGenerator<string, Finish, undefined> {
    try {
      for (let piece = first; piece !== undefined; piece = (await pieces.next()).value) {
        answer = joined(answer, piece);
        if (piece.text !== "") yield piece.text;
      }
      return finishOf(answer);
    } finally {
      await pieces.return(undefined);
    }
  }
  return { texts: texts(), tokens: () => tokensOf(call.request, answer) };
}

/**
 * Yields the pieces of an answer as they arrive; ends the call when the reader stops. `silenceMs` limits
 * the wait for the first piece and for each next one. Throws CallFailure, or the signal's reason.
 */
async function* piecesOf(
  { api, timed }: GeminiConnection,
  call: Call,
  silenceMs: number,
  signal: AbortSignal,
): AsyncGenerator<Piece, undefined, undefined> {
  // The connection outlives each step, so it needs its own signal.
  const open = new AbortController();
  const close = (): void => open.abort();
  let events: AsyncIterator<unknown> | null = null;
  const next = async (end: AbortSignal): Promise<Piece | null> => {
    end.addEventListener("abort", close, { once: true });
    try {
      end.throwIfAborted();
      events ??= await api.generateStream({ ...call, signal: open.signal });
      const { done, value } = await events.next();
      return done === true ? null : readPiece(generateAnswerSchema.parse(value));
    } finally {
      end.removeEventListener("abort", close);
    }
  };
  try {
    for (;;) {
      const piece = await timed(next, silenceMs, signal);
      if (piece === null) return undefined;
      yield piece;
    }
  } finally {
    close();
  }
}
