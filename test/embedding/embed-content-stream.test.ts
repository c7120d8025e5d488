import { expect, test } from "vitest";
import { MockGeminiClient } from "../../src/providers/mock/mock-gemini-client.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";

test("a request of a later window that cannot be sent is named by its index in the stream", async () => {
  const client = new MockGeminiClient({ dimensions: 2, clock: createVirtualClock() });
  async function* requests() {
    for (let at = 0; at < 10_001; at += 1) yield { text: at === 10_000 ? " " : `Text ${at}.` };
  }
  const stream = client.embedContentStream(requests(), { forceIndividual: true });
  const failing = Array.fromAsync(stream);
  await expect(failing).rejects.toMatchObject({
    code: "INVALID_REQUEST",
    message: expect.stringContaining("Request 10000"),
  });
  await expect(failing).rejects.not.toThrow("Nothing was sent");
});
