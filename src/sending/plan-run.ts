import { NO_BUDGET } from "../planning/budget.ts";
import type { ProviderProfile } from "../planning/provider-profile.ts";
import type { PoolUse } from "../words/metrics.ts";
import type { Clock, EmbeddingSpace, Plan, SettledItem, Usage } from "../words/types.ts";
import type { Polling } from "./await-job.ts";
import type { Calls } from "./calls.ts";
import type { Execution } from "./client.ts";
import { carriedOut, type Listener } from "./events.ts";
import type { Contents } from "./job-results.ts";
import type { Provider } from "./provider.ts";
import type { RetryPolicy } from "./retry.ts";
import { RunCalls } from "./run-calls.ts";
import { RunJobs } from "./run-jobs.ts";
import { Spending } from "./spending.ts";
import { UsageTally } from "./usage-tally.ts";

/** What a client sends by. */
export interface SendingSettings<Input, Output> {
  readonly provider: Provider<Input, Output>;
  readonly calls: Calls<Input, Output>;
  readonly profile: ProviderProfile;
  readonly space: EmbeddingSpace;
  readonly contents: Contents;
  /** Calls of one run under way at once. */
  readonly maxParallel: number;
  /** Texts in one call, at most. */
  readonly textsPerCall: number;
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly polling: Polling;
  /** How often the creation of a job is tried. */
  readonly retries: RetryPolicy;
  /** Tells the listeners of the client. */
  readonly tell: Listener;
  /** Whether the use of the client's call slots is told with the end of a set. */
  readonly isPoolTold: boolean;
}

/**
 * Carries out a plan: the calls through a bounded pool, and then the jobs, side by side. Each pack
 * is settled as soon as it is answered.
 */
export async function carryOutPlan<Input, Output>(
  plan: Plan,
  given: Execution<Input, Output>,
  settings: SendingSettings<Input, Output>,
): Promise<Usage> {
  const { calls, clock, isPoolTold, profile } = settings;
  const { callsDeadlineMs = Number.POSITIVE_INFINITY, cacheHits = 0, requestsOfDay } = given;
  const { signal, observe } = given;
  const tell: Listener = (event) => {
    settings.tell(event);
    given.onEvent?.(event);
  };
  const outcomes = { pending: 0, served: 0 };
  const execution: Execution<Input, Output> = {
    ...given,
    settle: (settled: readonly SettledItem<Output>[]) => {
      for (const { result } of settled) {
        if (result.status === "pending") outcomes.pending += 1;
        if (result.status === "ok") outcomes.served += 1;
      }
      return given.settle(settled);
    },
  };
  const startedAt = clock.now();
  const tally = new UsageTally();
  const { spending = new Spending({ budget: NO_BUDGET, profile }) } = given;
  const deadlineAt = startedAt + callsDeadlineMs;
  const run = { signal, deadlineAt, requestsOfDay, spending, tally, tell, observe };
  const { maxParallel, textsPerCall } = settings;
  const now = (): number => clock.now();
  const runCalls = new RunCalls({ calls, profile, maxParallel, textsPerCall, execution, run, now });
  const poolUse = isPoolTold ? calls.concurrency.watch() : (): PoolUse | null => null;
  try {
    await runCalls.sendAll(plan.calls);
    if (plan.jobs.length > 0) {
      const jobs = new RunJobs({ plan, execution, settings, calls: runCalls, run, startedAt });
      await jobs.runAll();
    }
  } finally {
    // A run that cannot go on has cost something, too.
    const pool = poolUse();
    const usage = tally.total(profile, cacheHits);
    if (plan.estimate.texts + cacheHits > 0) {
      const durationMs = clock.now() - startedAt;
      const { averageLatencyMs } = tally;
      tell(carriedOut(plan, usage, { ...outcomes, durationMs, averageLatencyMs, pool }, profile));
    }
  }
  return tally.total(profile);
}
