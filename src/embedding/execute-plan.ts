import { SiteragError, toError } from "../errors.ts";
import { costOf } from "../planning/estimate.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { Clock, EmbeddingResult, Plan, PlanItem, Usage } from "../types.ts";
import { awaitJob } from "./await-job.ts";
import type { JobWait, Polling } from "./await-job.ts";
import { checkVectors } from "./check-vectors.ts";
import type { PlanExecution, SettledItem } from "./client.ts";
import { runPool } from "./pool.ts";
import type { EmbeddingService } from "./service.ts";
import { settleRows } from "./settle-rows.ts";

export interface ExecutionSettings {
  /** Individual calls under way at once. */
  readonly maxParallel: number;
  /** Length of every vector. */
  readonly dimensions: number;
  readonly profile: ProviderProfile;
  readonly clock: Clock;
  readonly polling: Polling;
}

/**
 * Carries out a plan: the calls through a bounded pool, and then the jobs, side by side. Each pack
 * is settled as soon as it is answered.
 */
export async function executePlan(
  plan: Plan,
  execution: PlanExecution,
  service: EmbeddingService,
  settings: ExecutionSettings,
): Promise<Usage> {
  const { textsOf, settle, signal, deadlineMs = Number.POSITIVE_INFINITY } = execution;
  const { clock, polling, profile } = settings;
  const sent = { calls: new Tally(), jobs: new Tally() };
  const wait = { clock, polling, signal, deadlineAt: clock.now() + deadlineMs };
  const call = async (items: readonly PlanItem[]): Promise<void> => {
    const texts = await textsOf(items);
    sent.calls.add(items);
    await settle(await settleCall(items, texts, service, settings.dimensions));
  };
  const job = async (items: readonly PlanItem[]): Promise<void> => {
    const texts = await textsOf(items);
    await settle(
      await settleJob(items, texts, service, {
        ...wait,
        dimensions: settings.dimensions,
        onCreated: () => sent.jobs.add(items),
      }),
    );
  };
  await runPool(plan.calls, settings.maxParallel, call, signal);
  await runPool(plan.jobs, profile.batch?.jobsAtOnce ?? 1, job, signal);
  return usageOf(sent.calls, sent.jobs, profile);
}

/** What has been sent by one road. */
class Tally {
  packs = 0;
  texts = 0;
  tokens = 0;

  add(items: readonly PlanItem[]): void {
    this.packs += 1;
    this.texts += items.length;
    for (const { tokens } of items) this.tokens += tokens;
  }
}

const usageOf = (calls: Tally, jobs: Tally, { individual, batch }: ProviderProfile): Usage => ({
  calls: calls.packs,
  jobs: jobs.packs,
  texts: calls.texts + jobs.texts,
  textsRepeated: 0,
  tokens: calls.tokens + jobs.tokens,
  costUsd: costOf(calls.tokens, individual) + costOf(jobs.tokens, batch),
  cacheHits: 0,
});

async function settleCall(
  items: readonly PlanItem[],
  texts: readonly string[],
  service: EmbeddingService,
  dimensions: number,
): Promise<SettledItem[]> {
  try {
    const vectors = await service.embed(texts);
    checkVectors(vectors, items.length, dimensions);
    return items.map((item, at) => ({ item, result: answered(vectors[at]) }));
  } catch (cause) {
    return allFailed(items, toError(cause));
  }
}

const answered = (vector: Float32Array | undefined): EmbeddingResult =>
  vector === undefined
    ? { status: "failed", error: new Error("no vector came back") }
    : { status: "ok", vector, route: "individual" };

interface JobHandling extends JobWait {
  readonly dimensions: number;
  readonly onCreated: () => void;
}

async function settleJob(
  items: readonly PlanItem[],
  texts: readonly string[],
  service: EmbeddingService,
  handling: JobHandling,
): Promise<SettledItem[]> {
  try {
    const keyed = items.map((item, at) => ({ key: item.fingerprint, text: texts[at] ?? "" }));
    const name = await service.createJob(keyed);
    handling.onCreated();
    const state = await awaitJob(() => service.readJob(name), handling);
    if (state === null) {
      return items.map((item) => ({ item, result: { status: "pending", job: name } }));
    }
    if (state !== "SUCCEEDED") return allFailed(items, jobFailed(name, state));
    return settleRows(items, await service.readRows(name), handling.dimensions);
  } catch (cause) {
    return allFailed(items, toError(cause));
  }
}

const jobFailed = (name: string, state: string): SiteragError =>
  new SiteragError(
    "JOB_FAILED",
    `The batch job ${name} ended as ${state}. Run \`siterag index\` again to send its texts anew.`,
  );

const allFailed = (items: readonly PlanItem[], error: Error): SettledItem[] =>
  items.map((item) => ({ item, result: { status: "failed", error } }));
