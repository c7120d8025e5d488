import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ClientEvent } from "../../../src/sending/events.ts";
import { DIRECTORY, KEYS, largestDifference, rowOf, textsOf, useModels, WORDS } from "./models.ts";

const { client: clientOf, path } = useModels();

const MIXED = textsOf(60, 1, 90);

/** The vectors of texts, one at a time. */
async function oneByOne(
  client: ReturnType<typeof clientOf>,
  texts: readonly string[],
): Promise<Float32Array> {
  const rows: Float32Array[] = [];
  for (const text of texts) rows.push(await client.embedText(text));
  return Float32Array.from(rows.flatMap((row) => [...row]));
}

describe.each(["mean", "cls"] as const)("a model with %s pooling", (model) => {
  test("gives a matrix of unit rows", async () => {
    const { data, shape } = await clientOf(model).embedBatch(MIXED);
    expect(shape).toEqual([60, 32]);
    expect(data).toHaveLength(60 * 32);
    for (const [at] of MIXED.entries()) {
      expect(Math.hypot(...rowOf({ data, shape }, at))).toBeCloseTo(1, 6);
    }
  });

  test.each([1, 4, 32, 100])(
    "in batches of %i the vectors are those of one text at a time",
    async (batchSize) => {
      const client = clientOf(model);
      const expected = await oneByOne(client, MIXED);
      const { data } = await client.embedBatch(MIXED, { batchSize, batchTokens: 100_000 });
      const difference = largestDifference(data, expected);
      process.stdout.write(`${model}, batches of ${batchSize}: difference ${difference}\n`);
      expect(difference).toBeLessThanOrEqual(1e-5);
    },
  );

  test("with the default budget of tokens they are the same, too", async () => {
    const client = clientOf(model);
    const expected = await oneByOne(client, MIXED);
    expect(largestDifference((await client.embedBatch(MIXED)).data, expected)).toBeLessThan(1e-5);
  });

  test("gives the same bytes each time", async () => {
    const client = clientOf(model);
    const first = await client.embedBatch(MIXED);
    expect(await client.embedBatch(MIXED)).toEqual(first);
    await client.close();
    expect(await clientOf(model).embedBatch(MIXED)).toEqual(first);
  });

  test("gives each text its own row, whatever the order of lengths", async () => {
    const client = clientOf(model);
    const straight = await client.embedBatch(MIXED);
    const turned = await client.embedBatch(MIXED.toReversed());
    for (const [at] of MIXED.entries()) {
      const other = rowOf(turned, MIXED.length - 1 - at);
      expect(largestDifference(rowOf(straight, at), other)).toBeLessThan(1e-5);
    }
    expect(new Set(MIXED.map((_, at) => rowOf(straight, at).join())).size).toBe(60);
  });

  test("agrees with the package's own pipeline", async () => {
    const { env, pipeline } = createRequire(join(DIRECTORY, "package.json"))(
      "@huggingface/transformers",
    );
    const client = clientOf(model);
    const { data } = await client.embedBatch(MIXED);
    env.localModelPath = `${path()}/`;
    env.allowRemoteModels = false;
    const pipe = await pipeline("feature-extraction", model, { dtype: "fp32" });
    const expected = await pipe(MIXED, { pooling: model, normalize: true });
    await pipe.dispose();
    expect(largestDifference(data, expected.data)).toBeLessThan(1e-5);
  });
});

test("a query has the prefix of its model, and a passage has none", async () => {
  const client = clientOf("cls");
  const text = WORDS.slice(10, 15).join(" ");
  const { queryPrefix } = KEYS.cls;
  const query = await client.embedText(text, { taskType: "RETRIEVAL_QUERY" });
  expect(query).toEqual(await client.embedText(`${queryPrefix}${text}`));
  expect(query).not.toEqual(await client.embedText(text));
  const { data } = await client.embedBatch([text], { taskType: "RETRIEVAL_QUERY" });
  expect(data).toEqual(query);
});

test("only a text that is too long is cut, is named, and keeps its end", async () => {
  const client = clientOf("mean");
  const told: ClientEvent[] = [];
  client.events.listen((event) => told.push(event));
  const fits = WORDS.slice(0, 126).join(" ");
  const long = WORDS.slice(0, 200).join(" ");
  const requests = [
    { text: WORDS.slice(0, 120).join(" "), title: "Fits" },
    { text: long, title: "Too long" },
  ];
  const warnings: string[] = [];
  const logger = { warn: (line: string) => warnings.push(line) };
  await client.embedContent(requests, { logger });
  const cut = told.filter(({ type }) => type === "texts_cut");
  const name = { name: "“Too long”", tokens: 209 };
  expect(cut).toEqual([{ type: "texts_cut", model: "mean", contextTokens: 128, texts: [name] }]);
  expect(warnings).toEqual([
    expect.stringMatching(/^“Too long” has 209 tokens, and mean reads 128: /u),
  ]);
  const { data, shape } = await client.embedBatch([fits, long]);
  expect(rowOf({ data, shape }, 1)).toEqual(rowOf({ data, shape }, 0));
});

test("stops between two batches when it is cancelled", async () => {
  const client = clientOf("mean");
  const texts = textsOf(4000, 60, 90);
  const controller = new AbortController();
  const started = performance.now();
  await client.embedBatch(texts.slice(0, 100));
  const hundredMs = performance.now() - started;
  setTimeout(() => controller.abort(new Error("enough")), 20);
  await expect(client.embedBatch(texts, { signal: controller.signal })).rejects.toThrow("enough");
  expect(performance.now() - started).toBeLessThan(hundredMs * 20);
  const { shape } = await client.embedBatch(texts.slice(0, 3));
  expect(shape).toEqual([3, 32]);
});

test("a text without words is refused before anything is read", async () => {
  await expect(clientOf("mean").embedBatch(["good", " "])).rejects.toMatchObject({
    code: "INVALID_REQUEST",
  });
});

test("an empty list gives an empty matrix", async () => {
  const { data, shape } = await clientOf("mean").embedBatch([]);
  expect([data.length, ...shape]).toEqual([0, 0, 32]);
});
