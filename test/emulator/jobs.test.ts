import { beforeEach, expect, test, vi } from "vitest";
import { estimateTokens } from "../../src/chunking/tokens.ts";
import { contentOf, lengthOf, openEmulator } from "./open-emulator.ts";
import { createJob, jobFile, linesOf, readOutput, startJob, uploadFile } from "./send-job.ts";

const PATH = "/v1beta/models/gemini-embedding-001:asyncBatchEmbedContent";
const TYPE = "type.googleapis.com/google.ai.generativelanguage.v1main.EmbedContentBatch";

beforeEach(() => {
  // The SDK warns for every batch job that the feature is experimental.
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
});

test("a job over a file waits, runs and succeeds, as its operation shows", async () => {
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

test("the output has the input's rows in another order, with the same vectors as calls", async () => {
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

test("a job over a missing file is refused", async () => {
  expect(await createJob(await openEmulator(), "files/none")).toMatchObject({ status: 404 });
});

test("inline answers have the metadata of their rows, and many come in another order", async () => {
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

test("rows that cannot be read or served fail, but the job succeeds", async () => {
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

test("a job is billed once, at half price, when it succeeds", async () => {
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

test("two creations with one display name make two jobs, and both are billed", async () => {
  const open = await openEmulator({ jobMs: 0 });
  await startJob(open, ["a"], "same");
  await startJob(open, ["a"], "same");
  expect(open.emulator.jobs).toMatchObject([
    { displayName: "same", state: "BATCH_STATE_SUCCEEDED", texts: ["a"] },
    { displayName: "same", state: "BATCH_STATE_SUCCEEDED", texts: ["a"] },
  ]);
  expect(open.emulator.billed).toMatchObject({ jobs: 2, texts: 2, duplicates: 1 });
});

test("jobs are listed in pages, newest first, without inline answers", async () => {
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
