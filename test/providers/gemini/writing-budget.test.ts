import { describe, expect, test } from "vitest";
import type { ResolvedConfig } from "../../../src/config/schema.ts";
import { pagesOf, sentenceSite } from "./sentence-site.ts";

const PAGES = 12;
/** More than four hundred tokens, where a hundred are expected. */
const LONG = "A sentence that has far more words than anybody has asked for. ".repeat(30);
const alone = { strategy: "individual", maxParallelIndividual: 1 } as const;

const within = (config: ResolvedConfig, budget: Partial<ResolvedConfig["budget"]>) => ({
  ...config,
  budget: { ...config.budget, ...budget },
});

describe("sentences that become longer than expected", () => {
  const held = [expect.stringContaining("budget.maxTokens: 2,500")];

  test.each([2500, 4500, 6000])(
    "by calls, within %i tokens: no more than that are asked for, but for the one under way",
    async (maxTokens) => {
      const site = await sentenceSite(pagesOf(PAGES), { batching: alone }, { answer: () => LONG });
      const { docs, emulator, events, run } = site;
      const report = await run(within(docs.config, { maxTokens }));
      const { inputTokens, outputTokens, requests } = emulator.generation.billed;
      const written = inputTokens + outputTokens;
      expect(written + emulator.billed.tokens).toBeLessThanOrEqual(maxTokens + written / requests);
      // What is there is used, and what is not is left and told: none of it fails.
      const { pending } = report.chunks;
      expect(report).toMatchObject({ failures: [], chunks: { failed: 0 } });
      expect(report.warnings).toEqual([
        expect.stringMatching(new RegExp(`^${pending} texts .*budget.maxTokens`, "u")),
      ]);
      expect(report.plan.reason).toContain(`${pending} of ${PAGES} texts stay pending (budget`);
      expect(events.filter(({ type }) => type === "budget")).toEqual([
        { type: "budget", limit: "maxTokens", most: maxTokens, textsLeft: pending },
      ]);
    },
  );

  test("by a job: what it has passed the budget by is not spent on their texts, too", async () => {
    const batching = { strategy: "batch" } as const;
    const site = await sentenceSite(pagesOf(PAGES), { batching }, { answer: () => LONG });
    const { docs, emulator, run } = site;
    const report = await run(within(docs.config, { maxTokens: 2500 }));
    const { inputTokens, outputTokens } = emulator.generation.billed;
    expect(inputTokens + outputTokens).toBeGreaterThan(2500);
    expect(emulator.billed).toMatchObject({ jobs: 0, calls: 0 });
    expect(report).toMatchObject({ failures: [], warnings: held, chunks: { pending: PAGES } });
    expect(report.plan).toMatchObject({ resolved: "none", estimate: { texts: 0 } });
  });
});

test("an empty answer is requested again within the budget, and is not a failure", async () => {
  const { docs, emulator, run } = await sentenceSite(pagesOf(PAGES), { batching: alone });
  emulator.addFault({ name: "answer-empty" });
  const report = await run(within(docs.config, { maxRequests: 6 }));
  expect(report).toMatchObject({ failures: [], chunks: { pending: PAGES, failed: 0 } });
  expect(emulator.generation.seen.calls).toBe(3);
});

test("a text larger than the remaining budget waits for its own run, and never blocks the others", async () => {
  const giant = `# Giant\n\n${"Many words stand here. ".repeat(60)}\n`;
  const pages = { ...pagesOf(2, "a"), "giant.md": giant, ...pagesOf(2, "z") };
  const { docs, emulator, run } = await sentenceSite(pages, { batching: alone });
  // Holds the sentence of the giant and the giant, and nothing beside them.
  const config = within(docs.config, { maxTokens: 1200 });
  const pendings: number[] = [];
  for (let at = 0; at < 3; at += 1) pendings.push((await run(config)).chunks.pending);
  expect(pendings).toEqual([3, 2, 0]);
  expect(emulator.generation.billed).toMatchObject({ requests: 5, duplicates: 0 });
  expect(emulator.billed).toMatchObject({ texts: 5, duplicates: 0 });
});

test.each([
  {
    what: "tokens",
    pages: { "giant.md": `# Giant\n\n${"Many words stand here. ".repeat(60)}\n` },
    budget: { maxTokens: 700 },
  },
  { what: "requests", pages: pagesOf(1), budget: { maxRequests: 1 } },
])("where a run's $what hold a sentence or its text, two runs get both", async (given) => {
  const { pages, budget } = given;
  const { emulator, run } = await sentenceSite(pages, { batching: alone, budget });
  const first = await run();
  expect(first).toMatchObject({ enrichment: { sentences: 1 }, chunks: { pending: 1 } });
  expect(first.plan.reason).toContain("1 of 1 text stays pending");
  expect(await run()).toMatchObject({ chunks: { pending: 0 } });
  expect(emulator.generation.billed).toMatchObject({ requests: 1 });
});
