import { pack } from "../planning/pack.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { Clock, EmbeddingSpace, PlanItem, SettledItem } from "../words/types.ts";
import { CallGate } from "../sending/call-gate.ts";
import type { PlanExecution } from "./client.ts";
import { runPool } from "../sending/pool.ts";
import type { CallContext, EmbeddingService } from "../sending/service.ts";
import { CallSettler } from "./settle-calls.ts";
import type { UsageTally } from "./usage-tally.ts";

export type Packs = readonly (readonly PlanItem[])[];

export interface CallSettings {
  /** Individual calls under way at once. */
  readonly maxParallel: number;
  /** Texts in one individual call, at most. */
  readonly textsPerCall: number;
  readonly space: EmbeddingSpace;
  readonly profile: ProviderProfile;
  readonly clock: Clock;
}

interface CallsOptions {
  readonly service: EmbeddingService;
  readonly settings: CallSettings;
  readonly execution: Pick<PlanExecution, "inputsOf" | "observe" | "settle" | "signal">;
  readonly context: CallContext;
  readonly usage: UsageTally;
}

/** What is special to texts that go by calls. */
interface CalledTexts {
  /** A job has held them before, and may have served them. Default false. */
  readonly wereInJob?: boolean;
  /** May change an outcome before it is settled. */
  readonly asTold?: (settled: SettledItem) => SettledItem;
}

/** The individual calls of one run: those of its plan, and those for what its jobs have not served. */
export class RunCalls {
  readonly #options: CallsOptions;
  readonly #settler: CallSettler;
  readonly #places: CallGate;

  constructor(options: CallsOptions) {
    this.#options = options;
    const { service, settings, context } = options;
    const { clock, maxParallel: most } = settings;
    this.#settler = new CallSettler(service, settings.space.dimensions, context);
    this.#places = new CallGate({ most, maxQueued: Number.POSITIVE_INFINITY, clock });
  }

  /** Texts as they go by calls, whatever the plan had for them. */
  pack(items: readonly PlanItem[]): Packs {
    const { profile, textsPerCall } = this.#options.settings;
    const { limits } = profile.individual;
    return pack(items, { ...limits, texts: Math.min(textsPerCall, limits.texts) });
  }

  /** Sends packs and settles each as it is answered. */
  async sendAll(packs: Packs, { wereInJob = false, asTold }: CalledTexts = {}): Promise<void> {
    const { execution, settings, usage } = this.#options;
    const { inputsOf, observe, signal } = execution;
    const call = async (items: readonly PlanItem[]): Promise<void> => {
      if (signal?.aborted === true) return;
      const { settled, report } = await this.#settler.settle(items, inputsOf);
      for (const latencyMs of report?.latenciesMs ?? []) observe?.("individual", latencyMs / 1000);
      if (report !== null && wereInJob) usage.addRepeated(report);
      if (report !== null && !wereInJob) usage.addCalls(report);
      await execution.settle(asTold === undefined ? settled : settled.map(asTold));
    };
    // Jobs that leave texts to calls share the places: so many answers are uncommitted, and no more.
    const inPlace = (items: readonly PlanItem[]): Promise<void> =>
      this.#places.run(() => call(items), NEVER);
    await runPool(packs, settings.maxParallel, inPlace, signal);
  }
}

const NEVER = new AbortController().signal;
