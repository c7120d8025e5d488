import { pack, taskOf } from "../planning/pack.ts";
import type { PlanItem, SettledItem } from "../words/plans.ts";
import type { Result } from "../words/types.ts";
import { AdaptiveConcurrency } from "./adaptive-concurrency.ts";
import type { CallRun } from "./attempt.ts";
import type { TextOutcome } from "./blame-texts.ts";
import type { Execution } from "./client.ts";
import type { EngineParts } from "./engine-options.ts";
import { OutageStop } from "./outage-stop.ts";
import { runPool } from "../words/pool.ts";
import { unfinished } from "./unfinished.ts";

/** What is special of texts that a job did not serve. */
interface AfterJob<Output> {
  /** The job may have served them. Default false. */
  readonly wereInJob?: boolean;
  /** May change an outcome before it is settled. */
  readonly adjust?: (settled: SettledItem<Output>) => SettledItem<Output>;
}

/** The calls of one run: those of its plan, and those for texts that its jobs did not serve. */
export class RunCalls<Input, Output> {
  readonly #engine: EngineParts<Input, Output>;
  readonly #execution: Execution<Input, Output>;
  readonly #run: CallRun;
  readonly #stop = new OutageStop();
  readonly #slots: AdaptiveConcurrency;

  constructor(
    engine: EngineParts<Input, Output>,
    execution: Execution<Input, Output>,
    run: CallRun,
  ) {
    const { clock, maxParallel: most } = engine;
    this.#engine = engine;
    this.#execution = execution;
    this.#run = run;
    this.#slots = new AdaptiveConcurrency({ most, maxQueued: Infinity, clock });
  }

  /** Sends texts by calls that the plan had in a job. */
  async sendAnew(items: readonly PlanItem[], after?: AfterJob<Output>): Promise<void> {
    const { client, textsPerCall } = this.#engine;
    const { limits } = client.profile.individual;
    const texts = Math.min(textsPerCall, limits.texts);
    await this.sendAll(pack(items, { ...limits, texts }), after);
  }

  /** Sends packs and settles each as soon as it is answered. */
  async sendAll(
    packs: readonly (readonly PlanItem[])[],
    after: AfterJob<Output> = {},
  ): Promise<void> {
    // Several jobs may send texts by calls at once: together they hold `maxParallel` uncommitted answers.
    const inSlot = (items: readonly PlanItem[]): Promise<void> =>
      this.#slots.run(() => this.#sendPack(items, after));
    await runPool(packs, this.#engine.maxParallel, inSlot, this.#execution.signal);
  }

  async #sendPack(
    items: readonly PlanItem[],
    { wereInJob = false, adjust = (settled) => settled }: AfterJob<Output>,
  ): Promise<void> {
    const { settle, signal } = this.#execution;
    if (signal?.aborted === true) return;
    const results = await this.#resultsOf(items, wereInJob);
    await settle(
      items.flatMap((item, at) => {
        const result = results[at];
        return result === undefined ? [] : [adjust({ item, result })];
      }),
    );
  }

  async #resultsOf(
    items: readonly PlanItem[],
    wereInJob: boolean,
  ): Promise<readonly Result<Output>[]> {
    const { unsent } = this.#stop;
    if (unsent !== null) return items.map(() => unsent);
    const { calls, client } = this.#engine;
    const { tokensAroundText } = client.profile.individual.limits;
    const request = {
      inputs: await this.#execution.inputsOf(items),
      tokens: items.map((item) => item.tokens + tokensAroundText),
      taskType: taskOf(items[0]),
    };
    const outcomes = await calls.send(request, this.#run, wereInJob);
    const results = items.map((_, at) => resultOf(outcomes[at]));
    this.#stop.note(results.map((one) => (one.status === "ok" ? null : (one.error ?? null))));
    return results;
  }
}

function resultOf<Output>(outcome: TextOutcome<Output> | undefined): Result<Output> {
  if (outcome === undefined) return unfinished(new TypeError("no outcome for this text"));
  if ("error" in outcome) return unfinished(outcome.error);
  return { status: "ok", route: "individual", ...outcome.output };
}
