import { expect, test } from "vitest";
import { resolveGeminiOptions } from "../../../src/providers/gemini/gemini-options.ts";
import type { SmartGeminiOptions } from "../../../src/providers/gemini/gemini-options.ts";

/** As a caller without types may write them. */
const options = (more: string): SmartGeminiOptions => ({ apiKey: "k", ...JSON.parse(more) });

test.each([
  ['{ "model": "gemini-embedding-9" }', /model is one of gemini-embedding-2, .*-001, not gemini-/u],
  ['{ "model": "constructor" }', /model is one of/u],
  ['{ "dimensions": 64 }', /dimensions is a whole number from 128 to 3072, not 64/u],
  ['{ "dimensions": 4000 }', /dimensions/u],
  ['{ "dimensions": 200.5 }', /dimensions/u],
  ['{ "batching": { "maxParallelIndividual": 0 } }', /maxParallelIndividual is at least 1, not 0/u],
  ['{ "batching": { "textsPerCall": 0 } }', /textsPerCall is at least 1, not 0/u],
  ['{ "coalesce": { "maxTexts": 0 } }', /coalesce.maxTexts is at least 1, not 0/u],
  ['{ "coalesce": { "windowMs": -1 } }', /coalesce.windowMs is at least 0, not -1/u],
  [
    '{ "baseUrl": "localhost:1" }',
    /GOOGLE_GEMINI_BASE_URL.* is an http or https address without user name/u,
  ],
  ['{ "baseUrl": "127.0.0.1" }', /baseUrl/u],
])("%s is refused with a sentence", (more, says) => {
  const refused = () => resolveGeminiOptions(options(more));
  expect(refused).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
  expect(refused).toThrow(says);
});

test("one error names every problem", () => {
  const refused = () => resolveGeminiOptions(options('{ "dimensions": 1, "baseUrl": "x" }'));
  expect(refused).toThrow(/dimensions.*; baseUrl/u);
});

test("an empty key counts as none, and an empty address means Google's", () => {
  expect(resolveGeminiOptions({ apiKey: "", baseUrl: "" })).toMatchObject({
    apiKey: null,
    baseUrl: "https://generativelanguage.googleapis.com",
    model: "gemini-embedding-2",
    dimensions: 768,
  });
});
