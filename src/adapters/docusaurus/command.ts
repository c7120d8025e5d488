import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { STRATEGIES } from "../../words/plans.ts";
import type { DocusaurusContext } from "./context.ts";

/** The part of commander, of the version that Docusaurus has, that siterag uses. */
export interface Cli {
  command(name: string): Cli;
  description(text: string): Cli;
  option(flags: string, text: string, read?: (value: string, before?: string[]) => string[]): Cli;
  action(run: (options: CommandOptions) => Promise<void>): Cli;
}

interface CommandOptions {
  readonly batchingStrategy?: string;
  readonly locale?: readonly string[];
}

interface CoreSite {
  loadSite(site: {
    readonly siteDir: string;
    readonly config: string;
    readonly locale: string;
    readonly automaticBaseUrlLocalizationDisabled: boolean;
  }): Promise<unknown>;
}

/** Adds `docusaurus siterag`, which brings the index up to date without a build. */
export function addCommand(cli: Cli, context: DocusaurusContext): void {
  cli
    .command("siterag")
    .description("Index the site as `docusaurus build` does, without building it.")
    .option("--batching-strategy <strategy>", "how texts are sent: auto, batch or individual")
    .option("-l, --locale <locale>", "index this locale only; may be repeated", appended)
    .action(async ({ batchingStrategy, locale }) => {
      const { i18n, siteConfigPath: config, siteDir } = context;
      const wrong =
        unknownValue("--batching-strategy", STRATEGIES, [batchingStrategy]) ??
        unknownValue("--locale", i18n.locales, locale);
      if (wrong !== null) {
        process.stderr.write(`siterag: ${wrong}\n`);
        process.exitCode = 2;
        return;
      }
      // What `docusaurus build` sets: drafts are no pages.
      process.env["NODE_ENV"] = "production";
      process.env["BABEL_ENV"] = "production";
      if (batchingStrategy !== undefined) {
        process.env["SITERAG_BATCHING_STRATEGY"] = batchingStrategy;
      }
      // A build of one locale alone is a site of its own, without the locale in its addresses.
      const automaticBaseUrlLocalizationDisabled = locale?.length === 1;
      const core = coreOf(config);
      for (const one of locale ?? i18n.locales) {
        // As in a build: the configuration may look at it.
        process.env["DOCUSAURUS_CURRENT_LOCALE"] = one;
        // Docusaurus hands the loaded content to the plugins, so also to a new one of siterag, which indexes it.
        await core.loadSite({ siteDir, config, locale: one, automaticBaseUrlLocalizationDisabled });
      }
    });
}

/** A sentence for the first value that a flag does not take; null: there is none. */
function unknownValue(
  flag: string,
  known: readonly string[],
  values: readonly (string | undefined)[] = [],
): string | null {
  const wrong = values.find((value) => value !== undefined && !known.includes(value));
  return wrong === undefined
    ? null
    : `${flag}: expected one of ${known.join(", ")}, got ${JSON.stringify(wrong)}`;
}

const appended = (value: string, before: string[] = []): string[] => [...before, value];

/**
 * The part of Docusaurus that loads a site. It is not public: there is no public one that builds nothing. Throws if
 * this Docusaurus has no such part.
 */
export function coreOf(siteConfigPath: string): CoreSite {
  const ofSite = createRequire(siteConfigPath);
  try {
    const folder = dirname(ofSite.resolve("@docusaurus/core/package.json"));
    const core: unknown = ofSite(join(folder, "lib/server/site.js"));
    if (isCoreSite(core)) return core;
  } catch (cause) {
    throw new Error(UNKNOWN_CORE, { cause });
  }
  throw new Error(UNKNOWN_CORE);
}

const UNKNOWN_CORE =
  "`docusaurus siterag` does not know how this version of Docusaurus loads a site. Run `docusaurus build`, which indexes the site too.";

const isCoreSite = (value: unknown): value is CoreSite =>
  typeof value === "object" &&
  value !== null &&
  "loadSite" in value &&
  typeof value.loadSite === "function";
