import { describe, expect, test } from "vitest";
import { CallFailure } from "../../../src/sending/call-failure.ts";
import { memoryLedger } from "../../../src/sending/job-ledger.ts";
import type { JobService } from "../../../src/sending/service.ts";
import { SiteragError } from "../../../src/words/errors.ts";
import type { GenerationRow } from "../../../src/providers/gemini/generation-jsonl.ts";
import { GenerationRun } from "../../../src/providers/gemini/generation-run.ts";
import type { GenerationRunOptions } from "../../../src/providers/gemini/generation-run.ts";
import type { GenerationExecution, GenerationRequest } from "../../../src/generation/client.ts";
import { UsageTally } from "../../../src/generation/usage-tally.ts";
import { WritingSpending } from "../../../src/generation/writing-spending.ts";
import { NO_BUDGET, NOTHING_SPENT } from "../../../src/planning/budget.ts";
import { geminiProfile } from "../../../src/planning/gemini-profile.ts";
import { createVirtualClock } from "../../../src/words/virtual-clock.ts";
import type { PlanItem } from "../../../src/words/types.ts";
import { deferred, settled } from "../../sending/deferred.ts";

const REFUSAL = new SiteragError("BATCH_UNAVAILABLE", "This account has no batch jobs.");
const FINISHED = { state: "SUCCEEDED", end: "SUCCEEDED", message: null } as const;
const GOES_ON = { state: "RUNNING", end: null, message: null } as const;
const NO_PRICES = { usdPerMillionInputTokens: null, usdPerMillionOutputTokens: null };
const ITEMS: readonly PlanItem[] = ["a", "b"].map((fingerprint) => ({
  fingerprint,
  tokens: 10,
  bytes: 1,
  page: "",
}));

type Service = JobService<GenerationRequest, GenerationRow>;

/** A service whose only job has ended with these rows. */
const serviceWith = (rows: readonly GenerationRow[], changes: Partial<Service> = {}): Service => ({
  upload: async () => ({ name: "files/1", tokens: [1] }),
  create: async () => "batches/1",
  find: async () => [],
  status: async () => FINISHED,
  rows: async () => rows,
  cancel: async () => undefined,
  tidy: async () => undefined,
  ...changes,
});

const rowOf = (key: string, input = 10, output = 5): GenerationRow => ({
  key,
  tokens: { input, output },
  answer: { text: key, finish: "complete" },
});

/** Two prompts on their way by jobs; what is answered is written down. */
function runOf(
  jobs: readonly (readonly PlanItem[])[],
  service: Service,
  given: Partial<GenerationExecution> = {},
  call: GenerationRunOptions["call"] = async ({ prompt }) => ({
    status: "ok",
    text: prompt,
    finish: "complete",
  }),
) {
  const ledger = memoryLedger();
  const answered: string[] = [];
  const warnings: string[] = [];
  const because = "batch: always";
  const roads = { strategy: "batch", resolved: "batch", because, calls: [], jobs } as const;
  const options: GenerationRunOptions = {
    service,
    call,
    tally: new UsageTally(),
    space: { provider: "gemini-generation", model: "m", dimensions: 0, taskForm: "generate" },
    maxParallel: 1,
    jobsAtOnce: 1,
    clock: createVirtualClock(),
    random: () => 0.5,
  };
  const run = new GenerationRun(roads, options, {
    ledger,
    requestsOf: async (some) => some.map(({ fingerprint }) => ({ prompt: fingerprint })),
    settle: async (some) => {
      answered.push(...some.map(({ key, result }) => `${key} ${result.status}`));
    },
    onUsage: () => undefined,
    logger: { warn: (message) => warnings.push(message) },
    ...given,
  });
  return { run, ledger, answered, warnings };
}

test("an account without jobs is asked once, and told of once", async () => {
  let creations = 0;
  const create = async (): Promise<string> => {
    creations += 1;
    throw new CallFailure(REFUSAL, "fail");
  };
  const jobs = ITEMS.map((item) => [item]);
  const { answered, run, warnings } = runOf(jobs, serviceWith([], { create }));
  await run.toTheEnd();
  expect(answered).toEqual(["a ok", "b ok"]);
  expect(creations).toBe(1);
  expect(warnings).toEqual([`${REFUSAL.message} Its prompts go by individual calls instead.`]);
});

describe("a job stays in the ledger, for another run to read it again,", () => {
  test("until its rows are safe", async () => {
    const safe = deferred();
    const service = serviceWith(ITEMS.map(({ fingerprint }) => rowOf(fingerprint)));
    const { ledger, run } = runOf([ITEMS], service, { settle: () => safe.promise });
    const end = run.toTheEnd();
    await settled();
    expect(await ledger.open()).toMatchObject([{ name: "batches/1" }]);
    safe.resolve();
    await end;
    expect(await ledger.open()).toEqual([]);
  });

  test("also while what it has not served goes by calls", async () => {
    const written = deferred();
    const { answered, ledger, run } = runOf([ITEMS], serviceWith([rowOf("a")]), {}, async () => {
      await written.promise;
      return { status: "ok", text: "b", finish: "complete" };
    });
    const end = run.toTheEnd();
    await settled();
    expect(answered).toEqual(["a ok"]);
    expect(await ledger.open()).toHaveLength(1);
    written.resolve();
    await end;
    expect(answered).toEqual(["a ok", "b ok"]);
    expect(await ledger.open()).toEqual([]);
  });

  test("when its rows could not be kept", async () => {
    const settle = (): Promise<void> => Promise.reject(new Error("The disk is full."));
    const { ledger, run } = runOf([ITEMS], serviceWith([rowOf("a")]), { settle });
    await expect(run.toTheEnd()).rejects.toThrow("disk is full");
    expect(await ledger.open()).toHaveLength(1);
  });
});

const cancelled = async () => ({ state: "CANCELLED", end: "CANCELLED", message: null }) as const;
const FAILED: GenerationRow = {
  key: "b",
  tokens: null,
  error: new SiteragError("JOB_FAILED", "The row has failed."),
  isBlocked: false,
  isFree: true,
};

describe("of a budget of 100 tokens, a job of two prompts that are estimated at 30 each leaves", () => {
  const estimated = { input: 10, output: 20 };
  test.each([
    ["what its rows say", [rowOf("a", 12, 30), rowOf("b", 12, 6)], {}, 40],
    ["what it says that it has not served", [rowOf("a", 12, 30), FAILED], {}, 58],
    ["what its rows say, and what was read of one that is lost", [rowOf("a", 12, 30)], {}, 48],
    [
      "what it has no row for when it is cancelled",
      [rowOf("a", 12, 30)],
      { status: cancelled },
      58,
    ],
    ["all when it ends without rows", [], { status: async (): Promise<null> => null }, 100],
    [
      "all when it is refused",
      [],
      { create: () => Promise.reject(new CallFailure(REFUSAL, "fail")) },
      100,
    ],
    ["what it is estimated to take when it goes on", [], { status: async () => GOES_ON }, 40],
  ] as const)("%s", async (_what, rows, changes, left) => {
    const spending = new WritingSpending({
      budget: { ...NO_BUDGET, maxTokens: 100 },
      reserved: NOTHING_SPENT,
      costs: { outputTokens: estimated.output, prices: NO_PRICES },
      embedder: geminiProfile("gemini-embedding-001", 768, { tier: "tier1" }),
    });
    const { run } = runOf([ITEMS], serviceWith(rows, changes), { spending, deadlineMs: 0 });
    await run.toTheEnd();
    expect(spending.take(left - estimated.output + 1, "batch")).toMatchObject({
      code: "BUDGET_REACHED",
    });
    expect(spending.take(left - estimated.output, "batch")).toBeNull();
  });
});
