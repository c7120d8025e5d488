import { expect, test, vi } from "vitest";
import { indexSite } from "../../../src/indexing/index-site.ts";
import { planSite } from "../../../src/indexing/plan-site.ts";
import { Meta } from "../../../src/store/meta.ts";
import { readStatus } from "../../../src/upkeep/status.ts";
import { docsSite } from "../../support/docs-site.ts";
import { geminiHarness } from "./gemini-harness.ts";

const CALL_SECONDS = 20;
const JOB_SECONDS = 240;
/** Little, so that a small site has something to gain. */
const VALUE_OF_MINUTE_USD = 0.00002;

/** Texts of one size, named by their edition. */
const pages = (edition: string, count: number): [string, string][] =>
  Array.from({ length: count }, (_, page) => [
    `page-${page + 10}.md`,
    `# Page ${page + 10}\n\nWhat page number ${page + 10} says in edition ${edition}.\n`,
  ]);

test("the threshold reaches the optimum for the measured latencies of calls and jobs", async () => {
  const batching = {
    batchThreshold: "adaptive",
    valueOfMinuteUsd: VALUE_OF_MINUTE_USD,
    onDeadline: "defer",
  } as const;
  const embedding = { provider: "gemini", dimensions: 128 } as const;
  const docs = await docsSite(Object.fromEntries(pages("A", 30)), { batching, embedding });
  const { client, clock, emulator } = await geminiHarness(
    {},
    { latencyMs: CALL_SECONDS * 1000, jobMs: JOB_SECONDS * 1000 },
  );
  const options = { config: docs.config, client, clock };
  // By what is typical, 60 s and 0.4 s.
  const before = await planSite(options);
  expect(before.plan.resolved).toBe("batch");
  await indexSite(options);
  // By a job of 240 s: one page more goes by a call.
  await docs.write(...(pages("B", 1)[0] ?? ["", ""]));
  await indexSite(options);
  expect(emulator.billed).toMatchObject({ calls: 1, jobs: 1 });

  for (const [page, text] of pages("C", 12)) await docs.write(page, text);
  const after = await planSite(options);
  const { texts, tokens } = after.plan.estimate;
  const savedByText = (tokens / texts) * ((0.2 - 0.1) / 1_000_000);
  const waitUsd = ((JOB_SECONDS - CALL_SECONDS) / 60) * VALUE_OF_MINUTE_USD;
  const optimum = Math.ceil(waitUsd / savedByText);
  expect(after.plan.resolved).toBe("individual");
  expect(after.plan.reason).toContain(`(auto: fewer than ${optimum} texts, adaptive: `);
  expect(after.plan.reason).toContain("takes about 4 minutes longer");
});

test("times that cannot be stored hold back no index", async () => {
  const embedding = { provider: "gemini", dimensions: 128 } as const;
  const batching = { batchThreshold: "adaptive" } as const;
  const docs = await docsSite(Object.fromEntries(pages("A", 3)), { embedding, batching });
  const { client, clock } = await geminiHarness({}, { latencyMs: CALL_SECONDS * 1000 });
  const { config } = docs;
  vi.spyOn(Meta.prototype, "keepLatencies").mockRejectedValueOnce(new Error("no room"));
  await expect(indexSite({ config, client, clock })).rejects.toThrow("no room");
  expect(await readStatus({ config })).toMatchObject({ index: { pages: 3 } });
});

test("a fixed threshold leaves no latencies in the store", async () => {
  const embedding = { provider: "gemini", dimensions: 128 } as const;
  const docs = await docsSite(Object.fromEntries(pages("A", 3)), { embedding });
  const { client, clock } = await geminiHarness({}, { latencyMs: CALL_SECONDS * 1000 });
  await indexSite({ config: docs.config, client, clock });
  const adaptive = docs.withConfig({ embedding, batching: { batchThreshold: "adaptive" } });
  await docs.write("new.md", "# New\n\nA page that was not there.\n");
  const { plan } = await planSite({ config: adaptive, client, clock });
  expect(plan.estimate).toMatchObject({ texts: 1, seconds: 0.4 });
});

test.each([
  { ordered: "in this run", deadlines: [5] },
  { ordered: "by an earlier run", deadlines: [0, 5] },
])(
  "a run does not wait again for a job $ordered that it waited for in vain",
  async ({ deadlines }) => {
    const embedding = { provider: "gemini", dimensions: 128 } as const;
    const docs = await docsSite(Object.fromEntries(pages("A", 30)), { embedding });
    const { client, clock } = await geminiHarness({}, { jobMs: 3_600_000 });
    const configOf = (deadlineMinutes: number) => {
      const onDeadline = deadlineMinutes === 0 ? "defer" : "individual";
      const valueOfMinuteUsd = VALUE_OF_MINUTE_USD;
      const batchThreshold = "adaptive" as const;
      const batching = { batchThreshold, deadlineMinutes, onDeadline, valueOfMinuteUsd } as const;
      return docs.withConfig({ embedding, batching });
    };
    for (const deadline of deadlines) {
      await indexSite({ config: configOf(deadline), client, clock });
    }
    for (const [page, text] of pages("B", 20)) await docs.write(page, text);
    const { plan } = await planSite({ config: configOf(5), client, clock });
    expect(plan.resolved).toBe("individual");
    expect(plan.reason).toContain("takes about 5 minutes longer");
  },
);
