import { expect, test } from "vitest";
import { indexSite } from "../../src/index.ts";
import { docsSite } from "../support/docs-site.ts";
import {
  clientOf,
  geminiHarness,
  generatorOf,
  WRITING_MODEL,
} from "../providers/gemini/gemini-harness.ts";
import { pagesOf } from "../providers/gemini/sentence-site.ts";

test("the log says which prompts a job has not served, and that they go by calls at their price", async () => {
  const { config } = await docsSite(pagesOf(12), {
    embedding: { provider: "gemini", dimensions: 128 },
    generation: { enrich: "context", model: WRITING_MODEL },
  });
  const { clock, emulator } = await geminiHarness();
  for (const page of ["p3", "p4"]) {
    emulator.addFault({ name: "row-failed", text: `What page ${page} says.`, times: 1 });
  }
  const infos: string[] = [];
  const report = await indexSite({
    config,
    clock,
    client: clientOf(emulator, clock),
    generator: generatorOf(emulator, clock),
    logger: { info: (line) => infos.push(line), warn: () => undefined },
  });
  expect(report).toMatchObject({ failures: [], enrichment: { jobs: 1, calls: 2, sentences: 12 } });
  expect(infos).toContainEqual(
    expect.stringMatching(/^2 of 12 (?:prompts|sentences) .*individual calls.* price/u),
  );
});
