import { beforeEach, expect, test, vi } from "vitest";
import { estimateTokens } from "../../src/chunking/tokens.ts";
import { contentOf, lengthOf, openEmulator } from "./open-emulator.ts";
import { createJob, jobFile, linesOf, readOutput, startJob, uploadFile } from "./send-job.ts";

const PATH = "/v1beta/models/gemini-embedding-001:asyncBatchEmbedContent";
const TYPE = "type.googleapis.com/google.ai.generativelanguage.v1main.EmbedContentBatch";
const HOUR_MS = 3_600_000;

beforeEach(() => {
  // The SDK says of every batch job that it is experimental.
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
});

test("a job over a file waits, runs and succeeds, as the operation tells", async () => {
  const open = await openEmulator({ jobMs: 60_000 });
  const file = await uploadFile(open, jobFile(["a", "b", "c"]));
  const { body: created } = await createJob(open, file);
  const { name, path, output } = await startJob(open, ["a", "b", "c"]);
  expect(created).toEqual({
    name: expect.stringMatching(/^batches\/[a-z0-9]{36}$/),
    metadata: {
      "@type": TYPE,
      model: "models/gemini-embedding-001",
      displayName: "my-batch",
      createTime: "2026-12-01T20:00:00.000Z",
      updateTime: "2026-12-01T20:00:00.000Z",
      inputConfig: { fileName: file },
      batchStats: { requestCount: "3", pendingRequestCount: "3" },
      state: "BATCH_STATE_PENDING",
      name: expect.stringMatching(/^batches\//),
    },
  });
  open.clock.advance(30_000);
  const running = await open.send("GET", path);
  expect(running.body).toMatchObject({
    metadata: { state: "BATCH_STATE_RUNNING", updateTime: "2026-12-01T20:00:30.000Z" },
  });
  expect(running.body).not.toHaveProperty("done");
  open.clock.advance(30_000);
  const responsesFile = output.slice("/v1beta/".length);
  expect((await open.send("GET", path)).body).toEqual({
    name,
    metadata: {
      "@type": TYPE,
      model: "models/gemini-embedding-001",
      displayName: "my-batch",
      createTime: "2026-12-01T20:00:00.000Z",
      updateTime: "2026-12-01T20:01:00.000Z",
      endTime: "2026-12-01T20:01:00.000Z",
      inputConfig: { fileName: expect.any(String) },
      batchStats: { requestCount: "3", successfulRequestCount: "3" },
      state: "BATCH_STATE_SUCCEEDED",
      name,
      output: { responsesFile },
    },
    done: true,
    response: { "@type": `${TYPE}Output`, responsesFile },
  });
});

test("the output has the rows of the input in another order, with the vectors of calls", async () => {
  const open = await openEmulator({ jobMs: 0 });
  const { output } = await startJob(open, ["a", "b", "c"]);
  const { body } = await open.send("GET", `${output}:download?alt=media`);
  const lines = linesOf(body);
  expect(lines.map(({ key }) => key)).toEqual(["k1", "k0", "k2"]);
  const { embeddings } = await open.ai.models.embedContent({
    model: "gemini-embedding-001",
    contents: ["b", "a", "c"].map(contentOf),
    config: { outputDimensionality: 128 },
  });
  expect(lines.map(({ response }) => response?.embedding)).toEqual(embeddings);
});

test("the SDK runs an inline job", async () => {
  const { ai, clock, emulator } = await openEmulator();
  const config = { taskType: "RETRIEVAL_DOCUMENT", outputDimensionality: 128 };
  const created = await ai.batches.createEmbeddings({
    model: "gemini-embedding-001",
    src: { inlinedRequests: { contents: ["a", "b"], config } },
    config: { displayName: "inline" },
  });
  expect(created).toMatchObject({ displayName: "inline", state: "JOB_STATE_PENDING" });
  clock.advance(60_000);
  const job = await ai.batches.get({ name: created.name ?? "" });
  expect(job.state).toBe("JOB_STATE_SUCCEEDED");
  const responses = job.dest?.inlinedEmbedContentResponses ?? [];
  expect(responses).toHaveLength(2);
  expect(responses[0]?.response).toMatchObject({ tokenCount: String(estimateTokens("a")) });
  expect(lengthOf(responses[0]?.response?.embedding?.values ?? [])).toBeCloseTo(0.578, 3);
  expect(emulator.seen).toMatchObject({ calls: 0, jobs: 1, texts: ["a", "b"] });
});

test("the SDK runs a job over a file, lists, cancels and deletes it", async () => {
  const open = await openEmulator();
  const fileName = await uploadFile(open, jobFile(["a", "b"]));
  const { batches } = open.ai;
  const model = "gemini-embedding-001";
  const { name = "" } = await batches.createEmbeddings({ model, src: { fileName } });
  const listed: (string | undefined)[] = [];
  for await (const job of await batches.list()) listed.push(job.name);
  expect(listed).toEqual([name]);
  await batches.cancel({ name });
  expect(await batches.get({ name })).toMatchObject({ state: "JOB_STATE_CANCELLED" });
  await batches.delete({ name });
  await expect(batches.get({ name })).rejects.toMatchObject({ status: 404 });
});

test.each([
  [
    "camel case",
    (file: string) => ({ batch: { displayName: "d", inputConfig: { fileName: file } } }),
  ],
  [
    "snake case",
    (file: string) => ({ batch: { display_name: "d", input_config: { file_name: file } } }),
  ],
])("a job can be created in %s", async (_, bodyOf) => {
  const open = await openEmulator();
  const file = await uploadFile(open, jobFile(["a"]));
  expect(await open.send("POST", PATH, bodyOf(file))).toMatchObject({
    status: 200,
    body: { metadata: { displayName: "d", inputConfig: { fileName: file } } },
  });
});

test.each([
  ["no input", {}, "input_config"],
  ["an unknown name", { fileNames: "files/x" }, `Unknown name "fileNames" at 'batch.input_config'`],
])("a job with %s is refused", async (_, inputConfig, message) => {
  const { emulator, send } = await openEmulator();
  expect(await send("POST", PATH, { batch: { inputConfig } })).toMatchObject({
    status: 400,
    body: { error: { message: expect.stringContaining(message) } },
  });
  expect(emulator.jobs).toEqual([]);
});

test("a job over a file that is not there is refused", async () => {
  expect(await createJob(await openEmulator(), "files/none")).toMatchObject({ status: 404 });
});

test("inline answers carry the metadata of their rows, and many come in another order", async () => {
  const { send } = await openEmulator({ jobMs: 0 });
  const keysOf = async (count: number) => {
    const requests = Array.from({ length: count }, (_, at) => ({
      request: { content: contentOf("a"), outputDimensionality: 128 },
      metadata: { my_key: at },
    }));
    const { body } = await send("POST", PATH, {
      batch: { inputConfig: { requests: { requests } } },
    });
    return [...JSON.stringify(body).matchAll(/"metadata":\{"my_key":(\d+)\}/g)].map(
      ([, key]) => key,
    );
  };
  const twice = (keys: readonly number[]) => [...keys, ...keys].map(String);
  expect(await keysOf(3)).toEqual(twice([0, 1, 2]));
  const many = await keysOf(1001);
  expect(many.slice(0, 2)).toEqual(["1", "3"]);
  expect(new Set(many).size).toBe(1001);
});

test("rows that cannot be read or served fail, and the job succeeds", async () => {
  const open = await openEmulator({ jobMs: 0 });
  const content = contentOf("a");
  const file = [
    { key: "good", request: { content, output_dimensionality: 128 }, note: "ignored" },
    { key: "empty", request: { content: contentOf("") } },
    { key: "long", request: { content, outputDimensionality: 5000 } },
    { key: "other", request: { content, model: "models/gemini-embedding-2" } },
    { key: "unknown", request: { content, dimensions: 128 } },
  ].map((line) => JSON.stringify(line));
  const { body } = await createJob(
    open,
    await uploadFile(open, [...file, "no JSON", ""].join("\n")),
  );
  expect(body).toMatchObject({
    metadata: {
      state: "BATCH_STATE_SUCCEEDED",
      batchStats: { requestCount: "6", successfulRequestCount: "1", failedRequestCount: "5" },
    },
  });
  const [name = ""] = /files\/batch-\w+/.exec(JSON.stringify(body)) ?? [];
  const lines = await readOutput(open, `/v1beta/${name}`);
  expect(lines.map(({ error, key }) => [key, error?.code])).toEqual([
    [undefined, 3],
    ["empty", 3],
    ["good", undefined],
    ["long", 3],
    ["other", 3],
    ["unknown", 3],
  ]);
});

test("a job is billed once, at half the price, when it has succeeded", async () => {
  const open = await openEmulator({ jobMs: 1000 });
  const { path } = await startJob(open, ["a", "b"]);
  expect(open.emulator.billed).toMatchObject({ jobs: 0, texts: 0 });
  open.clock.advance(1000);
  const tokens = estimateTokens("a") + estimateTokens("b");
  const bill = {
    calls: 0,
    jobs: 1,
    texts: 2,
    tokens,
    costUsd: expect.closeTo((tokens * 0.075) / 1e6, 12),
    duplicates: 0,
  };
  expect(open.emulator.billed).toEqual(bill);
  await open.send("GET", path);
  expect(open.emulator.billed).toEqual(bill);
});

test("two creations are two jobs, whatever they are called, and both are billed", async () => {
  const open = await openEmulator({ jobMs: 0 });
  await startJob(open, ["a"], "same");
  await startJob(open, ["a"], "same");
  expect(open.emulator.jobs).toMatchObject([
    { displayName: "same", state: "BATCH_STATE_SUCCEEDED", texts: ["a"] },
    { displayName: "same", state: "BATCH_STATE_SUCCEEDED", texts: ["a"] },
  ]);
  expect(open.emulator.billed).toMatchObject({ jobs: 2, texts: 2, duplicates: 1 });
});

test("jobs are listed in pages, the newest first, without inline answers", async () => {
  const open = await openEmulator({ jobMs: 0 });
  expect(await open.send("GET", "/v1beta/batches")).toMatchObject({ status: 200, body: {} });
  const request = { content: contentOf("a") };
  const inputConfig = { requests: { requests: [{ request }] } };
  await open.send("POST", PATH, { batch: { displayName: "first", inputConfig } });
  const { output } = await startJob(open, ["a"], "second");
  await open.send("POST", PATH, { batch: { displayName: "third", inputConfig } });
  const { body: page } = await open.send("GET", "/v1beta/batches?pageSize=2");
  expect(page).toMatchObject({
    operations: [
      { done: true, metadata: { displayName: "third" } },
      { metadata: { displayName: "second", output: { responsesFile: output.slice(8) } } },
    ],
    nextPageToken: expect.any(String),
  });
  expect(JSON.stringify(page)).not.toContain("values");
  const names: (string | undefined)[] = [];
  for await (const job of await open.ai.batches.list({ config: { pageSize: 2 } })) {
    names.push(job.displayName);
  }
  expect(names).toEqual(["third", "second", "first"]);
});

test("cancelled before it starts, a job ends as cancelled and is not billed", async () => {
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

test("cancelled when it runs, a job succeeds with the rows that it has come to", async () => {
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

test("cancelling a job that has ended changes nothing", async () => {
  const open = await openEmulator({ jobMs: 1000 });
  const { path } = await startJob(open, ["a"]);
  open.clock.advance(1000);
  const { body } = await open.send("GET", path);
  open.clock.advance(1000);
  expect(await open.send("POST", `${path}:cancel`, {})).toMatchObject({ status: 200 });
  expect((await open.send("GET", path)).body).toEqual(body);
});

test("a deleted job is gone; what it has done is billed and can be downloaded", async () => {
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

test("a job that takes longer than 48 hours expires with nothing", async () => {
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
  expect(await open.send("GET", `${output}:download?alt=media`)).toMatchObject({ status: 404 });
  expect(open.emulator.billed.jobs).toBe(0);
});

test("tokens of jobs that have not ended are limited, and the refusal does not say how long", async () => {
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

test("no more than 100 jobs wait or run at once", async () => {
  const open = await openEmulator({ jobMs: 1000 });
  const file = await uploadFile(open, jobFile(["a"]));
  for (let job = 0; job < 100; job += 1) {
    expect(await createJob(open, file)).toMatchObject({ status: 200 });
  }
  expect(await createJob(open, file)).toMatchObject({ status: 429 });
});

test("without enqueued tokens, as on the free tier, there are no jobs", async () => {
  const open = await openEmulator({ quota: { enqueuedTokens: 0 } });
  const file = await uploadFile(open, jobFile(["a"]));
  expect(await createJob(open, file)).toMatchObject({
    status: 400,
    body: { error: { status: "FAILED_PRECONDITION" } },
  });
});
