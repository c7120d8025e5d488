import { expect, test } from "vitest";
import { indexSite } from "../../src/index.ts";
import type { SiteragConfig } from "../../src/index.ts";
import { docsSite } from "../support/docs-site.ts";
import type { FaultName } from "../support/emulator/fault-names.ts";
import { heldFetch } from "../support/held-fetch.ts";
import { holdForStore } from "../support/held-store.ts";
import {
  clientOf,
  geminiHarness,
  generatorOf,
  WRITING_MODEL,
} from "../providers/gemini/gemini-harness.ts";
import { pagesOf } from "../providers/gemini/sentence-site.ts";

const PAGES = 12;

/** Refuses to create a job of prompts. */
const refusing =
  (send: typeof fetch): typeof fetch =>
  (input, init) => {
    const request = new Request(input, init);
    if (!request.url.endsWith(":batchGenerateContent")) return send(request);
    const error = { code: 400, status: "INVALID_ARGUMENT", message: "No such job." };
    return Promise.resolve(Response.json({ error }, { status: 400 }));
  };

/**
 * A run with a budget of 24 requests. New prompts go as a job, and nothing comes of that. Those in an
 * endless job of an earlier run go by calls at the deadline: 12, and 12 texts with their sentences.
 */
async function runAfter({
  fault,
  isRefused,
}: {
  readonly fault: FaultName | null;
  readonly isRefused: boolean;
}) {
  const settings: SiteragConfig = {
    embedding: { provider: "gemini", dimensions: 128 },
    generation: { enrich: "context", model: WRITING_MODEL },
  };
  const site = await docsSite(pagesOf(PAGES), {
    ...settings,
    batching: { deadlineMinutes: 0 },
  });
  const { clock, emulator } = await geminiHarness({}, { jobMs: 30_000 });
  holdForStore(clock);
  emulator.addFault({ name: "job-endless", times: 1 });
  const run = (config = site.config, fetch = heldFetch(clock)) =>
    indexSite({
      config,
      clock,
      client: clientOf(emulator, clock, { batching: config.batching }),
      generator: generatorOf(emulator, clock, { batching: config.batching, fetch }),
    });
  await run();
  for (const [page, text] of Object.entries(pagesOf(PAGES, "q"))) await site.write(page, text);
  if (fault !== null) emulator.addFault({ name: fault, text: "What page q0 says." });
  const config = site.withConfig({
    ...settings,
    batching: { strategy: "batch", deadlineMinutes: 1, onDeadline: "individual" },
    budget: { maxRequests: 2 * PAGES },
  });
  const held = heldFetch(clock);
  const report = await run(config, isRefused ? refusing(held) : held);
  return { report, emulator };
}

test.each([
  { what: "has failed", fault: "job-failed", isRefused: false },
  { what: "could not be created", fault: null, isRefused: true },
] as const)(
  "the budget of a job of prompts that $what is free again for others in the same run",
  async ({ fault, isRefused }) => {
    const { report, emulator } = await runAfter({ fault, isRefused });
    expect(emulator.generation.billed).toMatchObject({ calls: PAGES, requests: PAGES });
    expect(emulator.billed.texts).toBe(PAGES);
    expect(report.chunks).toMatchObject({ total: 2 * PAGES, pending: PAGES });
  },
);
