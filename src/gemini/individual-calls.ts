import { z } from "zod";
import type { CallGate } from "../embedding/call-gate.ts";
import { CallFailure } from "../embedding/call-failure.ts";
import { checkVectors } from "../embedding/check-vectors.ts";
import { quotaOfDayReached } from "../embedding/day-quota.ts";
import type { DayQuota } from "../embedding/day-quota.ts";
import type { RateLimit } from "../embedding/rate-limit.ts";
import { RETRY_POLICY, withRetries } from "../embedding/retry.ts";
import type { CallContext, CallReport, TextOutcome, TextPack } from "../embedding/service.ts";
import { SiteragError, toError } from "../errors.ts";
import type { Clock } from "../types.ts";
import { CallTally } from "./call-tally.ts";
import type { EmbedAnswer, GeminiApi } from "./gemini-api.ts";
import { malformed, timedOut, toCallFailure } from "./gemini-failure.ts";
import type { TaskForm } from "./task-forms.ts";
import { unitVector } from "./unit-vector.ts";

/** Longest time that one try may take: a full call answers within seconds. */
const ATTEMPT_TIMEOUT_MS = 30_000;

export interface IndividualCallsOptions {
  readonly api: GeminiApi;
  readonly apiKey: string;
  readonly model: string;
  readonly dimensions: number;
  readonly form: TaskForm;
  readonly clock: Clock;
  readonly random: () => number;
  readonly gate: CallGate;
  readonly rate: RateLimit;
  readonly day: DayQuota;
}

/** Signals of one pack. */
interface Signals {
  /** No further try: the caller has aborted, or the deadline is reached. */
  readonly stop: AbortSignal;
  /** The deadline is reached: the try under way ends, too. */
  readonly deadline: AbortSignal;
}

/** Individual calls that arrive, or say why not: retried, rate-limited, checked, halved. */
export class IndividualCalls {
  readonly #options: IndividualCallsOptions;

  constructor(options: IndividualCallsOptions) {
    this.#options = options;
  }

  /** As `EmbeddingService.embed`. */
  async embed(pack: TextPack, context: CallContext): Promise<CallReport> {
    const tally = new CallTally();
    const wanted = pack.inputs.length;
    const allowed = await this.#options.day.take(wanted, context.requestsOfDay);
    const outcomes = await this.#inTime(context, (signals) =>
      this.#embedPart(slice(pack, 0, allowed), { ...context, ...signals, tally }),
    );
    const refused = { error: quotaOfDayReached() };
    return tally.report([...outcomes, ...Array.from({ length: wanted - allowed }, () => refused)]);
  }

  /** Gives work a signal that goes off at the deadline. */
  async #inTime<Value>(
    { deadlineAt, signal }: CallContext,
    work: (signals: Signals) => Promise<Value>,
  ): Promise<Value> {
    const { clock } = this.#options;
    const deadline = new AbortController();
    const done = new AbortController();
    if (Number.isFinite(deadlineAt)) {
      const leftMs = Math.max(0, deadlineAt - clock.now());
      clock.sleep(leftMs, done.signal).then(
        () => deadline.abort(tooLate()),
        () => undefined,
      );
    }
    const stop =
      signal === undefined ? deadline.signal : AbortSignal.any([signal, deadline.signal]);
    try {
      return await work({ stop, deadline: deadline.signal });
    } finally {
      done.abort();
    }
  }

  async #embedPart(pack: TextPack, run: Run): Promise<readonly TextOutcome[]> {
    const texts = pack.inputs.length;
    if (texts === 0) return [];
    try {
      const vectors = await this.#retried(pack, run);
      return vectors.map((vector) => ({ vector }));
    } catch (cause) {
      if (cause instanceof CallFailure && cause.next === "split" && texts > 1) {
        const middle = Math.ceil(texts / 2);
        const first = await this.#embedPart(slice(pack, 0, middle), run);
        return [...first, ...(await this.#embedPart(slice(pack, middle, texts), run))];
      }
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
    return new SiteragError("INTERRUPTED", "Interrupted before this text was sent.", { cause });
  }

  #retried(pack: TextPack, run: Run): Promise<Float32Array[]> {
    const { clock, random, gate, rate, day } = this.#options;
    return withRetries(() => this.#attempt(pack, run), {
      policy: RETRY_POLICY,
      clock,
      random,
      signal: run.stop,
      onRetry: async (failure) => {
        run.tally.repeat(pack, failure);
        if (!failure.isLost) return;
        const texts = pack.inputs.length;
        const isLeft = (await day.take(texts, run.requestsOfDay)) === texts;
        if (!isLeft) throw new CallFailure(quotaOfDayReached(), "fail");
      },
      onFailure: (failure) => {
        if (failure.error.code === "RATE_LIMITED") gate.slowDown();
        if (failure.retryAfterMs !== null) rate.pause(failure.retryAfterMs);
      },
    });
  }

  #attempt(pack: TextPack, run: Run): Promise<Float32Array[]> {
    const { gate, rate } = this.#options;
    const requests = pack.inputs.length;
    const tokens = pack.tokens.reduce((sum, count) => sum + count, 0);
    return gate.run(async () => {
      const release = await rate.reserve({ requests, tokens }, run.stop);
      try {
        run.tally.send(pack);
        const answer = await this.#send(pack, run.deadline);
        const vectors = this.#vectorsOf(answer, requests);
        run.tally.answered(answer.usageMetadata?.promptTokenCount ?? tokens);
        gate.speedUp();
        return vectors;
      } finally {
        release();
      }
    }, run.stop);
  }

  async #send({ inputs, taskType }: TextPack, deadline: AbortSignal): Promise<EmbedAnswer> {
    const { api, apiKey, clock, dimensions, form, model } = this.#options;
    await api.open();
    const timeout = new AbortController();
    const done = new AbortController();
    const waiting = clock.sleep(ATTEMPT_TIMEOUT_MS, done.signal).then(
      () => timeout.abort(),
      () => undefined,
    );
    try {
      return await api.embed({
        model,
        dimensions,
        texts: inputs.map((input) => form.textOf(input, taskType)),
        taskType: form.parameterOf(taskType),
        signal: AbortSignal.any([timeout.signal, deadline]),
      });
    } catch (cause) {
      if (deadline.aborted) throw deadline.reason;
      if (timeout.signal.aborted) throw timedOut(ATTEMPT_TIMEOUT_MS);
      if (cause instanceof z.ZodError) throw malformed("has another shape", { cause });
      throw toCallFailure(cause, apiKey);
    } finally {
      done.abort();
      await waiting;
    }
  }

  #vectorsOf({ embeddings }: EmbedAnswer, texts: number): Float32Array[] {
    try {
      const vectors = embeddings.map(({ values }) => unitVector(values));
      checkVectors(vectors, texts, this.#options.dimensions);
      return vectors;
    } catch (cause) {
      throw malformed(`cannot be used: ${toError(cause).message}`, { cause });
    }
  }
}

type Run = CallContext & Signals & { readonly tally: CallTally };

const slice = ({ inputs, tokens, taskType }: TextPack, from: number, to: number): TextPack => ({
  inputs: inputs.slice(from, to),
  tokens: tokens.slice(from, to),
  taskType,
});

const tooLate = (): SiteragError =>
  new SiteragError("TIMEOUT", "The deadline was reached before this text had an answer.");
