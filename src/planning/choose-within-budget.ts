import { count, grouped } from "../words/amounts.ts";
import type { Plan, PlanItem } from "../words/plans.ts";
import {
  nameOfLimit,
  NOTHING_SPENT,
  spentOn,
  type Budget,
  type ReachedLimit,
  type Spent,
} from "./budget.ts";
import type { BatchingOptions, PlanContext } from "./choose-roads.ts";
import { chooseStrategy } from "./choose-strategy.ts";
import { tokensAsSent } from "./estimate.ts";
import { fitInto, planFitting, type Fit } from "./within-budget.ts";

/** Texts that a plan leaves out, because they would exceed the budget. */
export interface OverBudget extends ReachedLimit {
  readonly textsLeft: number;
}

export const heldBy = (reached: ReachedLimit | null, textsLeft: number): OverBudget | null =>
  reached === null || textsLeft === 0 ? null : { ...reached, textsLeft };

export interface BudgetedPlan {
  readonly plan: Plan;
  /** Null: the plan holds every text. */
  readonly overBudget: OverBudget | null;
}

/** The state of the budget before a run plans its texts. */
export interface BeforeTexts {
  readonly spent: Spent;
  /** Texts that the budget already holds back, which are not among the items; null: none. */
  readonly held: OverBudget | null;
}

/**
 * Plans (see `chooseStrategy`) as many texts as fit the budget: first the texts in calls, then those
 * in jobs. Skips a text that alone exceeds it. The plan's reason counts the texts left out.
 */
export function chooseWithinBudget(
  items: readonly PlanItem[],
  batching: BatchingOptions,
  context: PlanContext,
  budget: Budget,
  { spent, held }: BeforeTexts = { spent: NOTHING_SPENT, held: null },
): BudgetedPlan {
  const { inJobs = 0, profile, withoutSentence = 0 } = context;
  const fitOf = ({ calls, jobs }: Plan, some: readonly PlanItem[]): Fit<PlanItem> => {
    const inJob = new Set(jobs.flat());
    const needOf = (item: PlanItem) => {
      const road = profile[inJob.has(item) ? "batch" : "individual"];
      return { whole: spentOn({ input: tokensAsSent([item], road), output: 0 }, road) };
    };
    const fit = fitInto([...calls, ...jobs].flat(), needOf, budget, spent);
    const fitting = new Set(fit.fitting);
    return { ...fit, fitting: some.filter((item) => fitting.has(item)) };
  };
  const fitted = planFitting(items, (some) => chooseStrategy(some, batching, context), fitOf);
  const { plan, fitting } = fitted;
  const reached = fitted.reached ?? held;
  if (reached === null) return { plan, overBudget: null };
  const all = items.length + (held?.textsLeft ?? 0);
  const textsLeft = all - fitting.length;
  const left = `${grouped(textsLeft)} of ${count(all, "text")} ${textsLeft === 1 ? "stays" : "stay"} pending (${nameOfLimit(reached)})`;
  const isNothing = fitting.length === 0 && inJobs + withoutSentence === 0;
  const reason = isNothing ? `nothing to send: ${left}` : `${plan.reason}; ${left}`;
  return { plan: { ...plan, reason }, overBudget: { ...reached, textsLeft } };
}
