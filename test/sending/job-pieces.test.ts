import { expect, test } from "vitest";
import type { JobRecord } from "../../src/words/plans.ts";
import { memoryLedger } from "../../src/sending/job-ledger.ts";
import { jobEngine, jobPlan, rowOf, written } from "./job-engine.ts";

const name = (at: number): string => String.fromCodePoint(0x4e_00 + at);
const names = (count: number): string =>
  Array.from({ length: count }, (_, at) => name(at)).join("");

test("the rows of a large job are settled in pieces, all before its input is deleted", async () => {
  const log: (number | string)[] = [];
  const rows = Array.from({ length: 1200 }, (_, at) => rowOf(name(at)));
  const tidy = async (): Promise<void> => void log.push("tidy");
  const { engine } = jobEngine({ rows, jobs: { tidy } });
  const settle = async (some: readonly unknown[]): Promise<void> => void log.push(some.length);
  const { execution, ledger } = written({ settle });
  await engine.execute(jobPlan(names(1200)), execution);
  expect(log).toEqual([600, 600, "tidy"]);
  expect(await ledger.open()).toEqual([]);
});

const recordOf = (job: string): JobRecord => ({
  displayName: `siterag-${job}`,
  name: `batches/${job}`,
  fingerprints: [job],
  tokens: 10,
  space: { provider: "fake-generation", model: "m", dimensions: 0, taskForm: "generate" },
  index: "chunks",
  owner: "another run",
  skipped: [],
  leaseUntil: 0,
  createdAt: new Date(0).toISOString(),
});

test("the rows of a job are read when those of the one before are safe", async () => {
  const log: string[] = [];
  const rows = async (job: string) => {
    log.push(`read ${job}`);
    return [rowOf(job.replace("batches/", ""))];
  };
  const { engine } = jobEngine({ jobs: { rows } });
  const ledger = memoryLedger();
  for (const job of ["a", "b", "c"]) await ledger.insert(recordOf(job));
  const settle = async (_: unknown, { name: job }: JobRecord): Promise<void> => {
    log.push(`settle ${job}`);
    await new Promise((resolve) => setImmediate(resolve));
    log.push(`safe ${job}`);
  };
  const { collected } = await engine.collect({ ledger, settle, deadlineMs: 0 });
  expect(collected).toHaveLength(3);
  const expected = ["a", "b", "c"].flatMap((job) =>
    ["read", "settle", "safe"].map((step) => `${step} batches/${job}`),
  );
  expect(log).toEqual(expected);
});

test("a job whose rows cannot be settled holds up no other", async () => {
  const rows = async (job: string) => [rowOf(job.replace("batches/", ""))];
  const { engine } = jobEngine({ jobs: { rows } });
  const ledger = memoryLedger();
  for (const job of ["a", "b"]) await ledger.insert(recordOf(job));
  const settle = async (_: unknown, { name: job }: JobRecord): Promise<void> => {
    if (job === "batches/a") throw new Error("The disk is full.");
  };
  await expect(engine.collect({ ledger, settle, deadlineMs: 0 })).rejects.toThrow("disk is full");
  expect((await ledger.open()).map(({ displayName }) => displayName)).toEqual(["siterag-a"]);
});
