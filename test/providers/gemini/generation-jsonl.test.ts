import { expect, test } from "vitest";
import { estimateTokens } from "../../../src/chunking/tokens.ts";
import { chargedFor, generationFormat } from "../../../src/providers/gemini/generation-jsonl.ts";
import type { GenerationRequest } from "../../../src/generation/client.ts";

const order = (inputs: readonly GenerationRequest[]) => ({
  displayName: "siterag-0",
  texts: inputs.map((input, at) => ({ key: String(at), input })),
  taskType: "RETRIEVAL_DOCUMENT" as const,
});

test("the input file of a job of prompts: one request a line, with its instruction and settings", async () => {
  const text = generationFormat.toJsonl(
    order([
      { prompt: "hi" },
      { prompt: 'Größe: 漢字 🦊\nand "quotes"', system: "be brief", tag: "mine" },
      { prompt: "hi", system: "be brief", temperature: 0, maxOutputTokens: 50 },
    ]),
  );
  await expect(text).toMatchFileSnapshot("../../../golden/wire/job-generation.jsonl");
});

test("an instruction counts among the tokens of its prompt", () => {
  const tokensOf = (input: GenerationRequest) => generationFormat.tokensOf(order([input]));
  const [plain = 0] = tokensOf({ prompt: "one two three" });
  const [instructed = 0] = tokensOf({ prompt: "one two three", system: "one two three" });
  expect(instructed).toBe(2 * plain);
});

test("a row without counts is charged by the estimate, wherever it is read, and a failed one is free", () => {
  const response = {
    candidates: [{ content: { parts: [{ text: "Two words." }] }, finishReason: "STOP" }],
  };
  const [uncounted, failed] = generationFormat.fromJsonl(
    [
      { key: "a", response },
      { key: "b", error: { code: 13, message: "no" } },
    ]
      .map((row) => JSON.stringify(row))
      .join("\n"),
  );
  if (uncounted === undefined || failed === undefined)
    throw new TypeError("Two rows were written.");
  const output = estimateTokens("Two words.");
  expect(chargedFor([uncounted], 30, false)).toEqual({ input: 30, output });
  expect(chargedFor([uncounted], 30, true)).toEqual({ input: 30, output });
  expect(chargedFor([failed], 30, false)).toBeNull();
  expect(chargedFor([], 30, false)).toEqual({ input: 30, output: 0 });
  expect(chargedFor([], 30, true)).toBeNull();
});
