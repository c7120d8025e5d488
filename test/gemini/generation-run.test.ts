import { expect, test } from "vitest";
import { CallFailure } from "../../src/embedding/call-failure.ts";
import type { JobService } from "../../src/embedding/service.ts";
import { SiteragError } from "../../src/errors.ts";
import type { GenerationRow } from "../../src/gemini/generation-jsonl.ts";
import { GenerationRun } from "../../src/gemini/generation-run.ts";
import { planOf, spaceOf } from "../../src/gemini/generation-plan.ts";
import type { GenerationRequest } from "../../src/generation/client.ts";
import { UsageTally } from "../../src/generation/usage-tally.ts";
import { configSchema } from "../../src/config/schema.ts";
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
  const plan = planOf(requests, "index", batching, generationProfile("tier1"));
  const run = new GenerationRun(
    {
      requests,
      service,
      call: async ({ prompt }) => ({ status: "ok", text: prompt, finish: "complete" }),
      tally: new UsageTally(),
      space: spaceOf("m"),
      maxParallel: 1,
      jobsAtOnce: 1,
      clock: createVirtualClock(),
      random: () => 0.5,
    },
    { logger: { warn: (message) => warnings.push(message) } },
  );
  const warnings: string[] = [];
  const jobs = plan.jobs.flat().map((item) => [item]);
  const results = await run.carryOut({ ...plan, jobs });
  expect([...results.keys()]).toEqual(["a", "b"]);
  expect(creations).toBe(1);
  expect(warnings).toEqual([`${REFUSAL.message} Its prompts go by individual calls instead.`]);
});
