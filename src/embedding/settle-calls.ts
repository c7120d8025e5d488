import type { ErrorCode } from "../errors.ts";
import { FAILS_ALL, SiteragError, toError } from "../errors.ts";
import type { EmbeddingInput, EmbeddingResult, PlanItem, SettledItem, TaskType } from "../types.ts";
import { checkVectors } from "./check-vectors.ts";

import { Outage } from "./outage.ts";
import type { CallContext, CallReport, EmbeddingService, TextOutcome } from "./service.ts";

/** After one of these, no further call can succeed: the others are not even sent. */
export const FINAL: ReadonlySet<ErrorCode> = new Set<ErrorCode>([...FAILS_ALL, "QUOTA_OF_DAY"]);

type InputsOf = (items: readonly PlanItem[]) => Promise<readonly EmbeddingInput[]>;

/** Makes the calls of one run. */
export class CallSettler {
  readonly #service: EmbeddingService;
  readonly #dimensions: number;
  readonly #context: CallContext;
  readonly #outage = new Outage();
  #final: SiteragError | null = null;

  constructor(service: EmbeddingService, dimensions: number, context: CallContext) {
    this.#service = service;
    this.#dimensions = dimensions;
    this.#context = context;
  }

  /** Embeds a pack. The report is null when nothing was sent, because nothing could succeed. */
  async settle(
    items: readonly PlanItem[],
    inputsOf: InputsOf,
  ): Promise<{ settled: SettledItem[]; report: CallReport | null }> {
    const unsent = this.#unsent();
    if (unsent !== null) {
      return { settled: items.map((item) => ({ item, result: unsent })), report: null };
    }
    const inputs = await inputsOf(items);
    const tokens = items.map((item) => item.tokens);
    const pack = { inputs, tokens, taskType: taskOf(items) };
    const report = await this.#service.embed(pack, this.#context);
    const settled = items.map((item, at) => ({ item, result: this.#result(report.outcomes[at]) }));
    this.#outage.note(failureOf(settled));
    return { settled, report };
  }

  /** Why nothing is sent any more; null: it is. */
  #unsent(): EmbeddingResult | null {
    if (this.#final !== null) return notOk(this.#final);
    const { reason: error } = this.#outage;
    if (error === null) return null;
    const reason = `${error.message} Run \`siterag index\` again later.`;
    return { status: "pending", job: null, reason, error };
  }

  #result(outcome: TextOutcome | undefined): EmbeddingResult {
    try {
      if (outcome === undefined) throw new TypeError("no outcome for this text");
      if ("error" in outcome) throw outcome.error;
      checkVectors([outcome.vector], 1, this.#dimensions);
      return { status: "ok", vector: outcome.vector, route: "individual" };
    } catch (cause) {
      const error = toError(cause);
      if (error instanceof SiteragError && FINAL.has(error.code)) this.#final ??= error;
      return notOk(error);
    }
  }
}

/** Failures of which time, or the next run, is the cure. */
const WAITING: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["QUOTA_OF_DAY", "BUDGET_REACHED"]);

/** A text for which day or budget has no request left waits; all else has failed. */
function notOk(error: Error): EmbeddingResult {
  return error instanceof SiteragError && WAITING.has(error.code)
    ? { status: "pending", job: null, reason: error.message, error }
    : { status: "failed", error };
}

/** Why all texts of a call failed; null: the service has answered. */
function failureOf(settled: readonly SettledItem[]): Error | null {
  const errors = settled.flatMap(({ result }) => ("error" in result ? (result.error ?? []) : []));
  return errors.length < settled.length ? null : (errors.at(-1) ?? null);
}

/** The task of a pack, which all of its texts share. */
export const taskOf = (items: readonly PlanItem[]): TaskType =>
  items[0]?.taskType ?? "RETRIEVAL_DOCUMENT";
