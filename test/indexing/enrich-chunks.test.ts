import { expect, test } from "vitest";
import { configSchema } from "../../src/providers/load-config.ts";
import type { SiteragConfig } from "../../src/config/schema.ts";
import { MockGeminiClient } from "../../src/providers/mock/mock-gemini-client.ts";
import type { GenerationCollection } from "../../src/generation/client.ts";
import { recipeOf } from "../../src/generation/context-prompt.ts";
import { MockGenerator } from "../../src/providers/mock/mock-generator.ts";
import { enrichChunks } from "../../src/indexing/enrich-chunks.ts";
import { ChunkSpool } from "../../src/store/chunk-spool.ts";
import { withWriter } from "../../src/store/open-store.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import type { Chunk, JobRecord } from "../../src/words/types.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const SPACE = { provider: "mock", model: "m", dimensions: 8, taskForm: "plain" };
const CHUNK: Chunk = {
  id: "a",
  page: "a.md",
  url: "/a",
  title: "A",
  headings: [],
  text: "The first.",
  locale: null,
  version: null,
  tokens: 3,
  startLine: 1,
  endLine: 1,
};
const ITEM = { fingerprint: "f", tokens: 3, bytes: 10, page: "a.md" };

const jobOf = (name: string, recipe: string): JobRecord => ({
  displayName: name,
  name,
  fingerprints: [recipe],
  tokens: 1,
  index: "chunks",
  owner: "an earlier run",
  leaseUntil: 0,
  createdAt: "2026-11-23T20:00:00Z",
  space: { ...SPACE, provider: "gemini-generation" },
  skipped: [],
});

/** A run that finds two jobs which go on: one of another run, and one with its sentence. */
async function runBesideJobs(settings: SiteragConfig) {
  const uri = await temporaryFolder();
  const config = configSchema.parse({
    ...settings,
    embedding: { provider: "mock" },
    generation: { enrich: "context" },
  });
  const target = { ...config.store, uri };
  const clock = createVirtualClock();
  const looks: [deadlineMs: number, jobs: string[]][] = [];
  const generator = Object.assign(new MockGenerator(), {
    async collect({ ledger, deadlineMs }: GenerationCollection) {
      const open = await ledger.open();
      looks.push([deadlineMs, open.map(({ displayName }) => displayName).sort()]);
      const out = open.map((record) => ({ record, reason: `In ${record.displayName}.` }));
      return { collected: [], lost: [], out };
    },
  });
  const enriched = await withWriter({ target, space: SPACE, clock }, async (store) => {
    await store.jobs.insert(jobOf("foreign", "another text"));
    await store.jobs.insert(jobOf("needed", recipeOf(generator.model, CHUNK)));
    await using spool = await ChunkSpool.create();
    const texts = await spool.append([CHUNK]);
    const changed = texts.map((text) => ({
      ...ITEM,
      id: CHUNK.id,
      kind: "added" as const,
      oldVectorFingerprint: null,
      isStored: false,
      rowChanged: true,
      sameInput: false,
      text,
    }));
    const needed = { items: [ITEM], inJobs: [], cacheHits: 0 };
    const { profile } = new MockGeminiClient();
    const messages = { tell: () => undefined, warn: () => undefined };
    const shared = {
      config,
      generator,
      store,
      changed,
      spool,
      clock,
      deadlineAt: clock.now() + 600_000,
      messages,
      profile,
      onProgress: () => undefined,
      onState: () => undefined,
      onEnriched: () => undefined,
    };
    return await enrichChunks(needed, shared);
  });
  return { enriched, looks, written: generator.requests.length };
}

test("every job is looked at once, and only those with a sentence of this run are waited for", async () => {
  const { enriched, looks, written } = await runBesideJobs({});
  expect(looks).toEqual([
    [0, ["foreign", "needed"]],
    [600_000, ["needed"]],
  ]);
  expect(enriched).toMatchObject({ items: [], waiting: ["In needed."] });
  expect(written).toBe(0);
});

test("a sentence that nobody is to wait for fails at the deadline", async () => {
  const { enriched } = await runBesideJobs({ batching: { onDeadline: "fail" } });
  expect(enriched).toMatchObject({ items: [], waiting: [] });
  expect(enriched.failed.get("f")).toMatchObject({ code: "TIMEOUT", message: "In needed." });
});
