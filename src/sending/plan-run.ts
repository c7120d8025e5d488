import { NO_BUDGET } from "../planning/budget.ts";
import type { Plan, Usage } from "../words/plans.ts";
import type { Execution } from "./client.ts";
import type { EngineParts } from "./engine-options.ts";
import { carriedOut, type Listener } from "./events.ts";
import { RunCalls } from "./run-calls.ts";
import { RunJobs } from "./run-jobs.ts";
import { Spending } from "./spending.ts";
import { UsageTally } from "./usage-tally.ts";

/** Carries out a plan: the calls first, in parallel, and then the jobs. Settles answers as they arrive. */
export async function carryOutPlan<Input, Output>(
  plan: Plan,
  given: Execution<Input, Output>,
  engine: EngineParts<Input, Output>,
): Promise<Usage> {
  const { clock, isPoolTold = true } = engine;
  const { profile, events } = engine.client;
  const { callsDeadlineMs = Infinity, cacheHits = 0, requestsOfDay, signal, observe } = given;
  const { spending = new Spending({ budget: NO_BUDGET, profile }) } = given;
  const tell: Listener = (event) => {
    events.emit(event);
    given.onEvent?.(event);
  };
  const outcomes = { pending: 0, served: 0 };
  const execution: Execution<Input, Output> = {
    ...given,
    settle: (settled) => {
      for (const { result } of settled) {
        if (result.status === "pending") outcomes.pending += 1;
        if (result.status === "ok") outcomes.served += 1;
      }
      return given.settle(settled);
    },
  };
  const startedAt = clock.now();
  const tally = new UsageTally();
  const deadlineAt = startedAt + callsDeadlineMs;
  const run = { signal, deadlineAt, requestsOfDay, spending, tally, tell, observe };
  const calls = new RunCalls(engine, execution, run);
  const poolUse = isPoolTold ? engine.calls.concurrency.watch() : null;
  try {
    await calls.sendAll(plan.calls);
    if (plan.jobs.length > 0) {
      await new RunJobs({ plan, execution, engine, calls, run, startedAt }).runAll();
    }
  } finally {
    // A run that had to stop is told, too: it may have cost something.
    const pool = poolUse?.() ?? null;
    if (plan.estimate.texts + cacheHits > 0) {
      const { averageLatencyMs } = tally;
      const figures = { ...outcomes, durationMs: clock.now() - startedAt, averageLatencyMs, pool };
      tell(carriedOut(plan, tally.total(profile, cacheHits), figures, profile));
    }
  }
  return tally.total(profile);
}
