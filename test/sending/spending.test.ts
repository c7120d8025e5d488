import { describe, expect, test } from "vitest";
import { NO_BUDGET, NOTHING_SPENT } from "../../src/planning/budget.ts";
import type { Budget } from "../../src/planning/budget.ts";
import { generationProfile } from "../../src/planning/generation-profile.ts";
import { isOverBudget, Spending } from "../../src/sending/spending.ts";

const WRITTEN = 100;
/** A dollar a token read, and two a token written; half of that in a job. */
const profile = generationProfile("tier1", {
  usdPerMillionInputTokens: 1e6,
  usdPerMillionOutputTokens: 2e6,
});

/** Of a run in which each text has about 100 tokens written for it. */
const spendingOf = (budget: Partial<Budget>, requests = 0): Spending =>
  new Spending({
    budget: { ...NO_BUDGET, ...budget },
    profile,
    before: { ...NOTHING_SPENT, requests },
    outputTokens: WRITTEN,
  });

describe("a text is taken while the budget holds it with its answer", () => {
  test.each([
    { budget: {}, road: "individual", fits: 4 },
    { budget: { maxRequests: 3 }, road: "individual", fits: 3 },
    { budget: { maxTokens: 450 }, road: "individual", fits: 3 },
    { budget: { maxTokens: 449 }, road: "individual", fits: 2 },
    { budget: { maxCostUsd: 750 }, road: "individual", fits: 3 },
    { budget: { maxCostUsd: 375 }, road: "batch", fits: 3 },
    { budget: { maxCostUsd: 374 }, road: "batch", fits: 2 },
  ] as const)("$budget by $road: $fits of four", ({ budget, fits, road }) => {
    expect(spendingOf(budget).take([50, 50, 50, 50], road)).toBe(fits);
    const oneByOne = spendingOf(budget);
    expect([50, 50, 50, 50].map((tokens) => oneByOne.take([tokens], road))).toEqual(
      [0, 1, 2, 3].map((at) => (at < fits ? 1 : 0)),
    );
  });

  test("beside what the rest of the run needs", () => {
    const spending = spendingOf({ maxRequests: 3 }, 2);
    expect(spending.take([50, 50], "individual")).toBe(1);
    expect(spending.reached).toEqual({ limit: "maxRequests", most: 3 });
    expect(spending.refusal().message).toContain("budget.maxRequests: 3");
    expect(isOverBudget(spending.refusal())).toBe(true);
    expect(spending.spent).toMatchObject({ requests: 1, tokens: 150 });
  });

  test("and beside what it turns out to need, which nothing is taken from", () => {
    const spending = spendingOf({ maxRequests: 5 }, 2);
    spending.take([50], "individual");
    spending.reserve({ requests: 1, tokens: 30, costUsd: 2 });
    expect(spending.inAll).toMatchObject({ requests: 4, tokens: 180 });
    expect(spending.take([50, 50], "individual")).toBe(1);
    expect(spending.spent).toMatchObject({ requests: 2, tokens: 300 });
  });

  test("one that does not fit takes nothing from a smaller one", () => {
    const spending = spendingOf({ maxTokens: 150 });
    expect(spending.take([51], "individual")).toBe(0);
    expect(spending.take([50], "individual")).toBe(1);
  });

  test("without an answer only what is read counts", () => {
    const budget = { ...NO_BUDGET, maxTokens: 100 };
    expect(new Spending({ budget, profile }).take([50, 50, 50], "batch")).toBe(2);
  });

  test("while all fit, there is nothing to refuse", () => {
    const spending = spendingOf({ maxRequests: 3 });
    spending.take([50], "batch");
    expect(spending.reached).toBeNull();
    expect(() => spending.refusal()).toThrow(TypeError);
  });
});

describe("what the service has counted stands in for the estimate", () => {
  test.each([
    { answers: "longer", output: 151, fits: 0 },
    { answers: "as long as the room is", output: 150, fits: 1 },
    { answers: "empty", output: 0, fits: 1 },
  ])("$answers: of the next ones $fits fits", ({ output, fits }) => {
    const spending = spendingOf({ maxTokens: 350 });
    spending.take([50], "individual");
    spending.correct([50], { input: 50, output }, "individual");
    expect(spending.take([50], "individual")).toBe(fits);
  });

  test("of a prompt, too, and at the price of its road", () => {
    const spending = spendingOf({ maxCostUsd: 300 });
    spending.take([50], "batch");
    // Half of $70 and of twice $90 are $125, and half of $150 and of twice $100 are $175.
    spending.correct([50], { input: 70, output: 90 }, "batch");
    expect(spending.take([151], "batch")).toBe(0);
    expect(spending.take([150], "batch")).toBe(1);
  });

  test("of several at once, and their requests count all the same", () => {
    const spending = spendingOf({ maxRequests: 2 });
    spending.take([50, 60], "individual");
    spending.correct([50, 60], { input: 0, output: 0 }, "individual");
    expect(spending.spent).toEqual({ requests: 2, tokens: 0, costUsd: 0 });
    expect(spending.take([0], "individual")).toBe(0);
  });
});

test.each([{ maxRequests: 1 }, { maxTokens: 150 }, { maxCostUsd: 125 }])(
  "what was not sent leaves its room: %j",
  (budget) => {
    const spending = spendingOf(budget);
    spending.take([50], "batch");
    spending.giveBack([50], "batch");
    expect(spending.spent).toEqual(NOTHING_SPENT);
    expect(spending.take([50, 50], "batch")).toBe(1);
  },
);
