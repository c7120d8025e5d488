import type { GeneratedText, GenerationRequest, StreamEnd } from "../../generation/client.ts";
import { generationUsage, promptItem } from "../../generation/prompt-requests.ts";
import { NO_BUDGET } from "../../planning/budget.ts";
import type { BatchingOptions } from "../../planning/choose-roads.ts";
import { chooseStrategy } from "../../planning/choose-strategy.ts";
import type { ProviderProfile } from "../../planning/provider-profile.ts";
import { CallFailure } from "../../sending/call-failure.ts";
import type { Engine } from "../../sending/engine.ts";
import { carriedOut, decisionOf, type EventSource } from "../../sending/events.ts";
import { Spending } from "../../sending/spending.ts";
import { interrupted } from "../../sending/unfinished.ts";
import { UsageTally } from "../../sending/usage-tally.ts";
import { toError } from "../../words/errors.ts";
import type { Clock } from "../../words/types.ts";
import type { GeminiConnection } from "./gemini-connection.ts";
import { malformed, throwOfWriting } from "./gemini-failure.ts";
import { finishOf, generateAnswerSchema, joined, NOTHING, readPiece } from "./generate-answer.ts";
import type { Piece } from "./generate-answer.ts";
import { tokensOf } from "./writing-provider.ts";

interface StreamOptions {
  readonly engine: Engine<GenerationRequest, GeneratedText>;
  readonly connection: GeminiConnection;
  readonly model: string;
  readonly client: { readonly profile: ProviderProfile; readonly events: EventSource };
  readonly batching: BatchingOptions;
  readonly clock: Clock;
  /** Longest time for one call that embeds. */
  readonly timeoutMs: number;
}

type Pieces = AsyncGenerator<Piece, undefined, undefined>;

/** The longest silence of a streamed answer is so many times that of a call: somebody is looking at it. */
const SILENCE_FACTOR = 2;

/** What a stream takes is known at its end. */
const NOT_KNOWN_YET = { input: 0, output: 0 } as const;

/** As `GenerationClient.generateContentStream`. */
export async function* streamAnswer(
  request: GenerationRequest,
  signal: AbortSignal,
  options: StreamOptions,
): AsyncGenerator<string, StreamEnd, undefined> {
  const { batching, client, clock, engine } = options;
  const { events, profile } = client;
  const item = promptItem("", request);
  const context = { profile, contents: "prompt", forceIndividual: true } as const;
  const plan = chooseStrategy([item], batching, context);
  events.emit({ type: "strategy_chosen", ...decisionOf(plan) });
  const tally = new UsageTally();
  const startedAt = clock.now();
  const spending = new Spending({ budget: NO_BUDGET, profile });
  const run = { signal, deadlineAt: Number.POSITIVE_INFINITY, spending, tally, tell: events.emit };
  const taskType = "RETRIEVAL_DOCUMENT";
  const pack = { inputs: [request], tokens: [item.tokens], taskType } as const;
  const begin = async (_: unknown, end: AbortSignal) => ({
    value: await beginAnswer(options, request, end),
    tokens: NOT_KNOWN_YET,
  });
  let answer: Piece | null = null;
  let served = 0;
  try {
    const { first, rest } = await engine.calls.begin(pack, begin, run);
    answer = NOTHING;
    try {
      for (
        let piece: Piece | undefined = first;
        piece !== undefined;
        piece = (await rest.next()).value
      ) {
        answer = joined(answer, piece);
        if (piece.text !== "") yield piece.text;
      }
    } finally {
      await rest.return(undefined);
      // Also when its reader has left: what was written is charged.
      tally.addTokens(tokensOf(request, answer), "individual");
    }
    const finish = finishOf(answer);
    served = 1;
    return { finish, usage: generationUsage(tally.total(profile)) };
  } catch (cause) {
    throw reported(cause, signal);
  } finally {
    const { averageLatencyMs } = tally;
    const durationMs = clock.now() - startedAt;
    const end = { served, pending: 0, durationMs, averageLatencyMs, pool: null };
    events.emit(carriedOut(plan, tally.total(profile), end, profile));
  }
}

/** Begins a streamed answer: one try. */
async function beginAnswer(
  options: StreamOptions,
  request: GenerationRequest,
  signal: AbortSignal,
): Promise<{ readonly first: Piece; readonly rest: Pieces }> {
  const rest = piecesOf(options, request, signal);
  const first = (await rest.next().catch(throwOfWriting)).value;
  if (first === undefined) throw malformed("is empty");
  return { first, rest };
}

/**
 * The pieces of an answer as they arrive; whoever stops reading ends the call. Throws CallFailure, and the
 * signal's reason.
 */
async function* piecesOf(
  { connection, model, timeoutMs }: StreamOptions,
  request: GenerationRequest,
  signal: AbortSignal,
): Pieces {
  const { api, timed } = connection;
  // The connection outlives each step, so that it has a signal of its own.
  const open = new AbortController();
  const close = (): void => open.abort();
  let events: AsyncIterator<unknown> | null = null;
  const next = async (end: AbortSignal): Promise<Piece | null> => {
    end.addEventListener("abort", close, { once: true });
    try {
      end.throwIfAborted();
      events ??= await api.generateStream({ model, request, signal: open.signal });
      const { done, value } = await events.next();
      return done === true ? null : readPiece(generateAnswerSchema.parse(value));
    } finally {
      end.removeEventListener("abort", close);
    }
  };
  try {
    for (;;) {
      const piece = await timed(next, timeoutMs * SILENCE_FACTOR, signal);
      if (piece === null) return undefined;
      yield piece;
    }
  } finally {
    close();
  }
}

function reported(cause: unknown, signal: AbortSignal): Error {
  if (cause instanceof CallFailure) return cause.error;
  return signal.aborted ? interrupted({ cause }) : toError(cause);
}
