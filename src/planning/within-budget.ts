import type { Plan } from "../words/plans.ts";
import { passedLimit, sumOfSpent, type Budget, type ReachedLimit, type Spent } from "./budget.ts";

/** What a budget holds of some items. */
export interface Fit<Item> {
  readonly fitting: readonly Item[];
  /** The one of them of which only a part goes now; null: there is none. */
  readonly inPart: Item | null;
  /** The limit that holds others back; null where none is held. */
  readonly reached: ReachedLimit | null;
}

/** What an item takes of a budget, and, where a part of it can go before, what that part takes. */
interface Need {
  readonly whole: Spent;
  readonly part?: Spent;
}

/**
 * Which items a budget holds, from the first on. One that no run ever holds does not keep back those
 * after it. Where at least its part fits, that goes before all others, and the rest with the next run.
 */
export function fitInto<Item>(
  items: readonly Item[],
  needOf: (item: Item) => Need,
  budget: Budget,
  before: Spent,
): Fit<Item> {
  const fitting: Item[] = [];
  let inPart: Item | null = null;
  let reached: ReachedLimit | null = null;
  let spent = before;
  const passedWith = (more: Spent) => passedLimit(sumOfSpent(spent, more), budget);
  for (const item of items) {
    const { whole, part } = needOf(item);
    const passed = passedWith(whole);
    if (passed === null) {
      fitting.push(item);
      spent = sumOfSpent(spent, whole);
      continue;
    }
    reached ??= passed;
    if (passedLimit(whole, budget) === null) break;
    if (part === undefined || spent.requests > 0 || passedWith(part) !== null) continue;
    fitting.push(item);
    inPart = item;
    spent = sumOfSpent(spent, part);
  }
  return { fitting, inPart, reached };
}

/** Fewer items may go by another road, at another price: what is left is planned anew until it fits. */
export function planFitting<Item>(
  items: readonly Item[],
  planOf: (items: readonly Item[]) => Plan,
  fitOf: (plan: Plan, items: readonly Item[]) => Fit<Item>,
): Fit<Item> & { readonly plan: Plan } {
  const plan = planOf(items);
  const fit = fitOf(plan, items);
  if (fit.fitting.length === items.length) return { ...fit, plan };
  const fewer = planFitting(fit.fitting, planOf, fitOf);
  return { ...fewer, reached: fewer.reached ?? fit.reached };
}
