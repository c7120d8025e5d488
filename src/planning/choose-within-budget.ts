import type { Plan, PlanItem } from "../words/types.ts";
import { count } from "../words/amounts.ts";
import {
  nameOfLimit,
  NOTHING_SPENT,
  passedLimit,
  spentOn,
  sumOfSpent,
  type Budget,
  type ReachedLimit,
  type Spent,
} from "./budget.ts";
import { chooseStrategy } from "./choose-strategy.ts";
import type { BatchingOptions, PlanContext } from "./choose-roads.ts";
import { tokensAsSent } from "./estimate.ts";

/** Texts that are not in a plan, because they would pass the budget. */
export interface OverBudget extends ReachedLimit {
  readonly textsLeft: number;
}

export interface BudgetedPlan {
  readonly plan: Plan;
  /** Null: the plan holds every text. */
  readonly overBudget: OverBudget | null;
}

/** What a run has come to before it plans its texts. */
export interface BeforeTexts {
  readonly spent: Spent;
  /** Texts, not among the items, that the budget has held back already; null: none. */
  readonly held: OverBudget | null;
}

/**
 * Decides as `chooseStrategy` does for as many texts, from the first on, as the budget holds; those
 * sent at once come before those in jobs. One that alone passes it is left out. The plan's reason tells of the others.
 */
export function chooseWithinBudget(
  items: readonly PlanItem[],
  batching: BatchingOptions,
  context: PlanContext,
  budget: Budget,
  { spent, held }: BeforeTexts = { spent: NOTHING_SPENT, held: null },
): BudgetedPlan {
  const limits = { budget, before: spent };
  const { plan, sent, reached: reachedNow } = fitted(items, batching, context, limits);
  const reached = reachedNow ?? held;
  if (reached === null) return { plan, overBudget: null };
  const heldBefore = held?.textsLeft ?? 0;
  const textsLeft = items.length - sent + heldBefore;
  const left = `${textsLeft.toLocaleString("en")} of ${count(items.length + heldBefore, "text")} ${textsLeft === 1 ? "stays" : "stay"} pending: ${nameOfLimit(reached)}`;
  const reason =
    sent === 0 && !isWaiting(context) ? `nothing to send: ${left}` : `${plan.reason}; ${left}`;
  const { limit, most } = reached;
  return { plan: { ...plan, reason }, overBudget: { limit, most, textsLeft } };
}

/** Whether there is another reason, too, why nothing may be sent. */
const isWaiting = ({ inJobs = 0, withoutSentence = 0 }: PlanContext): boolean =>
  inJobs + withoutSentence > 0;

interface Limits {
  readonly budget: Budget;
  /** What the run has sent already. */
  readonly before: Spent;
}

interface Fitted {
  readonly plan: Plan;
  readonly sent: number;
  readonly reached: ReachedLimit | null;
}

/** Fewer texts may go by another road, at another price: what is left is planned anew until it fits. */
function fitted(
  items: readonly PlanItem[],
  batching: BatchingOptions,
  context: PlanContext,
  limits: Limits,
): Fitted {
  const plan = chooseStrategy(items, batching, context);
  const { fitting, reached } = fittingOf(plan, context, limits);
  if (reached === null) return { plan, sent: items.length, reached };
  const rest = items.filter((item) => fitting.has(item));
  const fewer = fitted(rest, batching, context, limits);
  return { ...fewer, reached: fewer.reached ?? reached };
}

function fittingOf(
  { calls, jobs }: Plan,
  { profile }: PlanContext,
  { budget, before }: Limits,
): { readonly fitting: ReadonlySet<PlanItem>; readonly reached: ReachedLimit | null } {
  const fitting = new Set<PlanItem>();
  let spent = before;
  let reached: ReachedLimit | null = null;
  const inOrder = [
    ...calls.flat().map((item) => ({ item, road: "individual" as const })),
    ...jobs.flat().map((item) => ({ item, road: "batch" as const })),
  ];
  for (const { item, road } of inOrder) {
    const more = spentOn({ input: tokensAsSent([item], profile[road]), output: 0 }, profile[road]);
    const after = sumOfSpent(spent, more);
    const passed = passedLimit(after, budget);
    if (passed === null) {
      fitting.add(item);
      spent = after;
      continue;
    }
    reached ??= passed;
    // No run ever holds a text that is alone too large: those after it must not wait for it.
    if (passedLimit(more, budget) === null) break;
  }
  return { fitting, reached };
}
