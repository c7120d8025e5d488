import { describe, expect, test } from "vitest";
import { answer, engineOf, providerOf } from "./fake-provider.ts";
import type { JobCollection } from "../../src/sending/client.ts";
import type { ClientEvent } from "../../src/sending/events.ts";
import { EnqueuedTokenLimit } from "../../src/sending/enqueued-tokens.ts";
import { memoryLedger } from "../../src/sending/job-ledger.ts";
import type { JobLedger } from "../../src/sending/job-ledger.ts";
import type { JobContext } from "../../src/sending/job-context.ts";
import { runJob } from "../../src/sending/run-job.ts";
import { defaults } from "../../src/config/keys.ts";
import { LEASE_MS, submitJob } from "../../src/sending/submit-job.ts";
import { Turns } from "../../src/sending/turns.ts";
import type { ObserveLatency } from "../../src/planning/latencies.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import type { JobRecord, PlanItem } from "../../src/words/plans.ts";
import type { Embedded, EmbeddingInput } from "../../src/words/types.ts";
import { JobAccount } from "./job-account.ts";

const HOUR_MS = 3_600_000;
const START = 1_000_000;

const space = { provider: "gemini", model: "some", dimensions: 2, taskForm: "none" };
const items: readonly PlanItem[] = ["a", "b"].map((fingerprint) => ({
  fingerprint,
  tokens: 10,
  bytes: 6,
  page: "page.md",
}));

type Context = JobContext<EmbeddingInput, Embedded>;

function setUp(changes: Partial<Context> = {}) {
  const clock = createVirtualClock(START);
  const account = new JobAccount(clock);
  const ledger = memoryLedger();
  const created: number[] = [];
  const context: Context = {
    service: account.service,
    ledger,
    clock,
    random: () => 0.5,
    retries: defaults().calls,
    space,
    tokens: 20,
    enqueued: new EnqueuedTokenLimit(100, 0),
    pollMs: 1000,
    deadlineAt: START + 60_000,
    onDeadline: "defer",
    reading: new Turns(),
    inputsOf: async (some) => some.map(({ fingerprint }) => ({ title: null, text: fingerprint })),
    onCreated: (tokens) => created.push(...tokens),
    ...changes,
  };
  const creates = (): number => account.log.filter((line) => line.startsWith("create")).length;
  return { clock, account, ledger, context, created, creates };
}

const displayName = async (): Promise<string> => {
  const { context } = setUp();
  const submitted = await submitJob(items, context);
  return submitted.kind === "job" ? submitted.record.displayName : "";
};

describe("there is one job for one piece of work", () => {
  test.each([
    { twin: "an older", createdAt: START - 1, wins: "batches/twin", cancelled: ["batches/2"] },
    { twin: "a younger", createdAt: START + 1, wins: "batches/2", cancelled: [] },
  ])("of $twin twin, which appears while ours is made", async ({ createdAt, wins, cancelled }) => {
    const { account, context } = setUp();
    const name = await displayName();
    const { service } = account;
    const create: typeof service.create = async (...given) => {
      account.add("batches/twin", name, createdAt);
      return service.create(...given);
    };
    const submitted = await submitJob(items, { ...context, service: { ...service, create } });
    expect(submitted).toMatchObject({ kind: "job", record: { name: wins } });
    const asked = account.log.filter((line) => line.startsWith("cancel"));
    expect(asked).toEqual(cancelled.map((one) => `cancel ${one}`));
  });

  test("an account's job of the same work is taken, and of two the older", async () => {
    const { account, context, creates, created } = setUp();
    const name = await displayName();
    account.add("batches/young", name, 20);
    account.add("batches/old", name, 10);
    const submitted = await submitJob(items, context);
    expect(submitted).toMatchObject({ record: { name: "batches/old" } });
    expect([creates(), created]).toEqual([0, []]);
  });

  test.each([
    { fates: ["lost-made"], creates: 1 },
    { fates: ["lost", "made"], creates: 2 },
    { fates: ["lost", "lost", "lost", "lost-made"], creates: 4 },
  ] as const)("after creates that are $fates", async ({ fates, creates: tries }) => {
    const { account, context, creates } = setUp();
    account.fates = [...fates];
    expect(await submitJob(items, context)).toMatchObject({ kind: "job" });
    expect([creates(), account.jobs.size]).toEqual([tries, 1]);
  });

  test("a record that cannot be written after the create is written by the next run", async () => {
    const { account, context, ledger, creates } = setUp();
    const full: JobLedger = {
      ...ledger,
      update: async (record) => {
        if (record.name !== null) throw new Error("The disk is full.");
        await ledger.update(record);
      },
    };
    await expect(submitJob(items, { ...context, ledger: full })).rejects.toThrow("disk is full");
    expect(await ledger.open()).toMatchObject([{ name: null, fingerprints: ["a", "b"] }]);
    expect(await submitJob(items, context)).toMatchObject({ kind: "job" });
    expect([creates(), account.jobs.size]).toEqual([1, 1]);
  });
});

describe("the intent", () => {
  test("stays while a job may have been made, and says so", async () => {
    const { account, context, ledger } = setUp();
    account.fates = ["lost", "lost", "lost", "lost"];
    const submitted = await submitJob(items, context);
    expect(submitted).toMatchObject({
      kind: "pending",
      reason: expect.stringContaining("The job may exist; the next `siterag index` will check."),
    });
    expect(await ledger.open()).toHaveLength(1);
  });

  test.each([
    { fates: ["refused", "refused", "refused", "refused"], left: 0, kind: "refused" },
    { fates: ["lost", "refused", "refused", "refused"], left: 1, kind: "pending" },
  ] as const)("leaves $left after $fates", async ({ fates, left, kind }) => {
    const { account, context, ledger } = setUp();
    account.fates = [...fates];
    expect(await submitJob(items, context)).toMatchObject({ kind });
    expect(await ledger.open()).toHaveLength(left);
  });

  test("is leased anew before each create", async () => {
    const { account, clock, context, ledger } = setUp();
    account.fates = ["lost", "lost"];
    const leases: number[] = [];
    const { service } = account;
    const create: typeof service.create = async (...given) => {
      const [record] = await ledger.open();
      leases.push((record?.leaseUntil ?? 0) - clock.now());
      return service.create(...given);
    };
    await submitJob(items, { ...context, service: { ...service, create } });
    expect(leases).toEqual([LEASE_MS, LEASE_MS, LEASE_MS]);
  });

  test("is given up in time: no further try begins after the bound", async () => {
    const { account, context, creates } = setUp({ lastAt: START + 2000 });
    account.fates = ["refused", "refused", "refused", "refused"];
    await submitJob(items, context);
    expect(creates()).toBe(2);
  });
});

describe("a job that is run", () => {
  const running = (changes: Partial<Context> = {}) => {
    const open = setUp(changes);
    return { ...open, run: () => runJob(items, open.context) };
  };

  test("found, with nothing left in it, is made anew, and is not found again", async () => {
    const { account, run, creates, ledger } = running();
    account.add("batches/old", await displayName(), 10);
    account.end("batches/old", "SUCCEEDED");
    expect(await run()).toMatchObject({ kind: "pending", job: "batches/2" });
    expect(creates()).toBe(1);
    expect(account.log.filter((line) => line.startsWith("cancel"))).toEqual([]);
    expect(await ledger.open()).toMatchObject([{ name: "batches/2", skipped: ["batches/old"] }]);
  });

  test("found, and cancelled at the deadline, is not made anew", async () => {
    const { account, run, creates } = running({ onDeadline: "individual" });
    account.add("batches/old", await displayName(), 10);
    account.endOnCancel = "CANCELLED";
    expect(await run()).toMatchObject({ kind: "rows", rows: [] });
    expect(creates()).toBe(0);
  });

  test("and cancelled gives the rows that it has served", async () => {
    const { account, run } = running({ onDeadline: "individual" });
    account.endOnCancel = "CANCELLED";
    account.rows = [{ key: "a", output: { vector: Float32Array.of(1, 0) } }];
    expect(await run()).toMatchObject({ kind: "rows", rows: [{ key: "a" }] });
  });

  test("keeps its tokens enqueued while it is out", async () => {
    const enqueued = new EnqueuedTokenLimit(100, 0);
    const { run } = running({ enqueued });
    await run();
    enqueued.tryEnter(1);
    expect(enqueued.tryEnter(80)).toBe(false);
  });

  test.each([
    { onDeadline: "individual", observed: [["batch", 60]] },
    { onDeadline: "fail", observed: [["batch", 60]] },
    { onDeadline: "defer", observed: [] },
  ] as const)(
    "that nobody waits for any more takes at least as long as it was waited for: $onDeadline",
    async ({ onDeadline, observed }) => {
      const latencies: (readonly [road: string, seconds: number])[] = [];
      const observe: ObserveLatency = (road, seconds) => latencies.push([road, seconds]);
      const { account, run } = running({ observe, onDeadline });
      account.endOnCancel = "CANCELLED";
      await run();
      expect(latencies).toEqual(observed);
    },
  );

  test("the wait for a cancelled job has an end of its own", async () => {
    const ends: unknown[] = [];
    const tell = (event: ClientEvent): void => {
      if (event.type === "job_state") ends.push(event.untilMs);
    };
    const { run } = running({ onDeadline: "individual", tell });
    await run();
    expect(ends).toEqual([START + 60_000, START + 180_000]);
  });

  test.each([
    { onDeadline: "individual", kind: "refused" },
    { onDeadline: "fail", kind: "failed" },
    { onDeadline: "defer", kind: "pending" },
  ] as const)("without room until the deadline is $kind under $onDeadline", async (given) => {
    const enqueued = new EnqueuedTokenLimit(10, 0);
    enqueued.tryEnter(10);
    const { run } = running({ enqueued, onDeadline: given.onDeadline, deadlineAt: START });
    expect(await run()).toMatchObject({ kind: given.kind });
  });
});

function collecting(
  record: Partial<JobRecord>,
  account: JobAccount,
  ledger: JobLedger,
  bounds: Partial<JobCollection<Embedded>> = {},
) {
  const known: JobRecord = {
    displayName: "siterag-1",
    name: "batches/1",
    fingerprints: ["a"],
    tokens: 10,
    space,
    index: "chunks",
    owner: "another run",
    skipped: [],
    leaseUntil: 0,
    createdAt: new Date(START).toISOString(),
    ...record,
  };
  return async (clock: ReturnType<typeof createVirtualClock>) => {
    await ledger.insert(known);
    const settle = async (): Promise<void> => {
      account.log.push("settle");
    };
    const provider = { ...providerOf(answer, account.service), check: () => undefined };
    return engineOf(provider, { clock }).collect({ ledger, settle, deadlineMs: 0, ...bounds });
  };
}

describe("a job of an earlier run", () => {
  test("is tidied away only when its rows are safe", async () => {
    const { account, clock, ledger } = setUp();
    account.add("batches/1", "siterag-1", START);
    account.jobs.set("batches/1", { displayName: "siterag-1", createdAt: START, end: "SUCCEEDED" });
    account.rows = [{ key: "a", output: { vector: Float32Array.of(1, 0) } }];
    const { collected } = await collecting({}, account, ledger)(clock);
    expect(collected).toEqual(["batches/1"]);
    expect(account.log).toEqual(["look at batches/1", "settle", "tidy batches/1"]);
    expect(await ledger.open()).toEqual([]);
  });

  test("that was being created is looked for only after its lease", async () => {
    const { account, clock, ledger } = setUp();
    const record = { name: null, leaseUntil: START + 30_000 };
    await collecting(record, account, ledger)(clock);
    expect(account.log).toEqual([`find at ${START + 30_000}`]);
    expect(await ledger.open()).toEqual([]);
  });

  test("of a clock that runs ahead is waited for no longer than a lease", async () => {
    const { account, clock, ledger } = setUp();
    const record = { name: null, leaseUntil: START + 10 * HOUR_MS };
    await collecting(record, account, ledger)(clock);
    expect(account.log).toEqual([`find at ${START + LEASE_MS}`]);
  });

  test.each([
    { hours: 49, out: 1, lost: 0 },
    { hours: 51, out: 0, lost: 1 },
  ])("that goes on after $hours hours: $out out, $lost lost", async ({ hours, out, lost }) => {
    const { account, clock, ledger } = setUp();
    account.add("batches/1", "siterag-1", START);
    clock.advance(hours * HOUR_MS);
    const found = await collecting({}, account, ledger)(clock);
    expect([found.out.length, found.lost.length]).toEqual([out, lost]);
    expect(await ledger.open()).toHaveLength(out);
  });

  test("that could not be looked at is kept, however old it is", async () => {
    const { account, clock, ledger } = setUp();
    account.lookFails = "UNAVAILABLE";
    clock.advance(51 * HOUR_MS);
    const { lost } = await collecting({}, account, ledger)(clock);
    expect(lost).toEqual([]);
    expect(await ledger.open()).toHaveLength(1);
  });

  test("that is cancelled at the deadline has taken at least the time since it was ordered", async () => {
    const { account, clock, ledger } = setUp();
    account.add("batches/1", "siterag-1", START);
    account.endOnCancel = "CANCELLED";
    clock.advance(HOUR_MS);
    const latencies: unknown[] = [];
    const observe: ObserveLatency = (...seen) => latencies.push(seen);
    const onDeadline = (): "individual" => "individual";
    await collecting({}, account, ledger, { observe, onDeadline })(clock);
    expect(latencies).toEqual([["batch", HOUR_MS / 1000, space]]);
  });

  test("that is still an intent is not taken for one that was skipped", async () => {
    const { account, clock, ledger } = setUp();
    account.add("batches/old", "siterag-1", 10);
    account.add("batches/new", "siterag-1", 20);
    const record = { name: null, leaseUntil: 1, skipped: ["batches/old"] };
    const { out } = await collecting(record, account, ledger)(clock);
    expect(out).toMatchObject([{ record: { name: "batches/new" } }]);
  });

  test.each([
    { code: "RATE_LIMITED", errors: [undefined] },
    { code: "UNAVAILABLE", errors: [undefined] },
    { code: "AUTHENTICATION_FAILED", errors: ["AUTHENTICATION_FAILED"] },
  ] as const)("stays out when looks answer $code", async ({ code, errors }) => {
    const { account, clock, ledger } = setUp();
    account.lookFails = code;
    const { out } = await collecting({}, account, ledger)(clock);
    expect(out).toMatchObject([{ record: { name: "batches/1" } }]);
    expect(out.map(({ error }) => error?.code)).toEqual(errors);
    expect(await ledger.open()).toHaveLength(1);
  });
});

test("a job waits for room among those of its own run, and for nobody else's", () => {
  const enqueued = new EnqueuedTokenLimit(100, 90);
  expect(enqueued.tryEnter(50)).toBe(true);
  expect(enqueued.tryEnter(5)).toBe(false);
  enqueued.leave(50);
  expect(enqueued.tryEnter(5)).toBe(true);
  expect(enqueued.tryEnter(5)).toBe(true);
  expect(enqueued.tryEnter(5)).toBe(false);
});
