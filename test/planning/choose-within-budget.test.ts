import { array, assert, constantFrom, integer, option, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import { NO_BUDGET } from "../../src/planning/budget.ts";
import { chooseStrategy } from "../../src/planning/choose-strategy.ts";
import { chooseWithinBudget } from "../../src/planning/choose-within-budget.ts";
import { geminiProfile } from "../../src/planning/gemini-profile.ts";
import { BATCHING, itemsOf } from "./plan-items.ts";

const profile = geminiProfile("gemini-embedding-2", 768, { tier: "tier1" });

/** Twenty texts of 400 tokens, of which 410 are sent. A job costs $0.000041 a text, a call twice that. */
const plannedFor = (budget: object, texts = 20) =>
  chooseWithinBudget(itemsOf(texts), BATCHING, { profile }, { ...NO_BUDGET, ...budget });

test("without limits the plan is that of all texts", () => {
  const { plan, overBudget } = plannedFor({});
  expect(overBudget).toBeNull();
  expect(plan).toEqual(chooseStrategy(itemsOf(20), BATCHING, { profile }));
});

describe("what the budget does not hold is left out, from the end", () => {
  test.each([
    { budget: { maxRequests: 20 }, sent: 20 },
    { budget: { maxRequests: 12 }, sent: 12 },
    { budget: { maxTokens: 4919 }, sent: 11 },
    { budget: { maxTokens: 4920 }, sent: 12 },
    { budget: { maxCostUsd: 0.00049 }, sent: 11 },
    { budget: { maxCostUsd: 0.000493 }, sent: 12 },
    { budget: { maxRequests: 15, maxCostUsd: 0.00049 }, sent: 11 },
  ])("$budget: $sent of 20 texts", ({ budget, sent }) => {
    const { plan, overBudget } = plannedFor(budget);
    expect(plan.estimate).toMatchObject({ texts: sent, calls: 0, jobs: 1 });
    expect(plan.jobs.flat()).toEqual(itemsOf(20).slice(0, sent));
    expect(overBudget?.textsLeft ?? 0).toBe(20 - sent);
  });

  test("and the reason names number and setting", () => {
    const { plan, overBudget } = plannedFor({ maxCostUsd: 0.00049 });
    expect(plan.reason).toMatch(/^11 texts → batch: /u);
    expect(plan.reason).toMatch(
      /; 9 of 20 texts stay pending \(budget\.maxCostUsd: \$0\.00049\)$/u,
    );
    expect(overBudget).toEqual({ limit: "maxCostUsd", most: 0.00049, textsLeft: 9 });
  });

  test("a budget of nothing sends nothing", () => {
    const { plan } = plannedFor({ maxRequests: 0 });
    expect(plan).toMatchObject({
      resolved: "none",
      reason: "nothing to send: 20 of 20 texts stay pending (budget.maxRequests: 0)",
    });
  });
});

test("a text that alone passes the budget keeps none after it from being sent", () => {
  const others = itemsOf(20).slice(1);
  const items = [...itemsOf(1, 5000), ...others];
  const budget = { ...NO_BUDGET, maxTokens: 4920 };
  const { plan, overBudget } = chooseWithinBudget(items, BATCHING, { profile }, budget);
  expect(plan.jobs.flat()).toEqual(others.slice(0, 12));
  expect(overBudget).toMatchObject({ limit: "maxTokens", textsLeft: 8 });
});

test("fewer texts may go another road, at that road's price", () => {
  // Nine by a job would cost $0.000369; but nine are hybrid, and three of them cost twice as much.
  const { plan, overBudget } = plannedFor({ maxCostUsd: 0.00038 });
  expect(plan).toMatchObject({ resolved: "hybrid", estimate: { texts: 6 } });
  expect(plan.estimate.costUsd).toBeLessThanOrEqual(0.00038);
  expect(overBudget?.textsLeft).toBe(14);
});

const limit = (max: number) => option(integer({ min: 0, max }), { nil: null });

test("no plan passes the budget, whatever the texts", () => {
  assert(
    property(
      array(integer({ min: 1, max: 900 }), { maxLength: 40 }),
      record({ maxRequests: limit(40), maxTokens: limit(20_000), maxCostUsd: limit(4000) }),
      constantFrom("auto", "batch", "individual"),
      (sizes, given, strategy) => {
        const items = sizes.map((tokens, at) => ({
          ...itemsOf(1)[0],
          tokens,
          fingerprint: `${at}`,
        }));
        const maxCostUsd = given.maxCostUsd === null ? null : given.maxCostUsd / 1e6;
        const budget = { ...given, maxCostUsd };
        const settings = { ...BATCHING, strategy };
        const some = items.map((item) => ({ bytes: 1, page: "page.md", ...item }));
        const { plan, overBudget } = chooseWithinBudget(some, settings, { profile }, budget);
        const { texts, tokens, costUsd: planned } = plan.estimate;
        const costUsd = planned ?? Number.NaN;
        expect(texts).toBeLessThanOrEqual(budget.maxRequests ?? texts);
        expect(tokens).toBeLessThanOrEqual(budget.maxTokens ?? tokens);
        expect(costUsd).toBeLessThanOrEqual((maxCostUsd ?? costUsd) + 1e-9);
        expect(texts + (overBudget?.textsLeft ?? 0)).toBe(items.length);
      },
    ),
  );
});
