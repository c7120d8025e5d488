import { expect, test } from "vitest";
import type { JobFault, RowFault } from "../support/emulator/fault-names.ts";
import { contentOf, openEmulator } from "./open-emulator.ts";
import { createJob, jobFile, readOutput, startJob, uploadFile } from "./send-job.ts";

const HOUR_MS = 3_600_000;

const ENDS: readonly (readonly [JobFault, string])[] = [
  ["job-failed", "BATCH_STATE_FAILED"],
  ["job-expired", "BATCH_STATE_EXPIRED"],
  ["job-cancelled", "BATCH_STATE_CANCELLED"],
];

test.each(ENDS)("after %s a job ends as %s, without output and unbilled", async (name, state) => {
  const open = await openEmulator({ jobMs: 1000 });
  open.emulator.addFault({ name, text: "bad" });
  const { path, output } = await startJob(open, ["good", "bad"]);
  await startJob(open, ["good"]);
  open.clock.advance(1000);
  const { body } = await open.send("GET", path);
  expect(body).toMatchObject({ done: true, metadata: { state } });
  expect(body).not.toHaveProperty("response");
  expect(await open.send("GET", `${output}:download?alt=media`)).toMatchObject({ status: 403 });
  expect(open.emulator.billed).toMatchObject({ jobs: 1, texts: 1 });
});

test("a failed job has an error and counts its rows as failed", async () => {
  const open = await openEmulator({ jobMs: 0 });
  open.emulator.addFault({ name: "job-failed" });
  const { path } = await startJob(open, ["a", "b"]);
  expect(await open.send("GET", path)).toMatchObject({
    body: {
      error: { code: 13, message: expect.any(String) },
      metadata: { batchStats: { requestCount: "2", failedRequestCount: "2" } },
    },
  });
});

test("an endless job runs until it expires", async () => {
  const open = await openEmulator({ jobMs: 1000 });
  open.emulator.addFault({ name: "job-endless" });
  const { path } = await startJob(open, ["a"]);
  open.clock.advance(47 * HOUR_MS);
  expect(await open.send("GET", path)).toMatchObject({
    body: { metadata: { state: "BATCH_STATE_RUNNING" } },
  });
  open.clock.advance(HOUR_MS);
  expect(await open.send("GET", path)).toMatchObject({
    body: { metadata: { state: "BATCH_STATE_EXPIRED" } },
  });
});

test("a job can succeed even if all its rows failed", async () => {
  const open = await openEmulator({ jobMs: 0 });
  open.emulator.addFault({ name: "job-all-rows-failed" });
  const { path, output } = await startJob(open, ["a", "b"]);
  expect(await open.send("GET", path)).toMatchObject({
    body: {
      metadata: {
        state: "BATCH_STATE_SUCCEEDED",
        batchStats: { requestCount: "2", failedRequestCount: "2" },
      },
    },
  });
  const lines = await readOutput(open, output);
  expect(lines.map(({ error, key }) => [key, error?.code])).toEqual([
    ["k0", 13],
    ["k1", 13],
  ]);
  expect(open.emulator.billed.texts).toBe(0);
});

test("a job can wait in an undocumented state", async () => {
  const open = await openEmulator({ jobMs: 1000 });
  open.emulator.addFault({ name: "unknown-state" });
  const { path } = await startJob(open, ["a"]);
  const states: unknown[] = [];
  for (const passed of [0, 500, 500]) {
    open.clock.advance(passed);
    states.push((await open.send("GET", path)).body);
  }
  expect(states).toMatchObject([
    { metadata: { state: "BATCH_STATE_QUEUED" } },
    { metadata: { state: "BATCH_STATE_RUNNING" } },
    { metadata: { state: "BATCH_STATE_SUCCEEDED" } },
  ]);
});

test("a refused job is not created", async () => {
  const open = await openEmulator();
  open.emulator.addFault({ name: "job-refused", times: 1 });
  const file = await uploadFile(open, jobFile(["a"]));
  expect(await createJob(open, file)).toMatchObject({
    status: 429,
    body: { error: { details: [{ "@type": "type.googleapis.com/google.rpc.Help" }] } },
  });
  expect(open.emulator.jobs).toEqual([]);
  expect(await createJob(open, file)).toMatchObject({ status: 200 });
  expect(open.emulator.seen.jobs).toBe(2);
});

test("a job can be created and still answered with 503", async () => {
  const open = await openEmulator({ jobMs: 0 });
  open.emulator.addFault({ name: "create-unavailable-after" });
  const file = await uploadFile(open, jobFile(["a"]));
  expect(await createJob(open, file)).toMatchObject({ status: 503 });
  expect(open.emulator.jobs).toMatchObject([{ displayName: "my-batch", texts: ["a"] }]);
  expect(open.emulator.billed.jobs).toBe(1);
});

test("a job can be created although the answer is lost", async () => {
  const open = await openEmulator({ jobMs: 0 });
  open.emulator.addFault({ name: "create-cut-after" });
  const file = await uploadFile(open, jobFile(["a"]));
  await expect(createJob(open, file)).rejects.toThrow("fetch failed");
  expect(open.emulator.jobs).toHaveLength(1);
});

test("a created job can be reported as unknown", async () => {
  const open = await openEmulator();
  open.emulator.addFault({ name: "job-unknown", times: 1 });
  const { path } = await startJob(open, ["a"]);
  expect(await open.send("GET", path)).toMatchObject({ status: 404 });
  expect(await open.send("GET", path)).toMatchObject({ status: 200 });
});

/** Key, vector length and error code of each row that arrives for `good` and `bad`. */
const ROWS: readonly (readonly [RowFault, readonly unknown[]])[] = [
  [
    "row-failed",
    [
      ["k0", 128, undefined],
      ["k1", undefined, 3],
    ],
  ],
  ["row-missing", [["k0", 128, undefined]]],
  [
    "row-duplicate",
    [
      ["k0", 128, undefined],
      ["k1", 128, undefined],
      ["k1", 128, undefined],
    ],
  ],
  [
    "row-unknown-key",
    [
      ["k0", 128, undefined],
      ["k1-unknown", 128, undefined],
    ],
  ],
  [
    "row-wrong-length",
    [
      ["k0", 128, undefined],
      ["k1", 127, undefined],
    ],
  ],
];

test.each(ROWS)("%s spoils the row of its text", async (name, rows) => {
  const open = await openEmulator({ jobMs: 0 });
  open.emulator.addFault({ name, text: "bad" });
  const { output } = await startJob(open, ["good", "bad"]);
  const lines = await readOutput(open, output);
  expect(
    lines.map(({ error, key, response }) => [key, response?.embedding.values.length, error?.code]),
  ).toEqual(rows);
});

test("a text whose row fails fails in a call too", async () => {
  const { ai, emulator } = await openEmulator();
  emulator.addFault({ name: "row-failed", text: "bad" });
  const embed = (text: string) =>
    ai.models.embedContent({ model: "gemini-embedding-001", contents: [contentOf(text)] });
  await expect(embed("bad")).rejects.toMatchObject({ status: 400 });
  await embed("good");
});
