import { expect, test } from "vitest";
import { CallFailure } from "../../src/embedding/call-failure.ts";
import type { JobService } from "../../src/embedding/service.ts";
import { SiteragError } from "../../src/errors.ts";
import type { GenerationRow } from "../../src/gemini/generation-jsonl.ts";
import { GenerationRun } from "../../src/gemini/generation-run.ts";
import type { GenerationRequest } from "../../src/generation/client.ts";
import { promptItem } from "../../src/generation/generate-content.ts";
import { UsageTally } from "../../src/generation/usage-tally.ts";
import { configSchema } from "../../src/config/schema.ts";
import { choosePromptRoads } from "../../src/planning/prompt-roads.ts";
import { generationProfile } from "../../src/planning/generation-profile.ts";
import { createVirtualClock } from "../../src/testing/virtual-clock.ts";

const REFUSAL = new SiteragError("BATCH_UNAVAILABLE", "This account has no batch jobs.");

test("an account without jobs is asked once, and told of once", async () => {
  let creations = 0;
  const service: JobService<GenerationRequest, GenerationRow> = {
    upload: async () => ({ name: "files/1", tokens: [1] }),
    create: async () => {
      creations += 1;
      throw new CallFailure(REFUSAL, "fail");
    },
    find: async () => [],
    status: async () => null,
    rows: async () => [],
    cancel: async () => undefined,
    tidy: async () => undefined,
  };
  const requests = new Map(["a", "b"].map((prompt) => [prompt, { prompt }]));
  const batching = { ...configSchema.parse({}).batching, strategy: "batch" as const };
  const items = [...requests].map(([key, request]) => promptItem(key, request));
  const roads = choosePromptRoads(items, batching, { profile: generationProfile("tier1") });
  const run = new GenerationRun(
    { ...roads, jobs: items.map((item) => [item]) },
    {
      service,
      call: async ({ prompt }) => ({ status: "ok", text: prompt, finish: "complete" }),
      tally: new UsageTally(),
      space: { provider: "gemini-generation", model: "m", dimensions: 0, taskForm: "generate" },
      maxParallel: 1,
      jobsAtOnce: 1,
      clock: createVirtualClock(),
      random: () => 0.5,
    },
    {
      requestsOf: async (some) =>
        some.flatMap(({ fingerprint }) => requests.get(fingerprint) ?? []),
      settle: async (settled) => {
        answered.push(...settled.map(({ key, result }) => `${key} ${result.status}`));
      },
      onUsage: () => undefined,
      logger: { warn: (message) => warnings.push(message) },
    },
  );
  const warnings: string[] = [];
  const answered: string[] = [];
  await run.toTheEnd();
  expect(answered).toEqual(["a ok", "b ok"]);
  expect(creations).toBe(1);
  expect(warnings).toEqual([`${REFUSAL.message} Its prompts go by individual calls instead.`]);
});
