import { expect, test } from "vitest";
import { estimateTokens } from "../../src/chunking/tokens.ts";
import { openEmulator } from "./open-emulator.ts";
import { createJob, jobFile, readOutput, startJob, uploadFile } from "./send-job.ts";

const HOUR_MS = 3_600_000;

test("a job cancelled before it starts ends as cancelled and is not billed", async () => {
  const open = await openEmulator({ jobMs: 60_000 });
  const { path } = await startJob(open, ["a", "b"]);
  open.clock.advance(1000);
  expect(await open.send("POST", `${path}:cancel`, {})).toMatchObject({ status: 200, body: {} });
  expect((await open.send("GET", path)).body).toMatchObject({
    done: true,
    metadata: {
      state: "BATCH_STATE_CANCELLED",
      endTime: "2026-12-01T20:00:01.000Z",
      batchStats: { requestCount: "2", pendingRequestCount: "2" },
    },
    error: { code: 13, message: "Batch was cancelled." },
  });
  open.clock.advance(60_000);
  expect(open.emulator.billed.jobs).toBe(0);
});

test("a job cancelled while it runs succeeds with the rows served so far", async () => {
  const open = await openEmulator({ jobMs: 60_000 });
  const { path, output } = await startJob(open, ["a", "b", "c", "d"]);
  open.clock.advance(45_000);
  await open.send("POST", `${path}:cancel`, {});
  expect((await open.send("GET", path)).body).toMatchObject({
    metadata: {
      state: "BATCH_STATE_SUCCEEDED",
      batchStats: { requestCount: "4", successfulRequestCount: "2", failedRequestCount: "2" },
    },
  });
  const lines = await readOutput(open, output);
  expect(lines.map(({ error }) => error)).toEqual([undefined, undefined, { code: 1 }, { code: 1 }]);
  expect(open.emulator.billed).toMatchObject({ jobs: 1, texts: 2 });
});

test("cancelling an ended job changes nothing", async () => {
  const open = await openEmulator({ jobMs: 1000 });
  const { path } = await startJob(open, ["a"]);
  open.clock.advance(1000);
  const { body } = await open.send("GET", path);
  open.clock.advance(1000);
  expect(await open.send("POST", `${path}:cancel`, {})).toMatchObject({ status: 200 });
  expect((await open.send("GET", path)).body).toEqual(body);
});

test("a deleted job is gone, but its work is billed and its output can be downloaded", async () => {
  const open = await openEmulator({ jobMs: 1000 });
  const ended = await startJob(open, ["a"]);
  open.clock.advance(1000);
  const running = await startJob(open, ["b"]);
  for (const { path } of [ended, running]) {
    expect(await open.send("DELETE", path, {})).toMatchObject({ status: 200, body: {} });
    expect(await open.send("GET", path)).toMatchObject({ status: 404 });
  }
  open.clock.advance(1000);
  expect(await readOutput(open, ended.output)).toHaveLength(1);
  expect(open.emulator.billed).toMatchObject({ jobs: 1, texts: 1 });
  expect(open.emulator.jobs.map(({ state }) => state)).toEqual([
    "BATCH_STATE_SUCCEEDED",
    "BATCH_STATE_CANCELLED",
  ]);
});

test("a job that takes longer than 48 hours expires without output", async () => {
  const open = await openEmulator({ jobMs: 50 * HOUR_MS });
  const { path, output } = await startJob(open, ["a"]);
  open.clock.advance(48 * HOUR_MS - 1);
  expect(await open.send("GET", path)).toMatchObject({
    body: { metadata: { state: "BATCH_STATE_RUNNING" } },
  });
  open.clock.advance(1);
  expect(await open.send("GET", path)).toMatchObject({
    body: { done: true, metadata: { state: "BATCH_STATE_EXPIRED" } },
  });
  expect(await open.send("GET", `${output}:download?alt=media`)).toMatchObject({ status: 403 });
  expect(open.emulator.billed.jobs).toBe(0);
});

test("tokens of unfinished jobs are limited, and the refusal states no time to wait", async () => {
  const enqueuedTokens = 3 * estimateTokens("a");
  const open = await openEmulator({ jobMs: 1000, quota: { enqueuedTokens } });
  await startJob(open, ["a", "a"]);
  const file = await uploadFile(open, jobFile(["a", "a"]));
  const { body, status } = await createJob(open, file);
  expect(status).toBe(429);
  expect(body).toEqual({
    error: {
      code: 429,
      status: "RESOURCE_EXHAUSTED",
      message: expect.any(String),
      details: [expect.objectContaining({ "@type": "type.googleapis.com/google.rpc.Help" })],
    },
  });
  open.clock.advance(1000);
  expect(await createJob(open, file)).toMatchObject({ status: 200 });
  expect(open.emulator.seen.jobs).toBe(3);
  expect(open.emulator.jobs).toHaveLength(2);
});

test("at most 100 jobs wait or run at the same time", async () => {
  const open = await openEmulator({ jobMs: 1000 });
  const file = await uploadFile(open, jobFile(["a"]));
  for (let job = 0; job < 100; job += 1) {
    expect(await createJob(open, file)).toMatchObject({ status: 200 });
  }
  expect(await createJob(open, file)).toMatchObject({ status: 429 });
});

test("without enqueued tokens, as on the free tier, every job is refused", async () => {
  const open = await openEmulator({ quota: { enqueuedTokens: 0 } });
  const file = await uploadFile(open, jobFile(["a"]));
  expect(await createJob(open, file)).toMatchObject({
    status: 400,
    body: { error: { status: "FAILED_PRECONDITION" } },
  });
});
