import { expect, test } from "vitest";
import { CallFailure } from "../../src/sending/call-failure.ts";
import { blameTexts } from "../../src/sending/blame-texts.ts";
import type { TextOutcome } from "../../src/sending/blame-texts.ts";
import type { Pack } from "../../src/sending/provider.ts";
import { SiteragError } from "../../src/words/errors.ts";

const packOf = (texts: number): Pack<string> => ({
  inputs: Array.from({ length: texts }, (_, at) => String(at)),
  tokens: Array.from({ length: texts }, () => 1),
  taskType: "RETRIEVAL_DOCUMENT",
});

/** Sends a pack to somebody who refuses it with these words. */
async function blame(texts: number, wordsFor: (texts: readonly string[]) => string | null) {
  let calls = 0;
  const outcomes = await blameTexts(packOf(texts), async ({ inputs }) => {
    calls += 1;
    const words = wordsFor(inputs);
    if (words === null) return inputs.map((output) => ({ output }));
    const refused = new CallFailure(new SiteragError("INVALID_REQUEST", words), "split");
    return { refused, retries: calls };
  });
  return { calls, outcomes: outcomes.map(asWords), retries: outcomes.map(retriesOf) };
}

const asWords = (outcome: TextOutcome<string>): string =>
  "error" in outcome ? outcome.error.message : outcome.output;

const retriesOf = (outcome: TextOutcome<string>): number =>
  "error" in outcome ? outcome.retries : 0;

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

test("a text has the retries of the call that failed last with it", async () => {
  // Each call here was repeated as often as calls went before it: those of single texts are 4 to 7.
  const { retries } = await blame(4, (texts) => `no ${texts.join()}`);
  expect(retries).toEqual([4, 5, 6, 7]);
  expect((await blame(4, () => "no")).retries).toEqual([4, 4, 4, 4]);
});

test("the first half alone does not speak for the whole", async () => {
  const { outcomes } = await blame(4, (texts) => (texts.some((one) => one < "2") ? "no" : null));
  expect(outcomes).toEqual(["no", "no", "2", "3"]);
});
