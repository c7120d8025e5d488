import { SiteragError, toError } from "../words/errors.ts";
import {
  Attempt,
  type Attempted,
  type CallLimits,
  type CallRun,
  type PackRun,
  type SendPack,
} from "./attempt.ts";
import { blameTexts, type PackAnswer, type TextOutcome } from "./blame-texts.ts";
import { CallFailure } from "./call-failure.ts";
import { failureEvent, type ClientEvent } from "./events.ts";
import type { Pack, Provider } from "./provider.ts";
import { withRetries } from "./retry.ts";
import { interrupted, NobodyWaits, TooLate, unfinished } from "./unfinished.ts";

/** The calls of one client: retried, under its limits, checked, halved where a text is refused. */
export class Calls<Input, Output> {
  readonly #provider: Pick<Provider<Input, Output>, "open" | "call" | "check">;
  readonly #limits: CallLimits;

  constructor(
    provider: Pick<Provider<Input, Output>, "open" | "call" | "check">,
    limits: CallLimits,
  ) {
    this.#provider = provider;
    this.#limits = limits;
  }

  /** How its call slots are used. */
  get concurrency(): CallLimits["concurrency"] {
    return this.#limits.concurrency;
  }

  /** Sends a pack. What fails is an outcome: this never rejects for the service's sake. */
  async send(
    pack: Pack<Input>,
    run: CallRun,
    wereInJob = false,
  ): Promise<readonly TextOutcome<Output>[]> {
    const outcomes = await this.#inTime(run, ({ stop, deadline }) => {
      const packRun = { ...run, stop, deadline, wereInJob, sent: new Set() };
      return blameTexts(pack, (part) => this.#answerTo(part, packRun));
    });
    failuresOf(outcomes).forEach((failure) => run.tell(failure));
    return outcomes;
  }

  /** Begins something that is answered in pieces; no later piece is retried. Throws what failed. */
  async begin<Value>(
    pack: Pack<Input>,
    send: SendPack<Input, Value>,
    run: CallRun & { readonly signal: AbortSignal },
  ): Promise<Value> {
    const { signal } = run;
    const packRun = { ...run, stop: signal, deadline: signal, wereInJob: false, sent: new Set() };
    let retries = 0;
    const onRetry = (): void => {
      retries += 1;
    };
    try {
      const { value } = await this.#repeated(pack, send, packRun, onRetry);
      if (value === null) throw new TypeError("A stream has no budget that could hold it back.");
      return value;
    } catch (cause) {
      const error = this.#reported(cause, packRun);
      run.tell(failureEvent(error, pack.inputs.length, retries));
      throw error;
    }
  }

  /** Gives work a signal that goes off at the deadline, or when nobody waits any more. */
  async #inTime(
    { deadlineAt, signal }: CallRun,
    work: (signals: Pick<PackRun, "stop" | "deadline">) => Promise<readonly TextOutcome<Output>[]>,
  ): Promise<readonly TextOutcome<Output>[]> {
    const { clock } = this.#limits;
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

  async #answerTo(pack: Pack<Input>, run: PackRun): Promise<PackAnswer<Output>> {
    let retries = 0;
    const onRetry = (): void => {
      retries += 1;
    };
    try {
      const send = this.#checked();
      const { value, waiting } = await this.#repeated(pack, send, run, onRetry);
      return [
        ...(value ?? []).map((output) => ({ output })),
        ...waiting.map((error) => ({ error, retries: 0 })),
      ];
    } catch (cause) {
      if (cause instanceof CallFailure && cause.next === "split") {
        return { refused: cause, retries };
      }
      const error = this.#reported(cause, run);
      return pack.inputs.map(() => ({ error, retries }));
    }
  }

  /** Calls the provider, and uses nothing of an answer that cannot be used. */
  #checked(): SendPack<Input, readonly Output[]> {
    const { call, check } = this.#provider;
    return async (pack, signal) => {
      const { outputs, tokens } = await call(pack, signal);
      try {
        check(outputs, pack.inputs.length);
      } catch (cause) {
        if (!(cause instanceof SiteragError)) throw cause;
        throw new CallFailure(cause, "retry", { isLost: true, charged: tokens });
      }
      return { value: outputs, tokens };
    };
  }

  #repeated<Value>(
    pack: Pack<Input>,
    send: SendPack<Input, Value>,
    run: PackRun,
    onRetry: () => void,
  ): Promise<Attempted<Value>> {
    const { clock, concurrency, random, rate, retries: policy } = this.#limits;
    const attempt = new Attempt(send, this.#provider.open, this.#limits, run);
    let retries = 0;
    return withRetries((failed) => attempt.send(pack, failed, retries), {
      policy,
      clock,
      random,
      signal: run.stop,
      onFailure: ({ retryAfterMs }) => {
        if (retryAfterMs !== null) rate.pause(retryAfterMs);
      },
      onRetry: ({ attempt: count, delayMs, failure }) => {
        retries = count;
        onRetry();
        run.tell({ type: "retry", attempt: count, delayMs, code: failure.error.code });
      },
    }).catch((cause: unknown) => {
      if (cause instanceof SiteragError && cause.code === "POOL_EXHAUSTED") {
        const { queueLength } = concurrency.state;
        run.tell({ type: "pool_exhausted", texts: pack.inputs.length, queueLength });
      }
      throw cause;
    });
  }

  #reported(cause: unknown, { deadline, signal }: PackRun): Error {
    if (cause instanceof CallFailure) {
      if (cause.error.code === "QUOTA_OF_DAY") this.#limits.day.exhaust();
      return cause.error;
    }
    if (deadline.aborted && deadline !== signal) return toError(deadline.reason);
    if (signal?.aborted !== true) return toError(cause);
    return interrupted({ cause });
  }
}

/** One for each reason: in the end it is not calls that fail, but texts. What waits has not failed. */
function failuresOf(outcomes: readonly TextOutcome<unknown>[]): ClientEvent[] {
  const failed = outcomes.flatMap((outcome) =>
    "error" in outcome && unfinished(outcome.error).status === "failed" ? [outcome] : [],
  );
  const alike = Map.groupBy(failed, ({ error }) => error.message).values();
  return [...alike].flatMap((same) =>
    same.slice(0, 1).map(({ error, retries }) => failureEvent(error, same.length, retries)),
  );
}
