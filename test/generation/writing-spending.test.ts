import { describe, expect, test } from "vitest";
import { WritingSpending } from "../../src/generation/writing-spending.ts";
import { NO_BUDGET, NOTHING_SPENT } from "../../src/planning/budget.ts";
import type { Budget } from "../../src/planning/budget.ts";
import { geminiProfile } from "../../src/planning/gemini-profile.ts";

const WRITTEN = 100;
/** A dollar a token read, and two a token written. */
const prices = { usdPerMillionInputTokens: 1e6, usdPerMillionOutputTokens: 2e6 };
const embedder = geminiProfile("gemini-embedding-001", 768, { tier: "tier1" });

const spendingOf = (budget: Partial<Budget>, requests = 0): WritingSpending =>
  new WritingSpending({
    budget: { ...NO_BUDGET, ...budget },
    reserved: { ...NOTHING_SPENT, requests },
    costs: { outputTokens: WRITTEN, prices },
    embedder,
  });

describe("a prompt is taken while the budget holds it with its answer", () => {
  test.each([
    { budget: { maxRequests: 3 }, road: "individual", fits: 3 },
    { budget: { maxTokens: 450 }, road: "individual", fits: 3 },
    { budget: { maxTokens: 449 }, road: "individual", fits: 2 },
    { budget: { maxCostUsd: 750 }, road: "individual", fits: 3 },
    { budget: { maxCostUsd: 375 }, road: "batch", fits: 3 },
    { budget: { maxCostUsd: 374 }, road: "batch", fits: 2 },
  ] as const)("$budget by $road: $fits", ({ budget, fits, road }) => {
    const spending = spendingOf(budget);
    const taken = Array.from({ length: 4 }, () => spending.take(50, road)?.code ?? "taken");
    expect(taken.filter((one) => one === "taken")).toHaveLength(fits);
    expect(taken.at(-1)).toBe("BUDGET_REACHED");
  });

  test("beside what the rest of the run needs", () => {
    const spending = spendingOf({ maxRequests: 3 }, 2);
    expect(spending.take(50, "individual")).toBeNull();
    expect(spending.take(50, "individual")?.message).toContain("budget.maxRequests of 3");
  });

  test("one that does not fit takes nothing from a smaller one", () => {
    const spending = spendingOf({ maxTokens: 150 });
    expect(spending.take(51, "individual")).not.toBeNull();
    expect(spending.take(50, "individual")).toBeNull();
  });
});

describe("what the service has counted stands in for the estimate", () => {
  test.each([
    { answers: "longer", output: 151, isRefused: true },
    { answers: "as long as the room is", output: 150, isRefused: false },
    { answers: "empty", output: 0, isRefused: false },
  ])("$answers: the next one is refused: $isRefused", ({ output, isRefused }) => {
    const spending = spendingOf({ maxTokens: 350 });
    spending.take(50, "individual");
    spending.correct(50, { input: 50, output }, "individual");
    expect(spending.take(50, "individual") !== null).toBe(isRefused);
  });

  test("of a prompt, too, and at the price of its road", () => {
    const spending = spendingOf({ maxCostUsd: 300 });
    spending.take(50, "batch");
    // Half of $70 and of twice $90 are $125, and half of $150 and of twice $100 are $175.
    spending.correct(50, { input: 70, output: 90 }, "batch");
    expect(spending.take(151, "batch")).not.toBeNull();
    expect(spending.take(150, "batch")).toBeNull();
  });

  test("its request counts all the same", () => {
    const spending = spendingOf({ maxRequests: 1 });
    spending.take(50, "individual");
    spending.correct(50, { input: 0, output: 0 }, "individual");
    expect(spending.take(0, "individual")).not.toBeNull();
  });
});

test.each([{ maxRequests: 1 }, { maxTokens: 150 }, { maxCostUsd: 125 }])(
  "what was not sent leaves its room: %j",
  (budget) => {
    const spending = spendingOf(budget);
    spending.take(50, "batch");
    spending.giveBack(50, "batch");
    expect(spending.take(50, "batch")).toBeNull();
    expect(spending.take(50, "batch")).not.toBeNull();
  },
);
