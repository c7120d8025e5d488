import { CallFailure } from "../../sending/call-failure.ts";
import { RETRY_POLICY, withRetries } from "../../sending/retry.ts";
import type { CallContext, CallReport, TextOutcome, TextPack } from "../../sending/service.ts";
import { failureEvent } from "../../sending/events.ts";
import type { ClientEvent } from "../../sending/events.ts";
import { interrupted, NobodyWaits, notOk, TooLate } from "../../sending/given-up.ts";
import { toError } from "../../words/errors.ts";
import { blameTexts } from "./blame-texts.ts";
import type { PackAnswer } from "./blame-texts.ts";
import { CallAttempt } from "./call-attempt.ts";
import type { AttemptOptions, AttemptRun } from "./call-attempt.ts";
import { CallTally } from "./call-tally.ts";

/** What every try needs, and what repeats and estimates them. */
export interface IndividualCallsOptions extends AttemptOptions {
  /** Chance for the jitter of retries, from 0 up to 1. */
  readonly random: () => number;
  /** Tokens that the model's form adds around each text. */
  readonly tokensAroundText: number;
}

type Run = AttemptRun & CallContext;

/** Individual calls that arrive, or say why not: retried, rate-limited, checked, halved. */
export class IndividualCalls {
  readonly #options: IndividualCallsOptions;

  constructor(options: IndividualCallsOptions) {
    this.#options = options;
  }

  /** As `EmbeddingService.embed`. */
  async embed(pack: TextPack, context: CallContext): Promise<CallReport> {
    const tally = new CallTally();
    const { tokensAroundText } = this.#options;
    const tokens = pack.tokens.map((count) => count + tokensAroundText);
    const outcomes = await this.#inTime(context, ({ stop, deadline }) => {
      const run = { ...context, stop, deadline, tally };
      return blameTexts({ ...pack, tokens }, (part) => this.#answerTo(part, run));
    });
    failuresOf(outcomes).forEach((failure) => context.tell(failure));
    return tally.report(outcomes);
  }

  /** Gives work a signal that goes off at the deadline, or when nobody waits any more. */
  async #inTime(
    { deadlineAt, signal }: CallContext,
    work: (signals: Pick<Run, "stop" | "deadline">) => Promise<readonly TextOutcome[]>,
  ): Promise<readonly TextOutcome[]> {
    const { clock } = this.#options;
    const deadline = new AbortController();
    const done = new AbortController();
    const leftMs = deadlineAt - clock.now();
    if (leftMs <= 0) deadline.abort(new TooLate());
    else if (leftMs < Number.POSITIVE_INFINITY) {
      clock.sleep(leftMs, done.signal).then(
        () => deadline.abort(new TooLate()),
        () => undefined,
      );
    }
    const leave = (): void => {
      if (signal?.reason instanceof NobodyWaits) deadline.abort(signal.reason);
    };
    signal?.addEventListener("abort", leave, { signal: done.signal });
    const stop =
      signal === undefined ? deadline.signal : AbortSignal.any([signal, deadline.signal]);
    try {
      return await work({ stop, deadline: deadline.signal });
    } finally {
      done.abort();
    }
  }

  async #answerTo(pack: TextPack, run: Run): Promise<PackAnswer> {
    const { clock, random, rate } = this.#options;
    const attempt = new CallAttempt(this.#options, run);
    try {
      return await withRetries((failed) => attempt.send(pack, failed), {
        policy: RETRY_POLICY,
        clock,
        random,
        signal: run.stop,
        onFailure: ({ retryAfterMs }) => {
          if (retryAfterMs !== null) rate.pause(retryAfterMs);
        },
        onRetry: ({ attempt: count, delayMs, failure }) => {
          run.tell({ type: "retry", attempt: count, delayMs, code: failure.error.code });
        },
      });
    } catch (cause) {
      if (cause instanceof CallFailure && cause.next === "split") return cause;
      const error = this.#reported(cause, run);
      return pack.inputs.map(() => ({ error }));
    }
  }

  #reported(cause: unknown, { deadline, signal }: Run): Error {
    if (cause instanceof CallFailure) {
      if (cause.error.code === "QUOTA_OF_DAY") this.#options.day.exhaust();
      return cause.error;
    }
    if (deadline.aborted) return toError(deadline.reason);
    if (signal?.aborted !== true) return toError(cause);
    return interrupted({ cause });
  }
}

/** One for each reason: in the end it is not calls that fail, but texts. What waits has not failed. */
function failuresOf(outcomes: readonly TextOutcome[]): ClientEvent[] {
  const errors = outcomes.flatMap((outcome) =>
    "error" in outcome && notOk(outcome.error).status === "failed" ? [outcome.error] : [],
  );
  const alike = Map.groupBy(errors, ({ message }) => message).values();
  return [...alike].flatMap((same) =>
    same.slice(0, 1).map((error) => failureEvent(error, same.length)),
  );
}
