import { expect, test } from "vitest";
import { estimateTokens } from "../../../src/chunking/tokens.ts";
import { generationFormat } from "../../../src/providers/gemini/generation-jsonl.ts";
import type { GenerationRequest } from "../../../src/generation/client.ts";

const order = (inputs: readonly GenerationRequest[]) => ({
  displayName: "siterag-0",
  texts: inputs.map((input, at) => ({ key: String(at), input })),
  taskType: "RETRIEVAL_DOCUMENT" as const,
});

test("the input file of a job of prompts: one request a line, with its instruction and settings", async () => {
  const requests = order([
    { prompt: "hi" },
    { prompt: 'Größe: 漢字 🦊\nand "quotes"', system: "be brief", tag: "mine" },
    { prompt: "hi", system: "be brief", temperature: 0, maxOutputTokens: 50 },
  ]);
  const lines = [...generationFormat.linesOf(requests)].map((line) => `${line}\n`);
  await expect(lines.join("")).toMatchFileSnapshot("../../../golden/wire/job-generation.jsonl");
});

test("an instruction counts among the tokens of its prompt", () => {
  const tokensOf = (input: GenerationRequest) => generationFormat.tokensOf(order([input]));
  const [plain = 0] = tokensOf({ prompt: "one two three" });
  const [instructed = 0] = tokensOf({ prompt: "one two three", system: "one two three" });
  expect(instructed).toBe(2 * plain);
});

test("the output of a row without counts is estimated, and a failed row is free", () => {
  const response = {
    candidates: [{ content: { parts: [{ text: "Two words." }] }, finishReason: "STOP" }],
  };
  const counted = { ...response, usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 3 } };
  const blocked = { promptFeedback: { blockReason: "SAFETY" } };
  const rows = [
    { key: "a", response },
    { key: "b", error: { code: 13, message: "no" } },
    { key: "c", response: counted },
    { key: "d", response: blocked },
    { key: "e" },
  ];
  const output = { text: "Two words.", finish: "complete" };
  expect(rows.map((row) => generationFormat.rowOf(JSON.stringify(row)))).toEqual([
    { key: "a", tokens: { input: null, output: estimateTokens("Two words.") }, output },
    { key: "b", error: expect.objectContaining({ code: "JOB_FAILED" }), isFree: true },
    { key: "c", tokens: { input: 7, output: 3 }, output },
    {
      key: "d",
      tokens: { input: null, output: 0 },
      error: expect.objectContaining({ code: "ANSWER_BLOCKED" }),
      isFinal: true,
    },
    { key: "e", error: expect.objectContaining({ code: "JOB_FAILED" }), isFree: false },
  ]);
});
