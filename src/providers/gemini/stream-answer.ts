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
import type { GeminiApi } from "./gemini-api.ts";
import { finishOf, joined, NOTHING, type Piece } from "./generate-answer.ts";
import { beginStream, tokensOf } from "./writing-provider.ts";

interface StreamOptions {
  readonly engine: Engine<GenerationRequest, GeneratedText>;
  readonly api: GeminiApi;
  readonly apiKey: string;
  readonly model: string;
  readonly profile: ProviderProfile;
  readonly batching: BatchingOptions;
  readonly events: EventSource;
  readonly clock: Clock;
  /** Longest time for one call that embeds. */
  readonly timeoutMs: number;
}

/** What a stream takes is known at its end. */
const NOT_KNOWN_YET = { input: 0, output: 0 } as const;

/** As `GenerationClient.generateContentStream`. */
export async function* streamAnswer(
  request: GenerationRequest,
  signal: AbortSignal,
  options: StreamOptions,
): AsyncGenerator<string, StreamEnd, undefined> {
  const { batching, clock, engine, events, profile } = options;
  const item = promptItem("", request);
  const context = { profile, contents: "prompt", forceIndividual: true } as const;
  const plan = chooseStrategy([item], batching, context);
  events.emit({ type: "strategy_chosen", ...decisionOf(plan) });
  const tally = new UsageTally();
  const startedAt = clock.now();
  const run = {
    signal,
    deadlineAt: Number.POSITIVE_INFINITY,
    spending: new Spending({ budget: NO_BUDGET, profile }),
    tally,
    tell: events.emit,
  };
  const pack = {
    inputs: [request],
    tokens: [item.tokens],
    taskType: "RETRIEVAL_DOCUMENT",
  } as const;
  let answer: Piece | null = null;
  let served = 0;
  try {
    const { stream, first } = await engine.calls.begin(
      pack,
      async (_, end) => ({
        value: await beginStream(options, request, end),
        tokens: NOT_KNOWN_YET,
      }),
      run,
    );
    answer = NOTHING;
    try {
      for (let piece: Piece | null = first; piece !== null; piece = await stream.next()) {
        answer = joined(answer, piece);
        if (piece.text !== "") yield piece.text;
      }
    } finally {
      stream.close();
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

function reported(cause: unknown, signal: AbortSignal): Error {
  if (cause instanceof CallFailure) return cause.error;
  return signal.aborted ? interrupted({ cause }) : toError(cause);
}
