import type { CallGate } from "../../sending/call-gate.ts";
import { CallFailure } from "../../sending/call-failure.ts";
import { checkVectors } from "../../embedding/check-vectors.ts";
import { quotaOfDayReached } from "../../sending/day-quota.ts";
import type { DayQuota } from "../../sending/day-quota.ts";
import type { RateLimit } from "../../sending/rate-limit.ts";
import type { CallContext, TextOutcome, TextPack } from "../../sending/service.ts";
import { toError } from "../../words/errors.ts";
import type { Clock } from "../../words/types.ts";
import { slice } from "./blame-texts.ts";
import { tokensOf } from "./call-tally.ts";
import type { CallTally } from "./call-tally.ts";
import type { EmbedAnswer, GeminiApi } from "./gemini-api.ts";
import { malformed } from "./gemini-failure.ts";
import type { TaskForm } from "./task-forms.ts";
import { timedCall } from "./timed-call.ts";
import { unitVector } from "./unit-vector.ts";

/** Longest time that one try may take: a full call answers within seconds. */
const ATTEMPT_TIMEOUT_MS = 30_000;

/** What every try needs, and what all of them share. */
export interface AttemptOptions {
  readonly api: GeminiApi;
  readonly apiKey: string;
  readonly model: string;
  readonly dimensions: number;
  readonly form: TaskForm;
  readonly clock: Clock;
  readonly gate: CallGate;
  readonly rate: RateLimit;
  readonly day: DayQuota;
}

/** What bounds and counts the tries of one pack. */
export interface AttemptRun extends Pick<CallContext, "requestsOfDay" | "spending" | "tell"> {
  /** No further try: the caller has aborted, or the deadline is reached. */
  readonly stop: AbortSignal;
  /** The deadline is reached, or nobody waits any more: the try under way ends, too. */
  readonly deadline: AbortSignal;
  readonly tally: CallTally;
}

/** One try at a pack. */
export class CallAttempt {
  readonly #options: AttemptOptions;
  readonly #run: AttemptRun;

  constructor(options: AttemptOptions, run: AttemptRun) {
    this.#options = options;
    this.#run = run;
  }

  /**
   * Sends a pack as soon as gate and limits let it through, or as many of its texts as day and budget
   * have left. `failed` is the try before. Throws CallFailure, and the reason of `stop` and `deadline`.
   */
  async send(pack: TextPack, failed: CallFailure | null): Promise<readonly TextOutcome[]> {
    const { api, gate, rate } = this.#options;
    const { stop, tally } = this.#run;
    const requests = pack.inputs.length;
    const work = async (): Promise<readonly TextOutcome[]> => {
      await api.open();
      const release = await rate.reserve({ requests, tokens: tokensOf(pack) }, stop);
      try {
        const { left, waiting } = await this.#take(pack);
        const vectors = left === 0 ? [] : await this.#sendTaken(slice(pack, 0, left), failed);
        return [...vectors.map((vector) => ({ vector })), ...waiting];
      } finally {
        release();
      }
    };
    return gate.run(work, stop, { isAdmitted: tally.hasSent });
  }

  /** How many texts of a pack may be sent, and why the others wait. */
  async #take({ tokens }: TextPack): Promise<{ left: number; waiting: TextOutcome[] }> {
    const { spending, requestsOfDay } = this.#run;
    const fits = spending.take(tokens, "individual");
    const left = await this.#options.day.take(fits, requestsOfDay);
    const overDay = tokens.slice(left, fits);
    spending.giveBack(overDay, "individual");
    const waiting = [
      ...overDay.map(() => ({ error: quotaOfDayReached() })),
      ...tokens.slice(fits).map(() => ({ error: spending.refusal() })),
    ];
    return { left, waiting };
  }

  /** What it takes of day and budget is given back unless the service may have counted it. */
  async #sendTaken(pack: TextPack, failed: CallFailure | null): Promise<Float32Array[]> {
    const { clock, gate, day } = this.#options;
    const { requestsOfDay, spending, stop, tally, tell } = this.#run;
    const { halvings } = gate;
    const startedAt = clock.now();
    let isSent = false;
    let counted: number | null = null;
    try {
      stop.throwIfAborted();
      tally.send(pack, failed);
      isSent = true;
      const answer = await this.#call(pack);
      counted = answer.usageMetadata?.promptTokenCount ?? null;
      const vectors = this.#vectorsOf(answer, pack.inputs.length);
      const latencyMs = clock.now() - startedAt;
      tally.answered(counted ?? tokensOf(pack), latencyMs);
      if (counted !== null) spending.correct(pack.tokens, counted, "individual");
      tell({ type: "success", texts: pack.inputs.length, latencyMs });
      gate.speedUp();
      return vectors;
    } catch (cause) {
      const failure = cause instanceof CallFailure ? cause : null;
      if (failure?.error.code === "RATE_LIMITED") gate.slowDown(halvings);
      const isLost = isSent && failure?.isLost !== false;
      if (isLost) {
        tally.lost(counted ?? tokensOf(pack));
        if (counted !== null) spending.correct(pack.tokens, counted, "individual");
      } else {
        spending.giveBack(pack.tokens, "individual");
        await day.giveBack(pack.inputs.length, requestsOfDay);
      }
      throw cause;
    }
  }

  #call({ inputs, taskType }: TextPack): Promise<EmbedAnswer> {
    const { api, apiKey, clock, dimensions, form, model } = this.#options;
    const texts = inputs.map((input) => form.textOf(input, taskType));
    const parameters = { model, dimensions, texts, taskType: form.parameterOf(taskType) };
    return timedCall((signal) => api.embed({ ...parameters, signal }), {
      clock,
      apiKey,
      timeoutMs: ATTEMPT_TIMEOUT_MS,
      signal: this.#run.deadline,
    });
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
