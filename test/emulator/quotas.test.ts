import { expect, test } from "vitest";
import { estimateTokens } from "../../src/chunking/tokens.ts";
import type { Quota } from "../support/emulator/emulator.ts";
import { contentOf, openEmulator } from "./open-emulator.ts";

const PATH = "/v1beta/models/gemini-embedding-001:batchEmbedContents";

const texts = (count: number) => ({
  requests: Array.from({ length: count }, () => ({
    model: "models/gemini-embedding-001",
    content: contentOf("hello"),
    outputDimensionality: 128,
  })),
});

const HELP = {
  "@type": "type.googleapis.com/google.rpc.Help",
  links: [
    {
      description: "Learn more about Gemini API quotas",
      url: "https://ai.google.dev/gemini-api/docs/rate-limits",
    },
  ],
};

test("every text counts as a request of the minute, and the refusal states how long to wait", async () => {
  const { clock, emulator, send } = await openEmulator({ quota: { requestsPerMinute: 100 } });
  expect(await send("POST", PATH, texts(60))).toMatchObject({ status: 200 });
  clock.advance(20_000);
  expect(await send("POST", PATH, texts(40))).toMatchObject({ status: 200 });
  clock.advance(6_620);
  expect(await send("POST", PATH, texts(30))).toMatchObject({
    status: 429,
    body: {
      error: {
        code: 429,
        status: "RESOURCE_EXHAUSTED",
        message: expect.stringContaining("Please retry in 33.38s."),
        details: [
          HELP,
          {
            "@type": "type.googleapis.com/google.rpc.QuotaFailure",
            violations: [
              {
                quotaMetric: "generativelanguage.googleapis.com/embed_content_free_tier_requests",
                quotaId: "EmbedContentRequestsPerMinutePerUserPerProjectPerModel-FreeTier",
                quotaDimensions: { model: "gemini-embedding-1.0", location: "global" },
                quotaValue: "100",
              },
            ],
          },
          { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "33s" },
        ],
      },
    },
  });
  clock.advance(33_380);
  expect(await send("POST", PATH, texts(60))).toMatchObject({ status: 200 });
  expect(await send("POST", PATH, texts(1))).toMatchObject({ status: 429 });
  expect(emulator.seen.calls).toBe(5);
  expect(emulator.billed.calls).toBe(3);
});

test("tokens per minute are limited", async () => {
  const quota: Partial<Quota> = { tokensPerMinute: 3 * estimateTokens("hello") };
  const { send } = await openEmulator({ quota });
  expect(await send("POST", PATH, texts(3))).toMatchObject({ status: 200 });
  expect(await send("POST", PATH, texts(1))).toMatchObject({
    status: 429,
    body: {
      error: { message: expect.stringContaining("embed_content_free_tier_input_token_count") },
    },
  });
});

test("each model has its own quota per minute", async () => {
  const { ai } = await openEmulator({ quota: { requestsPerMinute: 1 } });
  const embed = (model: string) => ai.models.embedContent({ model, contents: ["a"] });
  await embed("gemini-embedding-001");
  await expect(embed("gemini-embedding-2")).resolves.toBeDefined();
  await expect(embed("gemini-embedding-001")).rejects.toMatchObject({ status: 429 });
});

test("requests per day are counted until midnight in Los Angeles", async () => {
  const { clock, send } = await openEmulator({ quota: { requestsPerDay: 2 } });
  expect(await send("POST", PATH, texts(2))).toMatchObject({ status: 200 });
  clock.advance(12 * 3_600_000 - 1000);
  expect(await send("POST", PATH, texts(1))).toMatchObject({
    status: 429,
    body: {
      error: {
        details: [
          HELP,
          {
            violations: [
              { quotaId: "EmbedContentRequestsPerDayPerUserPerProjectPerModel-FreeTier" },
            ],
          },
          { retryDelay: "33s" },
        ],
      },
    },
  });
  clock.advance(1000);
  expect(await send("POST", PATH, texts(2))).toMatchObject({ status: 200 });
});
