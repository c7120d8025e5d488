import type { Plan } from "../words/plans.ts";
import { passedLimit, sumOfSpent, type Budget, type ReachedLimit, type Spent } from "./budget.ts";

export interface Fit<Item> {
  readonly fitting: readonly Item[];
  /** The fitting item of which only a part goes now; null: none. */
  readonly inPart: Item | null;
  /** The limit that holds items back; null: no item is held back. */
  readonly reached: ReachedLimit | null;
}

/** What an item takes from a budget, and what its part takes if that can go alone. */
interface Need {
  readonly whole: Spent;
  readonly part?: Spent;
}

/**
 * Takes items in order until the next exceeds the budget. An item too large for any run is skipped; but
 * if nothing goes before it and its part fits, the part goes now and the rest in the next run.
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

/** Plans the fitting items again until all fit: fewer items may go by another road, at another price. */
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
