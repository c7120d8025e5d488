import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { SEARCH_PLACES } from "../../config/config-file.ts";
import { SiteragError } from "../../words/errors.ts";
import type { Outcome } from "../command.ts";
import type { CliWorld } from "../world.ts";
import { configText } from "./config-text.ts";
import { detectGenerator, plainRoot, type SiteSettings } from "./generators.ts";
import { ignoreStore } from "./gitignore.ts";
import { hasPackageConfig, openProject, type Project } from "./project.ts";

const SCRIPT_EXTENSIONS = [".ts", ".mts", ".js", ".mjs"];

/** Writes a configuration for the site in this folder and makes git ignore the store. Throws USAGE. */
export async function initialise(world: CliWorld, named: string | undefined): Promise<Outcome> {
  const directory = named === undefined ? world.cwd : dirname(resolve(world.cwd, named));
  const project = await openProject(directory);
  const file = named === undefined ? configName(project) : basename(named);
  await refuseExisting(directory, named, file);
  const detected = await detectGenerator(project);
  const generator = detected?.generator ?? null;
  const settings = detected?.settings ?? plainSettings(project);
  const origin =
    generator === null ? "No site generator was recognised." : `Made for ${generator}.`;
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

/** Throws USAGE if a configuration exists, or if the given name is not that of a script. */
async function refuseExisting(
  directory: string,
  named: string | undefined,
  file: string,
): Promise<void> {
  if (!SCRIPT_EXTENSIONS.includes(extname(file))) {
    const expected = SCRIPT_EXTENSIONS.join(", ");
    throw new SiteragError(
      "USAGE",
      `init writes a script; give --config a name that ends in ${expected}`,
    );
  }
  const places = SEARCH_PLACES.filter((place) => place !== "package.json");
  const candidates = named === undefined ? places : [file];
  const existing =
    candidates.find((place) => existsSync(join(directory, place))) ??
    (named === undefined && (await hasPackageConfig(directory)) ? "package.json#siterag" : null);
  if (existing === null) return;
  throw new SiteragError(
    "USAGE",
    `${existing} exists, so nothing was written; edit it, or delete it and run init again`,
  );
}
