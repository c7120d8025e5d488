import { beforeAll, expect, test } from "vitest";
import { ask, indexSite, SiteragError } from "../../../src/index.ts";
import type { ResolvedConfig, SiteragConfig } from "../../../src/index.ts";
import type { VirtualClock } from "../../../src/words/virtual-clock.ts";
import { docsSite } from "../../support/docs-site.ts";
import type { Emulator } from "../../support/emulator/emulator.ts";
import type { ScriptedFault } from "../../support/emulator/faults.ts";
import { WRITING_PRICES } from "../../support/emulator/generation-counters.ts";
import { holdForStore } from "../../support/held-store.ts";
import { clientOf, generatorOf, geminiHarness, WRITING_MODEL } from "./gemini-harness.ts";
import { RequestRecorder } from "./request-recorder.ts";

/** Clients of one run, as another process has them. */
function clientsOf(
  emulator: Emulator,
  clock: VirtualClock,
  { batching, limits }: ResolvedConfig,
  { fetch }: RequestRecorder,
) {
  return {
    client: clientOf(emulator, clock, { batching, limits, fetch }),
    generator: generatorOf(emulator, clock, {
      ...WRITING_PRICES,
      tier: limits.tier,
      batching,
      fetch,
    }),
  };
}

/** What a seed decides. */
interface Scenario {
  readonly seed: number;
  readonly pages: number;
  /** New pages of the second run, beside one that is edited and one that is gone. */
  readonly added: number;
  readonly enrich: "off" | "context";
  readonly batching?: NonNullable<SiteragConfig["batching"]>;
  readonly budget?: NonNullable<SiteragConfig["budget"]>;
  /** Share of the calls that the service answers with 429, with 503, and cuts off. */
  readonly faultRate?: number;
  /** Met by the first run. */
  readonly faults?: readonly ScriptedFault[];
}

/** One after another: every strategy by calls, jobs and both, without sentences and with them. */
const SCENARIOS: readonly Scenario[] = [
  { seed: 1, pages: 12, added: 12, enrich: "off" },
  { seed: 2, pages: 3, added: 0, enrich: "off", batching: { textsPerCall: 1 }, faultRate: 0.1 },
  {
    seed: 3,
    pages: 21,
    added: 4,
    enrich: "off",
    batching: { strategy: "individual", textsPerCall: 3, maxParallelIndividual: 2 },
    faultRate: 0.05,
  },
  {
    seed: 4,
    pages: 8,
    added: 5,
    enrich: "off",
    faults: [
      { name: "row-missing", text: "What page 5 says.", times: 1 },
      { name: "row-failed", text: "What page 6 says.", times: 1 },
    ],
  },
  {
    seed: 5,
    pages: 14,
    added: 2,
    enrich: "off",
    batching: { strategy: "batch" },
    faults: [{ name: "job-failed", times: 1 }],
  },
  {
    seed: 6,
    pages: 6,
    added: 9,
    enrich: "context",
    batching: { strategy: "individual" },
    faultRate: 0.04,
  },
  { seed: 7, pages: 12, added: 4, enrich: "context" },
  {
    seed: 8,
    pages: 7,
    added: 12,
    enrich: "context",
    batching: { textsPerCall: 2 },
    faults: [{ name: "row-failed", text: "What page 5 says.", times: 1 }],
  },
  {
    seed: 9,
    pages: 11,
    added: 0,
    enrich: "context",
    batching: { strategy: "batch" },
    faults: [
      { name: "create-cut-after", times: 1 },
      { name: "download-drop", times: 1 },
    ],
  },
  {
    seed: 10,
    pages: 16,
    added: 6,
    enrich: "context",
    batching: { maxParallelIndividual: 3 },
    budget: { maxRequests: 20 },
    faultRate: 0.02,
  },
];

const pageOf = (page: number, says: string): string =>
  `# Page ${page}\n\nWhat page ${page} says.\n\n## More\n\n${says.repeat(12)}\n`;

beforeAll(async () => {
  // A call that waits for the SDK to be loaded would time out.
  await import("@google/genai");
});

test.each(SCENARIOS)("seed $seed sends what it has always sent", async (scenario) => {
  const {
    seed,
    pages,
    added,
    enrich,
    batching = {},
    budget = {},
    faultRate = 0,
    faults = [],
  } = scenario;
  const all: SiteragConfig = {
    batching,
    budget,
    embedding: { provider: "gemini", dimensions: 128 },
    generation: { enrich, model: WRITING_MODEL, ...WRITING_PRICES },
  };
  const site = await docsSite({}, all);
  const write = (page: number, says: string) => site.write(`p${page}.md`, pageOf(page, says));
  for (let page = 0; page < pages; page += 1) await write(page, `Text ${page} of seed ${seed}. `);

  const rates = { "rate-limited": faultRate, unavailable: faultRate, "cut-body": faultRate };
  const { clock, emulator } = await geminiHarness({}, { random: { seed, rates } });
  holdForStore(clock);
  const recorder = new RequestRecorder(emulator, clock);
  const index = async (name: string, config: ResolvedConfig): Promise<void> => {
    recorder.begin(name);
    await indexSite({ config, clock, ...clientsOf(emulator, clock, config, recorder) });
  };

  for (const fault of faults) emulator.addFault(fault);
  await index("index", site.config);
  await write(0, `An edited text of seed ${seed}. `);
  await site.remove("p1.md");
  for (let page = pages; page < pages + added; page += 1) await write(page, `New in ${page}. `);
  const impatient = { ...batching, deadlineMinutes: 0 };
  await index(
    "index after an edit, waiting for no job",
    site.withConfig({ ...all, batching: impatient }),
  );
  clock.advance(3_600_000);
  await index("index an hour later", site.config);
  const { config } = site;
  recorder.begin("ask");
  const question = "What does page 2 say?";
  const end = await ask({ config, question, ...clientsOf(emulator, clock, config, recorder) }).then(
    ({ grounded }) => (grounded ? "grounded" : "not grounded"),
    // An answer that breaks off is not asked for again.
    (error: unknown) => (error instanceof SiteragError ? error.code : String(error)),
  );
  await expect(`${recorder.log}\nanswer: ${end}\n`).toMatchFileSnapshot(
    `../../../golden/requests/${seed}.txt`,
  );
});
