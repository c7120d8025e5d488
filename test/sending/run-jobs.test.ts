import { describe, expect, test } from "vitest";
import { NO_BUDGET } from "../../src/planning/budget.ts";
import { CallFailure } from "../../src/sending/call-failure.ts";
import type { ClientEvent } from "../../src/sending/events.ts";
import { Spending } from "../../src/sending/spending.ts";
import { SiteragError } from "../../src/words/errors.ts";
import type { SettledItem } from "../../src/words/plans.ts";
import { deferred, settled } from "./deferred.ts";
import { jobEngine, jobPlan, rowOf, written } from "./job-engine.ts";

const REFUSAL = new SiteragError("BATCH_UNAVAILABLE", "This account has no batch jobs.");
const failing = (error: SiteragError) => () => Promise.reject(new CallFailure(error, "fail"));

test("an account without jobs is asked once, and told of once", async () => {
  let creations = 0;
  const create = async (): Promise<string> => {
    creations += 1;
    throw new CallFailure(REFUSAL, "fail");
  };
  const { engine } = jobEngine({ jobs: { create } });
  const { answered, execution, lines } = written();
  await engine.execute(jobPlan("ab", 1), execution);
  expect(answered.toSorted()).toEqual(["a ok", "b ok"]);
  expect(creations).toBe(1);
  expect(lines).toEqual([`${REFUSAL.message} Its prompts are sent in individual calls instead.`]);
});

test("rows of a job that the account has already are settled, and no job or call is made", async () => {
  const made: string[] = [];
  const end = "SUCCEEDED" as const;
  const { engine } = jobEngine({
    rows: [rowOf("a"), rowOf("b")],
    jobs: {
      find: async (displayName) => [{ name: "batches/other", displayName, end, createdAt: 0 }],
      create: async () => {
        made.push("job");
        return "batches/1";
      },
    },
    call: async () => {
      made.push("call");
      return { outputs: [{ text: "called", finish: "complete" }], tokens: null };
    },
  });
  const { answered, execution } = written();
  const { jobs, calls } = await engine.execute(jobPlan("ab"), execution);
  expect(answered.toSorted()).toEqual(["a ok", "b ok"]);
  expect({ jobs, calls, made }).toEqual({ jobs: 0, calls: 0, made: [] });
});

test.each([
  { deadlineMs: 60_000, untilMs: 60_000 },
  { deadlineMs: Infinity, untilMs: null },
])("a job that waits until another one has ended is told", async ({ deadlineMs, untilMs }) => {
  const looks = ["RUNNING", ...Array.from({ length: 300 }, () => "RUNNING")];
  const status = async () => {
    const state = looks.pop() ?? "SUCCEEDED";
    return { state, end: state === "SUCCEEDED" ? state : null, message: null } as const;
  };
  const { engine, told } = jobEngine({ rows: [rowOf("a"), rowOf("b")], jobs: { status } });
  await engine.execute(jobPlan("ab", 1), written({ deadlineMs }).execution);
  const waits = told.filter(({ type }) => type === "waiting");
  expect(waits).toEqual([{ type: "waiting", what: "job_room", untilMs }]);
});

describe("a job stays in the ledger, for another run to read it again,", () => {
  test("until its rows are safe", async () => {
    const safe = deferred();
    const { engine } = jobEngine({ rows: [rowOf("a"), rowOf("b")] });
    const { execution, ledger } = written({ settle: () => safe.promise });
    const end = engine.execute(jobPlan("ab"), execution);
    await settled();
    expect(await ledger.open()).toMatchObject([{ name: "batches/1" }]);
    safe.resolve();
    await end;
    expect(await ledger.open()).toEqual([]);
  });

  test("also while what it has not served goes by calls", async () => {
    const answer = deferred();
    const { engine } = jobEngine({
      rows: [rowOf("a")],
      call: async () => {
        await answer.promise;
        return { outputs: [{ text: "b", finish: "complete" }], tokens: null };
      },
    });
    const { answered, execution, ledger } = written();
    const end = engine.execute(jobPlan("ab"), execution);
    await settled();
    expect(answered).toEqual(["a ok"]);
    expect(await ledger.open()).toHaveLength(1);
    answer.resolve();
    await end;
    expect(answered).toEqual(["a ok", "b ok"]);
    expect(await ledger.open()).toEqual([]);
  });

  test("when its rows could not be kept", async () => {
    const settle = (): Promise<void> => Promise.reject(new Error("The disk is full."));
    const { engine } = jobEngine({ rows: [rowOf("a")] });
    const { execution, ledger } = written({ settle });
    await expect(engine.execute(jobPlan("ab"), execution)).rejects.toThrow("disk is full");
    expect(await ledger.open()).toHaveLength(1);
  });
});

const cancelled = async () => ({ state: "CANCELLED", end: "CANCELLED", message: null }) as const;
const goesOn = async () => ({ state: "RUNNING", end: null, message: null }) as const;
const failed = async () => ({ state: "FAILED", end: "FAILED", message: "no" }) as const;
const FREE_ROW = {
  key: "b",
  error: new SiteragError("JOB_FAILED", "The row has failed."),
  isFree: true,
};
const NO_COUNT = { ...rowOf("b"), tokens: { input: null, output: 6 } };
const BAD = new SiteragError("INVALID_REQUEST", "The service takes no such job.");
const LOST = new CallFailure(new SiteragError("UNAVAILABLE", "No answer."), "fail", {
  isLost: true,
});

describe("of a budget of 100 tokens, a job of two prompts that are estimated at 30 each leaves", () => {
  test.each([
    ["what its rows say", [rowOf("a", 12, 30), rowOf("b", 12, 6)], {}, 40],
    [
      "what was read by the estimate where rows say nothing",
      [rowOf("a", 12, 30), NO_COUNT],
      {},
      42,
    ],
    ["what it says that it has not served", [rowOf("a", 12, 30), FREE_ROW], {}, 58],
    ["what its rows say, and what was read of one that is lost", [rowOf("a", 12, 30)], {}, 48],
    [
      "what it has no row for when it is cancelled",
      [rowOf("a", 12, 30)],
      { status: cancelled },
      58,
    ],
    ["all when it ends without rows", [], { status: async (): Promise<null> => null }, 100],
    ["all when it fails", [], { status: failed }, 100],
    ["all when it is refused", [], { create: failing(REFUSAL) }, 100],
    ["all when it is never created", [], { create: failing(BAD) }, 100],
    [
      "nothing of what a job may take that may exist",
      [],
      { create: () => Promise.reject(LOST) },
      40,
    ],
    ["what it is estimated to take when it goes on", [], { status: goesOn }, 40],
  ] as const)("%s", async (_what, rows, jobs, left) => {
    const budget = { ...NO_BUDGET, maxTokens: 100 };
    // What goes by a call afterwards is not charged.
    const { engine, profile } = jobEngine({ rows, jobs, call: failing(BAD) });
    const spending = new Spending({ budget, profile, outputTokens: 20 });
    await engine.execute(jobPlan("ab"), written({ spending, deadlineMs: 0 }).execution);
    expect(100 - spending.spent.tokens).toBe(left);
  });
});

test("what a job has not served is logged before it goes by calls, and what it has served is not", async () => {
  const { engine } = jobEngine({ rows: [rowOf("a"), FREE_ROW, rowOf("d")] });
  const { answered, execution, lines } = written();
  await engine.execute(jobPlan("abcd"), execution);
  expect(answered).toEqual(["a ok", "d ok", "b ok", "c ok"]);
  expect(lines).toEqual([
    "2 of 4 prompts got no answer from their batch job and are sent in individual calls, at full price",
  ]);
  const served = jobEngine({ rows: [rowOf("a"), rowOf("b")] });
  const quiet = written();
  await served.engine.execute(jobPlan("ab"), quiet.execution);
  expect(quiet.lines).toEqual([]);
});

test("an answer that was kept back for good is not asked for again", async () => {
  const error = new SiteragError("ANSWER_BLOCKED", "SAFETY");
  const kept = { key: "b", tokens: { input: 10, output: 0 }, error, isFinal: true };
  const { engine } = jobEngine({ rows: [rowOf("a"), kept], call: failing(BAD) });
  const { answered, execution, lines } = written();
  const usage = await engine.execute(jobPlan("ab"), execution);
  expect(answered).toEqual(["a ok", "b failed"]);
  expect(usage).toMatchObject({ calls: 0, jobs: 1, inputTokens: 20, outputTokens: 5 });
  expect(lines).toEqual([]);
});

test("a job of an earlier run is read once: its answers are settled, and its event tells what it took", async () => {
  const ordered = jobEngine({ jobs: { status: goesOn } });
  const { execution, ledger } = written({ deadlineMs: 0 });
  await ordered.engine.execute(jobPlan("abc"), execution);
  const events: ClientEvent[] = [];
  const answered: string[] = [];
  const { engine, told } = jobEngine({ rows: [NO_COUNT, rowOf("a", 12, 30), FREE_ROW] });
  const jobs = await engine.collect({
    ledger: { ...ledger, owner: "another run" },
    deadlineMs: 0,
    onEvent: (event) => events.push(event),
    settle: async (some: readonly SettledItem<{ readonly text: string }>[]) => {
      answered.push(...some.map(({ item, result }) => `${item.fingerprint} ${result.status}`));
    },
  });
  expect(jobs).toEqual({ collected: ["batches/1"], out: [], lost: [] });
  // Two rows came back for b, and none for c, which was read all the same.
  expect(answered).toEqual(["a ok"]);
  expect(told).toEqual(events);
  expect(events).toEqual([
    { type: "job_state", name: "batches/1", state: "SUCCEEDED", untilMs: 0 },
    {
      type: "job_collected",
      name: "batches/1",
      texts: 3,
      tokens: 12 + 30 + 10 + 6 + 10,
      inputTokens: 12 + 10 + 10,
      outputTokens: 30 + 6,
      costUsd: 34e-6,
    },
  ]);
});
