import { expect, test } from "vitest";
import { answerPrompt } from "../../../src/generation/answer-prompt.ts";
import type { StreamEnd } from "../../../src/generation/client.ts";
import { MockGenerator } from "../../../src/providers/mock/mock-generator.ts";

const PASSAGES = [
  { number: 1, title: "Cats", headings: ["Cats"], text: "Cats sleep on the sofa.\n" },
  {
    number: 2,
    title: "Jobs",
    headings: ["Batch jobs"],
    text: "A job that is late is *cancelled*.\n",
  },
];

test.each([
  ["when is a late job cancelled?", "A job that is late is cancelled. [2]"],
  ["which batches", "A job that is late is cancelled. [2]"],
  ["who is the king of France", "NOT_IN_PASSAGES"],
  ["", "NOT_IN_PASSAGES"],
])("%j is answered from the passage that has its words: %j", async (question, text) => {
  const request = answerPrompt(question, PASSAGES);
  const { results, usage } = await new MockGenerator().generateContent([{ ...request, tag: "t" }]);
  expect(results).toEqual([
    { status: "ok", route: "individual", text, finish: "complete", tag: "t" },
  ]);
  expect(usage).toMatchObject({ calls: 1, costUsd: 0 });
});

test("a stream has the same words, one by one, and an end", async () => {
  const generator = new MockGenerator({ answer: ({ prompt }) => `${prompt} to you` });
  const stream = generator.generateContentStream({ prompt: "hi" });
  const pieces: (string | StreamEnd)[] = [];
  for (const _ of "1234") pieces.push((await stream.next()).value);
  expect(pieces).toMatchObject(["hi", " to", " you", { finish: "complete", usage: { calls: 1 } }]);
  expect(generator.requests).toEqual([{ prompt: "hi" }]);
});
