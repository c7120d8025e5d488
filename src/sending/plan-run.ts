import { NO_BUDGET } from "../planning/budget.ts";
import type { PoolUse } from "../words/metrics.ts";
import type { Plan, SettledItem, Usage } from "../words/plans.ts";
import type { Execution } from "./client.ts";
import type { EngineParts } from "./engine-options.ts";
import { carriedOut, type Listener } from "./events.ts";
import { RunCalls } from "./run-calls.ts";
import { RunJobs } from "./run-jobs.ts";
import { Spending } from "./spending.ts";
import { UsageTally } from "./usage-tally.ts";

/**
 * Carries out a plan: the calls through a bounded pool, and then the jobs, side by side. Each pack
 * is settled as soon as it is answered.
 */
export async function carryOutPlan<Input, Output>(
  plan: Plan,
  given: Execution<Input, Output>,
  engine: EngineParts<Input, Output>,
): Promise<Usage> {
  const { calls, client, clock, isPoolTold = true } = engine;
  const { profile } = client;
  const { callsDeadlineMs = Number.POSITIVE_INFINITY, cacheHits = 0, requestsOfDay } = given;
  const { signal, observe } = given;
  const tell: Listener = (event) => {
    client.events.emit(event);
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
  const runCalls = new RunCalls(engine, execution, run);
  const poolUse = isPoolTold ? calls.concurrency.watch() : (): PoolUse | null => null;
  try {
    await runCalls.sendAll(plan.calls);
    if (plan.jobs.length > 0) {
      const jobs = new RunJobs({ plan, execution, engine, calls: runCalls, run, startedAt });
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
