import { NO_BUDGET } from "../planning/budget.ts";
import type { BatchingOptions } from "../planning/choose-roads.ts";
import { chooseStrategy } from "../planning/choose-strategy.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import { CallFailure } from "../sending/call-failure.ts";
import type { Engine } from "../sending/engine.ts";
import {
  carriedOut,
  decisionOf,
  failureEvent,
  type ClientEvent,
  type EventSource,
} from "../sending/events.ts";
import { Spending } from "../sending/spending.ts";
import { interrupted } from "../sending/unfinished.ts";
import { UsageTally } from "../sending/usage-tally.ts";
import { toError } from "../words/errors.ts";
import type { Tokens } from "../words/plans.ts";
import type { Clock } from "../words/types.ts";
import type { Finish, GeneratedText, GenerationRequest, StreamEnd } from "./client.ts";
import { generationUsage, promptItem } from "./prompt-requests.ts";

/** A streamed answer that has begun. */
export interface BegunAnswer {
  /** Yields its text and returns how it ended; closing it ends the call. */
  readonly texts: AsyncGenerator<string, Finish, undefined>;
  /** Tokens so far. */
  readonly tokens: () => Tokens;
}

export interface StreamOptions {
  readonly engine: Engine<GenerationRequest, GeneratedText>;
  readonly client: { readonly profile: ProviderProfile; readonly events: EventSource };
  readonly batching: BatchingOptions;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Starts an answer, without retries. Throws like a provider's call. */
  readonly begin: (request: GenerationRequest, signal: AbortSignal) => Promise<BegunAnswer>;
}

/** The tokens of a stream are known only at its end. */
const NOT_KNOWN_YET = { input: 0, output: 0 } as const;

/** Implements `GenerationClient.generateContentStream`. */
export async function* streamAnswer(
  request: GenerationRequest,
  { batching, begin, client, clock, engine, signal }: StreamOptions,
): AsyncGenerator<string, StreamEnd, undefined> {
  const { events, profile } = client;
  const item = promptItem("", request);
  const context = { profile, contents: "prompt", forceIndividual: true } as const;
  const plan = chooseStrategy([item], batching, context);
  events.emit({ type: "strategy_chosen", ...decisionOf(plan) });
  const tally = new UsageTally();
  const startedAt = clock.now();
  const spending = new Spending({ budget: NO_BUDGET, profile });
  const answered: ClientEvent[] = [];
  // The call is a success only once the whole answer is there.
  const tell = (event: ClientEvent): void =>
    event.type === "success" ? void answered.push(event) : events.emit(event);
  const run = { signal, deadlineAt: Number.POSITIVE_INFINITY, spending, tally, tell };
  const taskType = "RETRIEVAL_DOCUMENT";
  const pack = { inputs: [request], tokens: [item.tokens], taskType } as const;
  const send = async (_: unknown, end: AbortSignal) => ({
    value: await begin(request, end),
    tokens: NOT_KNOWN_YET,
  });
  let served = 0;
  try {
    const { texts, tokens } = await engine.calls.begin(pack, send, run);
    let finish: Finish;
    try {
      finish = yield* texts;
    } catch (cause) {
      const error = errorOf(cause, signal);
      events.emit(failureEvent(error, 1, tally.total(profile).retries));
      throw error;
    } finally {
      // Also when the reader has left: the service charges for what it wrote.
      tally.addTokens(tokens(), "individual");
    }
    served = 1;
    answered.forEach(events.emit);
    return { finish, usage: generationUsage(tally.total(profile)) };
  } finally {
    const { averageLatencyMs } = tally;
    const durationMs = clock.now() - startedAt;
    const end = { served, pending: 0, durationMs, averageLatencyMs, pool: null };
    events.emit(carriedOut(plan, tally.total(profile), end, profile));
  }
}

function errorOf(cause: unknown, signal: AbortSignal): Error {
  if (cause instanceof CallFailure) return cause.error;
  return signal.aborted ? interrupted({ cause }) : toError(cause);
}
