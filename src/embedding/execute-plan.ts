import { SiteragError, toError } from "../errors.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { Clock, EmbeddingInput, Plan, PlanItem, Usage } from "../types.ts";
import { awaitJob } from "./await-job.ts";
import type { JobWait, Polling } from "./await-job.ts";
import type { PlanExecution, SettledItem } from "./client.ts";
import { runPool } from "./pool.ts";
import type { EmbeddingService } from "./service.ts";
import { CallSettler, taskOf } from "./settle-calls.ts";
import { settleRows } from "./settle-rows.ts";
import { UsageTally } from "./usage-tally.ts";

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
  const { inputsOf, settle, signal, deadlineMs = Number.POSITIVE_INFINITY } = execution;
  const { clock, polling, profile } = settings;
  const started = clock.now();
  const usage = new UsageTally();
  const calls = new CallSettler(service, settings.dimensions, {
    signal,
    deadlineAt: started + (execution.callsDeadlineMs ?? Number.POSITIVE_INFINITY),
    requestsOfDay: execution.requestsOfDay,
  });
  const wait = { clock, polling, signal, deadlineAt: started + deadlineMs };
  const call = async (items: readonly PlanItem[]): Promise<void> => {
    const { settled, report } = await calls.settle(items, inputsOf);
    if (report !== null) usage.addCalls(report);
    await settle(settled);
  };
  const job = async (items: readonly PlanItem[]): Promise<void> => {
    const inputs = await inputsOf(items);
    await settle(
      await settleJob(items, inputs, service, {
        ...wait,
        dimensions: settings.dimensions,
        onCreated: () => usage.addJob(items),
      }),
    );
  };
  await runPool(plan.calls, settings.maxParallel, call, signal);
  await runPool(plan.jobs, profile.batch?.jobsAtOnce ?? 1, job, signal);
  return usage.total(profile);
}

interface JobHandling extends JobWait {
  readonly dimensions: number;
  readonly onCreated: () => void;
}

async function settleJob(
  items: readonly PlanItem[],
  inputs: readonly EmbeddingInput[],
  service: EmbeddingService,
  handling: JobHandling,
): Promise<SettledItem[]> {
  try {
    const keyed = inputs.map((input, at) => ({ key: items[at]?.fingerprint ?? "", input }));
    const name = await service.createJob(keyed, taskOf(items));
    handling.onCreated();
    const state = await awaitJob(() => service.readJob(name), handling);
    if (state === null) {
      const reason = `in the batch job ${name}`;
      return items.map((item) => ({ item, result: { status: "pending", job: name, reason } }));
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
