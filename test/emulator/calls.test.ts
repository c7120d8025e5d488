import { expect, test } from "vitest";
import { estimateTokens } from "../../src/chunking/tokens.ts";
import { contentOf, cosine, lengthOf, openEmulator } from "./open-emulator.ts";

const MODEL_1 = "gemini-embedding-001";
const MODEL_2 = "gemini-embedding-2";

test("the SDK gets a vector for each content and sends the recorded request", async () => {
  const { ai, emulator } = await openEmulator();
  const config = { taskType: "RETRIEVAL_DOCUMENT", title: "T", outputDimensionality: 768 };
  const { embeddings } = await ai.models.embedContent({
    model: MODEL_1,
    contents: ["a", "b", "c"],
    config,
  });
  expect(embeddings?.map(({ values }) => values?.length)).toEqual([768, 768, 768]);
  expect(emulator.requests).toMatchObject([
    {
      method: "POST",
      path: "/v1beta/models/gemini-embedding-001:batchEmbedContents",
      headers: { "x-goog-api-key": "emulator-key" },
      body: {
        requests: ["a", "b", "c"].map((text) => ({
          content: { role: "user", parts: [{ text }] },
          ...config,
          model: "models/gemini-embedding-001",
        })),
      },
    },
  ]);
  expect(Object.keys(emulator.requests[0]?.headers ?? {})).not.toContain("x-test-hold");
});

test("strings for gemini-embedding-2 are parts of one content and give one vector", async () => {
  const { ai, emulator } = await openEmulator();
  const strings = await ai.models.embedContent({ model: MODEL_2, contents: ["a", "b"] });
  const contents = await ai.models.embedContent({
    model: MODEL_2,
    contents: [contentOf("a"), contentOf("b")],
  });
  expect(strings.embeddings).toHaveLength(1);
  expect(contents.embeddings).toHaveLength(2);
  expect(emulator.seen.texts).toEqual(["a\nb", "a", "b"]);
});

test.each([
  [MODEL_1, 768, 0.578],
  [MODEL_1, 3072, 1],
  [MODEL_2, 768, 1],
  [MODEL_2, 3072, 1],
])("vectors of %s with %i numbers have the length %f", async (model, dimensions, length) => {
  const { ai } = await openEmulator();
  const { embeddings } = await ai.models.embedContent({
    model,
    contents: [contentOf("install the plugin")],
    config: { outputDimensionality: dimensions },
  });
  const [{ values = [] } = {}] = embeddings ?? [];
  expect(values).toHaveLength(dimensions);
  expect(lengthOf(values)).toBeCloseTo(length, 5);
});

test("the task type turns vectors of the first model a little, and not those of the second", async () => {
  const { ai } = await openEmulator();
  const vectorFor = async (model: string, taskType: string) => {
    const config = { taskType, outputDimensionality: 256 };
    const contents = [contentOf("install the plugin")];
    const answer = await ai.models.embedContent({ model, contents, config });
    return answer.embeddings?.[0]?.values ?? [];
  };
  const query = await vectorFor(MODEL_1, "RETRIEVAL_QUERY");
  const document = await vectorFor(MODEL_1, "RETRIEVAL_DOCUMENT");
  expect(cosine(query, document)).toBeGreaterThan(0.98);
  expect(cosine(query, document)).toBeLessThan(0.9999);
  expect(await vectorFor(MODEL_2, "RETRIEVAL_QUERY")).toEqual(
    await vectorFor(MODEL_2, "RETRIEVAL_DOCUMENT"),
  );
});

test("the prompt that tells gemini-embedding-2 its task does not hide what texts share", async () => {
  const { ai } = await openEmulator();
  const { embeddings = [] } = await ai.models.embedContent({
    model: MODEL_2,
    contents: [
      "task: search result | query: install the plugin",
      "title: none | text: install the plugin",
      "title: Guide | text: install the plugin",
      "title: none | text: weather tomorrow",
    ].map(contentOf),
    config: { outputDimensionality: 768 },
  });
  const [query = [], same = [], titled = [], other = []] = embeddings.map(
    ({ values }) => values ?? [],
  );
  expect(cosine(query, same)).toBeCloseTo(1, 6);
  expect(cosine(query, titled)).toBeGreaterThan(0.7);
  expect(cosine(query, other)).toBeLessThan(0.3);
});

test("the first model silently ignores text beyond 2,048 tokens", async () => {
  const { ai, emulator } = await openEmulator();
  const long = "word ".repeat(3000);
  const { embeddings, usageMetadata } = await ai.models.embedContent({
    model: MODEL_1,
    contents: [`${long} lighthouse`, `${long} volcano`].map(contentOf),
  });
  expect(embeddings?.[0]).toEqual(embeddings?.[1]);
  expect(usageMetadata).toMatchObject({ promptTokenCount: 4096 });
  expect(emulator.billed.tokens).toBe(4096);
});

test("usage is that of the whole call, in the REST API's format", async () => {
  const { send } = await openEmulator();
  const requests = ["one text", "another"].map((text) => ({
    model: "models/gemini-embedding-2",
    content: contentOf(text),
    outputDimensionality: 128,
  }));
  const { body } = await send("POST", "/v1beta/models/gemini-embedding-2:batchEmbedContents", {
    requests,
  });
  const tokenCount = estimateTokens("one text") + estimateTokens("another");
  expect(body).toMatchObject({
    usageMetadata: {
      promptTokenCount: tokenCount,
      promptTokenDetails: [{ modality: "TEXT", tokenCount }],
    },
  });
});

test("a call is billed by its tokens, and texts billed twice are counted", async () => {
  const { ai, emulator } = await openEmulator();
  const embed = (model: string, texts: readonly string[]) =>
    ai.models.embedContent({ model, contents: texts.map(contentOf) });
  await embed(MODEL_1, ["first", "second"]);
  await embed(MODEL_2, ["first"]);
  await embed(MODEL_1, ["second", "third"]);
  const tokens = ["first", "second", "second", "third"].reduce(
    (sum, text) => sum + estimateTokens(text),
    0,
  );
  const tokensOf2 = estimateTokens("first");
  expect(emulator.billed).toEqual({
    calls: 3,
    jobs: 0,
    texts: 5,
    tokens: tokens + tokensOf2,
    costUsd: expect.closeTo((tokens * 0.15 + tokensOf2 * 0.2) / 1e6, 12),
    duplicates: 1,
  });
});

test.each(["/v1", "/v1beta", "/v1alpha", ""])("the version %j is served", async (version) => {
  const { send } = await openEmulator();
  const path = `${version}/models/gemini-embedding-001`;
  expect(await send("GET", path)).toMatchObject({
    status: 200,
    body: { name: "models/gemini-embedding-001", inputTokenLimit: 2048 },
  });
  expect(await send("POST", `${path}:embedContent`, { content: contentOf("a") })).toMatchObject({
    status: 200,
    body: { embedding: { values: expect.any(Array) } },
  });
});

test("settings may be in embedContentConfig, and names in snake case", async () => {
  const { send } = await openEmulator();
  const ask = async (settings: object) => {
    const body = { content: contentOf("a"), ...settings };
    return (await send("POST", "/v1beta/models/gemini-embedding-001:embedContent", body)).body;
  };
  const [plain, nested, snake] = [
    await ask({ taskType: "RETRIEVAL_QUERY", outputDimensionality: 128 }),
    await ask({ embedContentConfig: { taskType: "RETRIEVAL_QUERY", outputDimensionality: 128 } }),
    await ask({ task_type: "RETRIEVAL_QUERY", output_dimensionality: "128" }),
  ];
  expect(nested).toEqual(plain);
  expect(snake).toEqual(plain);
});

test("the SDK counts tokens, and reads and lists models", async () => {
  const { ai } = await openEmulator();
  const contents = ["a", "b"];
  const { totalTokens } = await ai.models.countTokens({ model: MODEL_1, contents });
  expect(totalTokens).toBe(estimateTokens("a\nb"));
  const model = await ai.models.get({ model: MODEL_2 });
  expect(model.supportedActions).toContain("asyncBatchEmbedContent");
  const names: (string | undefined)[] = [];
  for await (const { name } of await ai.models.list()) names.push(name);
  expect(names).toEqual(["models/gemini-embedding-001", "models/gemini-embedding-2"]);
});

test("concurrent calls are counted", async () => {
  const { ai, emulator } = await openEmulator({ latencyMs: 100 });
  const embed = () => ai.models.embedContent({ model: MODEL_1, contents: ["a"] });
  await embed();
  await Promise.all([embed(), embed(), embed()]);
  expect(emulator.seen).toEqual({
    calls: 4,
    jobs: 0,
    texts: ["a", "a", "a", "a"],
    mostCallsAtOnce: 3,
  });
});
