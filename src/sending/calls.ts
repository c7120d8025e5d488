import { SiteragError, toError } from "../words/errors.ts";
import {
  attempt,
  type Attempted,
  type CallLimits,
  type CallRun,
  type PackRun,
  type SendPack,
} from "./attempt.ts";
import { blameTexts, type PackAnswer, type TextOutcome } from "./blame-texts.ts";
import { CallFailure } from "./call-failure.ts";
import { failureEvent, retryEvent, type ClientEvent } from "./events.ts";
import { cutAfterGrace } from "./grace.ts";
import type { Pack, Provider } from "./provider.ts";
import { withRetries } from "./retry.ts";
import { interrupted, NobodyWaits, TooLate, unfinished } from "./unfinished.ts";

/** The calls of one client: within its limits, retried, checked, and halved where a text is refused. */
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

  /** The call slots. */
  get concurrency(): CallLimits["concurrency"] {
    return this.#limits.concurrency;
  }

  /** Sends a pack and gives an outcome for each text; a failure of the service is an outcome, too. */
  async send(
    pack: Pack<Input>,
    run: CallRun,
    wereInJob = false,
  ): Promise<readonly TextOutcome<Output>[]> {
    const outcomes = await this.#inTime(run, (signals) => {
      const common = { ...run, ...signals, wereInJob, sent: new Set() };
      return blameTexts(pack, (part) => this.#answerTo(part, { ...common, retries: 0 }));
    });
    failuresOf(outcomes).forEach((failure) => run.tell(failure));
    return outcomes;
  }

  /** Begins a streamed answer, which is retried until its first piece arrives. Throws what failed. */
  async begin<Value>(
    pack: Pack<Input>,
    send: SendPack<Input, Value>,
    run: CallRun & { readonly signal: AbortSignal },
  ): Promise<Value> {
    const signals = { stop: run.signal, deadline: run.signal };
    const packRun = { ...run, ...signals, wereInJob: false, sent: new Set(), retries: 0 };
    try {
      const { value } = await this.#withRetries(pack, send, packRun);
      if (value === null) throw new TypeError("A stream has no budget that could hold it back.");
      return value;
    } catch (cause) {
      const error = this.#reported(cause, packRun);
      run.tell(failureEvent(error, pack.inputs.length, packRun.retries));
      throw error;
    }
  }

  /** Gives work signals that are aborted at the deadline, or when nobody waits any more. */
  async #inTime<Value>(
    { deadlineAt, signal }: CallRun,
    work: (signals: Pick<PackRun, "stop" | "deadline">) => Promise<Value>,
  ): Promise<Value> {
    const { clock } = this.#limits;
    const deadline = new AbortController();
    const done = new AbortController();
    const leftMs = deadlineAt - clock.now();
    const end = (): void => deadline.abort(new TooLate());
    if (leftMs <= 0) end();
    else if (leftMs < Number.POSITIVE_INFINITY) {
      clock.sleep(leftMs, done.signal).then(end, () => undefined);
    }
    const leave = (): void => {
      if (signal?.reason instanceof NobodyWaits) deadline.abort(signal.reason);
    };
    signal?.addEventListener("abort", leave, { signal: done.signal });
    const cut = (): void => deadline.abort(interrupted());
    if (signal !== undefined) cutAfterGrace(signal, { clock, done: done.signal, cut });
    const stop = AbortSignal.any([...(signal === undefined ? [] : [signal]), deadline.signal]);
    try {
      return await work({ stop, deadline: deadline.signal });
    } finally {
      done.abort();
    }
  }

  async #answerTo(pack: Pack<Input>, run: PackRun): Promise<PackAnswer<Output>> {
    try {
      const { value, waiting } = await this.#withRetries(pack, this.#sendChecked, run);
      return [
        ...(value ?? []).map((output) => ({ output })),
        ...waiting.map((error) => ({ error, retries: 0 })),
      ];
    } catch (cause) {
      const { retries } = run;
      if (cause instanceof CallFailure && cause.next === "split") {
        return { refused: cause, retries };
      }
      const error = this.#reported(cause, run);
      return pack.inputs.map(() => ({ error, retries }));
    }
  }

  /** Calls the provider and checks the whole answer before anything uses it. */
  readonly #sendChecked: SendPack<Input, readonly Output[]> = async (pack, signal) => {
    const { call, check } = this.#provider;
    const { outputs, tokens } = await call(pack, signal);
    try {
      check(outputs, pack.inputs.length);
    } catch (cause) {
      if (!(cause instanceof SiteragError)) throw cause;
      throw new CallFailure(cause, "retry", { isLost: true, charged: tokens });
    }
    return { value: outputs, tokens };
  };

  async #withRetries<Value>(
    pack: Pack<Input>,
    send: SendPack<Input, Value>,
    run: PackRun,
  ): Promise<Attempted<Value>> {
    const { clock, concurrency, random, rate, retries: policy } = this.#limits;
    const context = { send, open: this.#provider.open, limits: this.#limits, run };
    try {
      return await withRetries((failed) => attempt(pack, failed, context), {
        policy,
        clock,
        random,
        signal: run.stop,
        onFailure: ({ retryAfterMs }) => {
          if (retryAfterMs !== null) rate.pause(retryAfterMs);
        },
        onRetry: (retry) => {
          run.retries = retry.attempt;
          run.tell(retryEvent(retry));
        },
      });
    } catch (cause) {
      if (cause instanceof SiteragError && cause.code === "POOL_EXHAUSTED") {
        const { queueLength } = concurrency.state;
        run.tell({ type: "pool_exhausted", texts: pack.inputs.length, queueLength });
      }
      throw cause;
    }
  }

  #reported(cause: unknown, { deadline, signal }: PackRun): Error {
    if (cause instanceof CallFailure) {
      if (cause.error.code === "QUOTA_OF_DAY") this.#limits.day.exhaust();
      return cause.error;
    }
    if (deadline.aborted && deadline !== signal) return toError(deadline.reason);
    return signal?.aborted === true ? interrupted({ cause }) : toError(cause);
  }
}

/** One event for each reason: in the end, texts fail and not calls. What waits has not failed. */
function failuresOf(outcomes: readonly TextOutcome<unknown>[]): ClientEvent[] {
  const failed = outcomes.flatMap((outcome) =>
    "error" in outcome && unfinished(outcome.error).status === "failed" ? [outcome] : [],
  );
  const alike = Map.groupBy(failed, ({ error }) => error.message).values();
  return [...alike].flatMap((same) =>
    same.slice(0, 1).map(({ error, retries }) => failureEvent(error, same.length, retries)),
  );
}
