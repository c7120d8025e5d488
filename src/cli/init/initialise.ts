import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { SEARCH_PLACES } from "../../config/config-file.ts";
import { readAccess } from "../../config/environment.ts";
import { valueAt } from "../../config/problems.ts";
import { CONFIG_KEYS } from "../../providers/load-config.ts";
import { SiteragError } from "../../words/errors.ts";
import type { Outcome } from "../command.ts";
import { variable, type CliWorld } from "../world.ts";
import { detectSite, type SiteSettings } from "./generators.ts";
import { lighterInstall } from "./lighter-install.ts";
import { openProject, type Project } from "./project.ts";

const SCRIPT_EXTENSIONS = [".ts", ".mts", ".js", ".mjs"];

/** Writes a configuration for the site in this folder and makes git ignore the store. Throws USAGE. */
export async function initialise(world: CliWorld, named: string | undefined): Promise<Outcome> {
  const directory = named === undefined ? world.cwd : dirname(resolve(world.cwd, named));
  const project = await openProject(directory);
  const file = named === undefined ? configName(project) : basename(named);
  refuseExisting(project, named, file);
  const { generator, settings } = await detectSite(project);
  const origin =
    generator === null ? "No site generator was recognised." : `Made for ${generator}.`;
  const path = join(directory, file);
  const provider = readAccess(world.env).apiKey === null ? "none" : "gemini";
  await writeFile(path, configText(settings, provider, origin), { flag: "wx" });
  const gitignore = await ignoreStore(join(directory, ".gitignore"));
  return {
    json: { file: path, generator, provider, content: settings, gitignore },
    text: [
      `${origin} Pages in ${settings.root}, anchors as ${settings.slugger}, URLs below ${settings.baseUrl}.`,
      `Wrote ${file}; .gitignore ${gitignore === "unchanged" ? "already has" : "now has"} .siterag/.`,
      ...(provider === "none" ? [WITHOUT_KEY] : []),
      ...choices(provider),
      ...lighterInstall(project, variable(world, "npm_config_user_agent") ?? ""),
      "Next: siterag index",
    ],
  };
}

const WITHOUT_KEY =
  'There is no key in GEMINI_API_KEY, so embedding.provider is "none": searches go by words. With a key, set "gemini".';

/** What each provider costs: of Gemini for 150 passages, of a model on this machine its download. */
const CHOICES = [
  ["gemini", "understands meaning; half a cent for a site of 150 passages, then only edited ones"],
  [
    "local",
    "understands meaning, without a key or a price: `npm install @huggingface/transformers@4` (500 MB), a model of 25 MB to 1.2 GB that is fetched once, and minutes of computing for a large site",
  ],
  ["none", "no vectors: searches go by words; costs nothing"],
] as const;

const choices = (chosen: string): readonly string[] => [
  "The choices for embedding.provider:",
  ...CHOICES.map(([name, cost]) => `  ${name}${name === chosen ? " (set now)" : ""}: ${cost}.`),
];

const configName = (project: Project): string =>
  project.packages.has("typescript") || project.has("tsconfig.json")
    ? "siterag.config.ts"
    : "siterag.config.mjs";

/** Throws USAGE if a configuration exists, or if the given name is not that of a script. */
function refuseExisting(project: Project, named: string | undefined, file: string): void {
  if (!SCRIPT_EXTENSIONS.includes(extname(file))) {
    const expected = SCRIPT_EXTENSIONS.join(", ");
    throw usage(`init writes a script; give --config a name that ends in ${expected}`);
  }
  const places = SEARCH_PLACES.filter((place) => place !== "package.json");
  const inPackage = named === undefined && project.hasConfig ? "package.json#siterag" : undefined;
  const existing = (named === undefined ? places : [file]).find(project.has) ?? inPackage;
  if (existing === undefined) return;
  throw usage(
    `${existing} exists, so nothing was written; edit it, or delete it and run init again`,
  );
}

const usage = (message: string): SiteragError => new SiteragError("USAGE", message);

/**
 * The text of a configuration file: the settings found for the site, and every other key as a
 * comment that shows its default. Above each key stands what it sets.
 */
function configText(settings: SiteSettings, provider: string, origin: string): string {
  const found: ReadonlyMap<string, object> = new Map(
    Object.entries({ content: settings, embedding: provider === "none" ? { provider } : {} }),
  );
  const blocks = [...CONFIG_KEYS].map(([block, keys]) => {
    const lines = [...keys].flatMap(([key, schema]) => {
      const value: unknown = valueAt(found.get(block), [key]);
      const isFound = value !== undefined;
      const setting = `${key}: ${literal(isFound ? value : schema.parse(undefined))},`;
      return [`    // ${schema.description}`, `    ${isFound ? "" : "// "}${setting}`];
    });
    return [`  ${block}: {`, ...lines, "  },"].join("\n");
  });
  return `import { defineConfig } from "siterag";

// ${origin}
// A commented setting is the default; remove the slashes to change it.
export default defineConfig({
${blocks.join("\n")}
});
`;
}

/** JSON on one line, with the spaces that formatters put into a list. */
const literal = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map(literal).join(", ")}]` : JSON.stringify(value);

const ENTRY = ".siterag/";
const SPELLINGS: ReadonlySet<string> = new Set([ENTRY, ".siterag", "/.siterag", "/.siterag/"]);

/** Adds the store's folder to a `.gitignore`, unless it is listed there. */
async function ignoreStore(path: string): Promise<"created" | "extended" | "unchanged"> {
  if (!existsSync(path)) {
    await writeFile(path, `${ENTRY}\n`, { flag: "wx" });
    return "created";
  }
  const text = await readFile(path, "utf8");
  if (text.split("\n").some((line) => SPELLINGS.has(line.trim()))) return "unchanged";
  const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  const gap = text === "" || text.endsWith("\n") ? "" : lineEnd;
  await writeFile(path, `${gap}${ENTRY}${lineEnd}`, { flag: "a" });
  return "extended";
}
