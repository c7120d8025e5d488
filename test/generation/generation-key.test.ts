import { expect, test } from "vitest";
import { generationKey } from "../../src/generation/generation-key.ts";

const request = { prompt: "hi", system: "be brief", temperature: 0, maxOutputTokens: 50 };

test("the same request has the same key in every version, so that paid answers are found again", () => {
  expect(generationKey("m", request)).toBe(
    "454f1bd0a48d00cd38b5188e385c5e21f0416bd40d40e4af46e37da43e6896ee",
  );
  expect(generationKey("m", { ...request, tag: "mine" })).toBe(generationKey("m", request));
});

test("everything that an answer depends on changes the key", () => {
  const { system: _system, ...plain } = request;
  const keys = [
    generationKey("m", request),
    generationKey("other", request),
    generationKey("m", { ...request, prompt: "ho" }),
    generationKey("m", { ...request, system: "be long" }),
    generationKey("m", plain),
    generationKey("m", { ...plain, prompt: "be brief", system: "hi" }),
    generationKey("m", { ...request, temperature: 1 }),
    generationKey("m", { ...request, maxOutputTokens: 51 }),
    generationKey("m", { prompt: "hi", temperature: 50 }),
    generationKey("m", { prompt: "hi", maxOutputTokens: 50 }),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});
