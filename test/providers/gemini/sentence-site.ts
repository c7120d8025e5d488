import type { ClientEvent } from "../../../src/sending/events.ts";
import type { ResolvedConfig, SiteragConfig } from "../../../src/config/schema.ts";
import { indexSite } from "../../../src/indexing/index-site.ts";
import { planSite } from "../../../src/indexing/plan-site.ts";
import type { IndexReport, PlanReport } from "../../../src/words/reports.ts";
import type { VirtualClock } from "../../../src/words/virtual-clock.ts";
import { docsSite } from "../../support/docs-site.ts";
import type { DocsSite } from "../../support/docs-site.ts";
import type { Emulator, EmulatorOptions } from "../../support/emulator/emulator.ts";
import { WRITING_PRICES } from "../../support/emulator/generation-counters.ts";
import { clientOf, geminiHarness, generatorOf, WRITING_MODEL } from "./gemini-harness.ts";

/** A site whose chunks get sentences of context from an emulated account. */
export interface SentenceSite {
  /** What the clients of all runs have told, in its order. */
  readonly events: readonly ClientEvent[];
  readonly docs: DocsSite;
  readonly clock: VirtualClock;
  readonly emulator: Emulator;
  /** The site's settings, with these of batching. */
  readonly batching: (batching: NonNullable<SiteragConfig["batching"]>) => ResolvedConfig;
  /** Over all pages, or `only` over some. */
  readonly run: (config?: ResolvedConfig, only?: readonly string[]) => Promise<IndexReport>;
  readonly plan: (config?: ResolvedConfig) => Promise<PlanReport>;
}

/** Pages of one short text each. */
export const pagesOf = (count: number, name = "p"): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, page) => [
      `${name}${page}.md`,
      `# Page ${name}${page}\n\nWhat page ${name}${page} says.\n`,
    ]),
  );

/** Makes it; every run has clients of its own, as another process has. */
export async function sentenceSite(
  pages: Readonly<Record<string, string>>,
  settings: SiteragConfig = {},
  options: EmulatorOptions = {},
): Promise<SentenceSite> {
  const all: SiteragConfig = {
    ...settings,
    embedding: { provider: "gemini", dimensions: 128 },
    generation: { enrich: "context", model: WRITING_MODEL, ...WRITING_PRICES },
  };
  const docs = await docsSite(pages, all);
  const { clock, emulator } = await geminiHarness({}, options);
  const events: ClientEvent[] = [];
  const madeFor = (config: ResolvedConfig) => {
    const { batching } = config;
    const client = clientOf(emulator, clock, { batching });
    client.events.listen((event) => events.push(event));
    const generator = generatorOf(emulator, clock, { ...WRITING_PRICES, batching });
    return { config, clock, client, generator };
  };
  return {
    events,
    docs,
    clock,
    emulator,
    batching: (batching) => docs.withConfig({ ...all, batching }),
    run: (config = docs.config, only) =>
      indexSite({ ...madeFor(config), ...(only === undefined ? {} : { only }) }),
    plan: (config = docs.config) => planSite(madeFor(config)),
  };
}
