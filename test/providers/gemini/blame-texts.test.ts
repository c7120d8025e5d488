import { expect, test } from "vitest";
import { CallFailure } from "../../../src/sending/call-failure.ts";
import type { TextOutcome, TextPack } from "../../../src/sending/service.ts";
import { SiteragError } from "../../../src/words/errors.ts";
import { blameTexts } from "../../../src/providers/gemini/blame-texts.ts";

const packOf = (texts: number): TextPack => ({
  inputs: Array.from({ length: texts }, (_, at) => ({ title: null, text: String(at) })),
  tokens: Array.from({ length: texts }, () => 1),
  taskType: "RETRIEVAL_DOCUMENT",
});

/** Sends a pack to somebody who refuses it with these words. */
async function blame(texts: number, wordsFor: (texts: readonly string[]) => string | null) {
  let calls = 0;
  const outcomes = await blameTexts(packOf(texts), async ({ inputs }) => {
    calls += 1;
    const words = wordsFor(inputs.map(({ text }) => text));
    return words === null
      ? inputs.map(({ text }) => ({ vector: Float32Array.of(Number(text)) }))
      : new CallFailure(new SiteragError("INVALID_REQUEST", words), "split");
  });
  return { calls, outcomes: outcomes.map(asWords) };
}

const asWords = (outcome: TextOutcome): string =>
  "error" in outcome ? outcome.error.message : String(outcome.vector[0]);

test("guilty texts are found, and every other one gets its own vector", async () => {
  const guilty = new Set(["2", "5"]);
  const { outcomes } = await blame(8, (texts) =>
    texts.some((text) => guilty.has(text)) ? "no" : null,
  );
  expect(outcomes).toEqual(["0", "1", "no", "3", "4", "no", "6", "7"]);
});

test("what is refused in the same words all the way down is refused as a whole", async () => {
  const { calls, outcomes } = await blame(100, () => "no");
  expect(outcomes).toEqual(Array.from({ length: 100 }, () => "no"));
  expect(calls).toBe(1 + 2 * 7);
});

test("words that differ belong to single texts", async () => {
  const { calls, outcomes } = await blame(4, (texts) => `no ${texts.join()}`);
  expect(outcomes).toEqual(["no 0", "no 1", "no 2", "no 3"]);
  expect(calls).toBe(7);
});

test("the first half alone does not speak for the whole", async () => {
  const { outcomes } = await blame(4, (texts) => (texts.some((one) => one < "2") ? "no" : null));
  expect(outcomes).toEqual(["no", "no", "2", "3"]);
});
