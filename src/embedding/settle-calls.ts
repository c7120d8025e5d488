import { toError } from "../words/errors.ts";
import type {
  EmbeddingInput,
  EmbeddingResult,
  PlanItem,
  SettledItem,
  TaskType,
} from "../words/types.ts";
import { checkVectors } from "./check-vectors.ts";

import { notOk } from "../sending/given-up.ts";
import { SendingStop } from "../sending/sending-stop.ts";
import type { CallContext, CallReport, EmbeddingService, TextOutcome } from "../sending/service.ts";

type InputsOf = (items: readonly PlanItem[]) => Promise<readonly EmbeddingInput[]>;

/** Makes the calls of one run. */
export class CallSettler {
  readonly #service: EmbeddingService;
  readonly #dimensions: number;
  readonly #context: CallContext;
  readonly #stop = new SendingStop();

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
    const { unsent } = this.#stop;
    if (unsent !== null) {
      return { settled: items.map((item) => ({ item, result: unsent })), report: null };
    }
    const inputs = await inputsOf(items);
    const tokens = items.map((item) => item.tokens);
    const pack = { inputs, tokens, taskType: taskOf(items) };
    const report = await this.#service.embed(pack, this.#context);
    const settled = items.map((item, at) => ({ item, result: this.#result(report.outcomes[at]) }));
    this.#stop.note(
      settled.map(({ result }) => (result.status === "ok" ? null : (result.error ?? null))),
    );
    return { settled, report };
  }

  #result(outcome: TextOutcome | undefined): EmbeddingResult {
    try {
      if (outcome === undefined) throw new TypeError("no outcome for this text");
      if ("error" in outcome) throw outcome.error;
      checkVectors([outcome.vector], 1, this.#dimensions);
      return { status: "ok", vector: outcome.vector, route: "individual" };
    } catch (cause) {
      return notOk(toError(cause));
    }
  }
}

/** The task of a pack, which all of its texts share. */
export const taskOf = (items: readonly PlanItem[]): TaskType =>
  items[0]?.taskType ?? "RETRIEVAL_DOCUMENT";
