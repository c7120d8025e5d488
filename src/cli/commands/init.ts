import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import type { Command } from "commander";
import { SEARCH_PLACES } from "../../config/config-file.ts";
import { SiteragError } from "../../words/errors.ts";
import { type CommandContext, newCommand, type Outcome, type SharedFlags } from "../command.ts";
import { detectGenerator, plainRoot, type SiteSettings } from "../init/generators.ts";
import { ignoreStore } from "../init/gitignore.ts";
import { hasPackageConfig, openProject, type Project } from "../init/project.ts";
import type { CliWorld } from "../world.ts";

const SCRIPT_EXTENSIONS = [".ts", ".mts", ".js", ".mjs"];

/** `siterag init` */
export function initCommand(context: CommandContext): Command {
  return newCommand(
    "init",
    "Write a commented configuration for this site; nothing is overwritten.",
    "init",
  ).action(async (_flags: object, command: Command) => {
    const flags = command.optsWithGlobals<SharedFlags>();
    context.finish(await initialise(context.world, flags.config), flags);
  });
}

async function initialise(world: CliWorld, named: string | undefined): Promise<Outcome> {
  const directory = named === undefined ? world.cwd : dirname(resolve(world.cwd, named));
  const project = await openProject(directory);
  const file = named === undefined ? configName(project) : basename(named);
  await refuseExisting(directory, named, file);
  const detected = await detectGenerator(project);
  const generator = detected?.generator ?? null;
  const settings = detected?.settings ?? plainSettings(project);
  const origin =
    generator === null ? "No site generator was recognised." : `Made for ${generator}.`;
  const { configText } = await import("../init/config-text.ts");
  await writeFile(join(directory, file), configText(settings, origin), { flag: "wx" });
  const gitignore = await ignoreStore(directory);
  return {
    json: { file: join(directory, file), generator, content: settings, gitignore },
    text: [
      `${origin} Pages in ${settings.root}, anchors as ${settings.slugger}, URLs below ${settings.baseUrl}.`,
      `Wrote ${file}; .gitignore ${gitignore === "unchanged" ? "already has" : "now has"} .siterag/.`,
      "Next: siterag index",
    ],
  };
}

const configName = (project: Project): string =>
  project.packages.has("typescript") || project.has("tsconfig.json")
    ? "siterag.config.ts"
    : "siterag.config.mjs";

const plainSettings = (project: Project): SiteSettings => ({
  root: plainRoot(project),
  baseUrl: "/",
  urlStyle: "directory",
  pathStyle: "plain",
  slugger: "github",
});

/** Throws USAGE when a configuration is there already, or the wanted name is no script's. */
async function refuseExisting(
  directory: string,
  named: string | undefined,
  file: string,
): Promise<void> {
  if (!SCRIPT_EXTENSIONS.includes(extname(file))) {
    const expected = SCRIPT_EXTENSIONS.join(", ");
    throw new SiteragError("USAGE", `init writes a script: --config must end in ${expected}`);
  }
  const places = SEARCH_PLACES.filter((place) => place !== "package.json");
  const candidates = named === undefined ? places : [file];
  const existing =
    candidates.find((place) => existsSync(join(directory, place))) ??
    (named === undefined && (await hasPackageConfig(directory)) ? "package.json#siterag" : null);
  if (existing === null) return;
  throw new SiteragError("USAGE", `there is a configuration already: ${existing}; nothing written`);
}
