import { expect, test } from "vitest";
import { GeminiBatchClient } from "../../src/index.ts";
import { heldFetch } from "../support/held-fetch.ts";
import { geminiHarness } from "../providers/gemini/gemini-harness.ts";

test.each(["index", "rag_query", "quick_enrichment"] as const)(
  "a client that sends everything as jobs sends a single text for %s as a job",
  async (purpose) => {
    const { clock, emulator } = await geminiHarness();
    const client = new GeminiBatchClient({
      apiKey: emulator.key,
      baseUrl: emulator.url,
      clock,
      fetch: heldFetch(clock),
      dimensions: 128,
    });
    const result = await client.embed({ text: "how to install", purpose });
    expect(result).toMatchObject({ status: "ok", route: "batch" });
    expect(emulator.billed).toMatchObject({ calls: 0, jobs: 1, texts: 1 });
  },
);
