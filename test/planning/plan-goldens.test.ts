import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { chooseStrategy } from "../../src/planning/choose-strategy.ts";
import { geminiProfile } from "../../src/planning/gemini-profile.ts";
import type { Plan, PlanItem } from "../../src/words/plans.ts";
import { BATCHING, itemsOf } from "./plan-items.ts";

const FIXTURES = join(import.meta.dirname, "../../fixtures/plans");
const GOLDEN = "../../golden/plans";

const purpose = z.enum(["index", "rag_query", "quick_enrichment"]);
const fixture = z.strictObject({
  texts: z.int(),
  tokens: z.int().default(400),
  bytes: z.int().optional(),
  urgent: z.array(z.int()).default([]),
  purposes: z.record(z.string(), purpose).default({}),
  model: z.enum(["gemini-embedding-001", "gemini-embedding-2"]).default("gemini-embedding-001"),
  tier: z.enum(["free", "tier1"]).default("tier1"),
  batching: z
    .strictObject({
      strategy: z.enum(["auto", "batch", "individual"]).default(BATCHING.strategy),
      hybridThreshold: z.int().default(BATCHING.hybridThreshold),
      batchThreshold: z
        .union([z.int(), z.literal("adaptive")])
        .default(() => BATCHING.batchThreshold),
      valueOfMinuteUsd: z.number().default(BATCHING.valueOfMinuteUsd),
      urgentCount: z.int().default(BATCHING.urgentCount),
      preferIndividualFor: z.array(purpose).default([...BATCHING.preferIndividualFor]),
    })
    .prefault({}),
  occasion: z
    .strictObject({
      purpose: purpose.optional(),
      forceBatch: z.boolean().optional(),
      forceIndividual: z.boolean().optional(),
    })
    .default({}),
});

const stems = readdirSync(FIXTURES).map((file) => file.replace(/\.json$/u, ""));

test.each(stems)("%s", async (stem) => {
  const given = fixture.parse(JSON.parse(readFileSync(join(FIXTURES, `${stem}.json`), "utf8")));
  const items = itemsOf(given.texts, given.tokens, given.bytes).map((item, at): PlanItem => {
    const own = given.purposes[String(at)];
    const urgent = given.urgent.includes(at) ? { urgent: true } : {};
    return { ...item, ...urgent, ...(own === undefined ? {} : { purpose: own }) };
  });
  const profile = geminiProfile(given.model, 768, { tier: given.tier });
  const batching = { ...BATCHING, ...given.batching };
  const plan = chooseStrategy(items, batching, { ...given.occasion, profile });
  await expect(readable(plan)).toMatchFileSnapshot(`${GOLDEN}/${stem}.json`);
});

/** The plan, each pack as the runs of its fingerprints. */
const readable = ({ calls, jobs, ...rest }: Plan): string =>
  `${JSON.stringify({ ...rest, calls: calls.map(runs), jobs: jobs.map(runs) }, null, 2)}\n`;

/** `0–2 6`: fingerprints in order, neighbours joined. */
function runs(items: readonly PlanItem[]): string {
  const joined: [first: number, last: number][] = [];
  for (const at of items.map((item) => Number(item.fingerprint))) {
    const last = joined.at(-1);
    if (last !== undefined && last[1] === at - 1) last[1] = at;
    else joined.push([at, at]);
  }
  return joined.map(([first, last]) => (first === last ? first : `${first}–${last}`)).join(" ");
}
