import { expect, test } from "vitest";
import { GEMINI_MODELS } from "../../src/planning/gemini-profile.ts";
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
      `../../golden/wire/individual-${model}.json`,
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
