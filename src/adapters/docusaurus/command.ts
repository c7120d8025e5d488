import { createRequire } from "node:module";
import { join } from "node:path";
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
  }): Promise<unknown>;
}

/** Adds `docusaurus siterag`, which brings the index up to date without a build. */
export function addCommand(cli: Cli, context: DocusaurusContext): void {
  cli
    .command("siterag")
    .description("Index the site without building it: in all locales, as `docusaurus build` does.")
    .option("--batching-strategy <strategy>", "how texts are sent: auto, batch or individual")
    .option("-l, --locale <locale>", "index this locale only; may be repeated", appended)
    .action(async ({ batchingStrategy, locale }) => {
      // What `docusaurus build` sets: drafts are no pages.
      process.env["NODE_ENV"] = "production";
      process.env["BABEL_ENV"] = "production";
      if (batchingStrategy !== undefined) {
        process.env["SITERAG_BATCHING_STRATEGY"] = batchingStrategy;
      }
      const { i18n, siteConfigPath, siteDir } = context;
      for (const one of locale ?? i18n.locales) {
        // As in a build: the configuration may look at it.
        process.env["DOCUSAURUS_CURRENT_LOCALE"] = one;
        // Docusaurus hands the loaded content to the plugins, so also to a new one of siterag, which indexes it.
        await coreOf(siteConfigPath).loadSite({ siteDir, config: siteConfigPath, locale: one });
      }
    });
}

const appended = (value: string, before: string[] = []): string[] => [...before, value];

function coreOf(siteConfigPath: string): CoreSite {
  const ofSite = createRequire(siteConfigPath);
  const folder = join(ofSite.resolve("@docusaurus/core/package.json"), "..");
  const core: unknown = ofSite(join(folder, "lib/server/site.js"));
  if (!isCoreSite(core)) throw new Error("`docusaurus siterag` needs Docusaurus 3.");
  return core;
}

const isCoreSite = (value: unknown): value is CoreSite =>
  typeof value === "object" &&
  value !== null &&
  "loadSite" in value &&
  typeof value.loadSite === "function";
