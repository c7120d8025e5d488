import { expect, test } from "vitest";
import { GEMINI_MODELS } from "../../../src/planning/gemini-profile.ts";
import { GeminiBatchClient } from "../../../src/providers/gemini/gemini-batch-client.ts";
import { heldFetch } from "../../support/held-fetch.ts";
import { geminiHarness } from "./gemini-harness.ts";

const REQUESTS = [
  { text: "Run the installer.", title: "Guide > Install" },
  { text: "Größe: 漢字 🦊", taskType: "RETRIEVAL_DOCUMENT" },
  { text: "how do I install it", taskType: "RETRIEVAL_QUERY" },
] as const;

test.each(GEMINI_MODELS)(
  "what %s is sent: one part a content, its own task form",
  async (model) => {
    const { client, emulator } = await geminiHarness({ model });
    await client.embedContent(REQUESTS, { forceIndividual: true });
    const sent = emulator.requests.map(({ method, path, body }) => ({ method, path, body }));
    await expect(`${JSON.stringify(sent, null, 2)}\n`).toMatchFileSnapshot(
      `../../../golden/wire/individual-${model}.json`,
    );
  },
);

test("the key goes into its header alone", async () => {
  const { client, emulator } = await geminiHarness();
  await client.embedText("Run the installer.");
  const [request] = emulator.requests;
  expect(request?.headers["x-goog-api-key"]).toBe(emulator.key);
  expect(JSON.stringify([request?.path, request?.body])).not.toContain(emulator.key);
});

test.each(GEMINI_MODELS)("a job of %s: its input file, and how it is created", async (model) => {
  const { clock, emulator } = await geminiHarness();
  const client = new GeminiBatchClient({
    model,
    clock,
    fetch: heldFetch(clock),
    dimensions: 128,
    apiKey: emulator.key,
    baseUrl: emulator.url,
  });
  const { results } = await client.embedContent(REQUESTS.slice(0, 2));
  expect(results.map(({ status }) => status)).toEqual(["ok", "ok"]);
  const sent = emulator.requests
    .filter(({ path }) => /upload|:async/u.test(path))
    .map(({ method, path, headers, body }) => ({
      method,
      path: path.replace(/(?<=\?).*/u, "…"),
      headers: Object.entries(headers).filter(([name]) => name.startsWith("x-goog-upload")),
      body,
    }));
  const text = JSON.stringify(sent, null, 2).replaceAll(/files\/(?!batch)[a-z0-9-]+/gu, "files/…");
  await expect(`${text}\n`).toMatchFileSnapshot(`../../../golden/wire/batch-${model}.json`);
});

test("a client of jobs alone sends a single text and a reader's query as a job, too", async () => {
  const { clock, emulator } = await geminiHarness();
  const client = new GeminiBatchClient({
    clock,
    fetch: heldFetch(clock),
    dimensions: 128,
    apiKey: emulator.key,
    baseUrl: emulator.url,
  });
  await client.embedText("one");
  await client.embedContent([{ text: "two", purpose: "rag_query" }]);
  expect(emulator.billed).toMatchObject({ calls: 0, jobs: 2 });
});
