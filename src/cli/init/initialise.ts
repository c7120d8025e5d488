import { writeFile } from "node:fs/promises";
import { dirname, join, posix, resolve } from "node:path";
import { readAccess } from "../../config/environment.ts";
import { SiteragError } from "../../words/errors.ts";
import type { Outcome } from "../command.ts";
import { variable, type CliWorld } from "../world.ts";
import { below } from "./answer.ts";
import { type ChosenSite, chooseSite } from "./chosen-site.ts";
import { configName, refuseExisting } from "./config-name.ts";
import { allQuestions, configText, valuesOf } from "./config-text.ts";
import { findSites, siteName } from "./find-site.ts";
import { ignoreStore } from "./ignore-store.ts";
import { lighterInstall } from "./lighter-install.ts";
import { openProject } from "./project.ts";
import { providerChoices } from "./providers.ts";
import { adviceLines, nextCommands, questionLines, whatWasFound } from "./report.ts";

/**
 * Finds the site in this folder or below it, writes a configuration for it, at `named` if that is given,
 * and makes git ignore the store. Throws USAGE.
 */
export async function initialise(world: CliWorld, named: string | undefined): Promise<Outcome> {
  const searched = named === undefined ? world.cwd : dirname(resolve(world.cwd, named));
  const root = openProject(searched);
  const projects = [root];
  configName(named, projects);
  refuseExisting(root, ".", named);
  const chosen = chooseSite(root, await findSites(searched), named !== undefined);
  const directory = join(searched, chosen.folder);
  if (chosen.site !== null) projects.push(chosen.site.project);
  if (chosen.folder !== ".") refuseExisting(openProject(directory), chosen.folder);
  const name = configName(named, projects);
  const provider = readAccess(world.env).apiKey === null ? "none" : "gemini";
  const hasPackage = projects.some(({ has }) => has("package.json"));
  const [path, ignoring] = [join(directory, name), join(directory, ".gitignore")];
  const gitignore = await orSay(ignoring, ignoreStore(ignoring));
  const text = textFor(chosen, provider, hasPackage);
  await orSay(path, writeFile(path, text, { flag: "wx" }));
  const agent = variable(world, "npm_config_user_agent") ?? "";
  return {
    json: { file: path, ...facts(chosen), provider, gitignore },
    text: [
      whatWasFound(chosen),
      `Wrote ${below(chosen.folder, name)}; the .gitignore beside it ${gitignore === "unchanged" ? "already has" : "now has"} .siterag/.`,
      ...questionLines(chosen),
      ...providerChoices(provider),
      ...(hasPackage || chosen.site === null ? lighterInstall(root, agent) : []),
      ...adviceLines(chosen),
      ...nextCommands(chosen, named),
    ],
  };
}

/** Waits for a file to be written. Throws USAGE with its path. */
const orSay = async <Result>(path: string, writing: Promise<Result>): Promise<Result> =>
  writing.catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new SiteragError("USAGE", `${path} cannot be written (${why})`, { cause: error });
  });

const facts = (chosen: ChosenSite) => ({
  generator: chosen.site?.generator.name ?? null,
  foundIn: foundIn(chosen),
  content: valuesOf(chosen.answers),
  questions: allQuestions(chosen),
  adapter: chosen.site?.generator.adapter?.entry ?? null,
  advice: chosen.advice ?? null,
  build: chosen.build,
});

const foundIn = ({ site }: ChosenSite): string | null =>
  site === null ? null : posix.join(site.folder, site.file ?? "package.json");

const textFor = (chosen: ChosenSite, provider: string, hasPackage: boolean): string =>
  configText({
    ...chosen,
    origin:
      chosen.site === null
        ? "No site generator was recognised."
        : `Written for ${siteName(chosen.site)}.`,
    provider,
    reference: hasPackage
      ? "node_modules/siterag/README.md#configuration"
      : 'the section "Configuration" of the README of siterag',
  });
