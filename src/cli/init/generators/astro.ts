import {
  type Answer,
  answerOf,
  assumed,
  basePath,
  below,
  firstOf,
  from,
  known,
  folderPath,
} from "../answer.ts";
import { buildCommand } from "../build-command.ts";
import type { Project } from "../project.ts";
import { flagOf, namedConfig } from "../script-flags.ts";
import type { Script } from "../script-text.ts";
import {
  type Answers,
  type Findings,
  type FoundSite,
  type Generator,
  scriptNames,
  scriptOf,
} from "./generator.ts";
import { rootLocale } from "./languages.ts";
import { folderOf } from "./root-folder.ts";

const BUILD = /\bastro build\b/u;

const ASTRO = {
  configFiles: (project: Project) => [
    ...namedConfig(project, BUILD),
    ...scriptNames("astro.config"),
  ],
} as const;

/** Documentation with Astro's theme for it. */
export const STARLIGHT: Generator = {
  ...ASTRO,
  name: "Starlight",
  package: "@astrojs/starlight",
  adapter: { entry: "siterag/starlight", use: "starlight({ …, plugins: [siterag()] })" },
  isConfig: (text, { packages }) =>
    text.includes("@astrojs/starlight") || packages.has("@astrojs/starlight"),
  read: (site) => read(site, ["content/docs"]),
};

/** Every other site with Astro. */
export const PLAIN_ASTRO: Generator = {
  ...ASTRO,
  name: "Astro",
  package: "astro",
  adapter: { entry: "siterag/astro", use: "integrations: [ …, siterag()]" },
  read: (site) => read(site, ["content/docs", "content", "pages"]),
};

function read(site: FoundSite, folders: readonly string[]): Findings {
  const { project } = site;
  const script = scriptOf(site, "astro.config");
  const sources = answerOf(script.at("srcDir"), "src", folderPath);
  const candidates = folders.map((folder) => below(sources.value, folder));
  const root = folderOf(project, candidates);
  const isPages = root.value === below(sources.value, "pages");
  const isCollections = root.value === below(sources.value, "content");
  const answers: Answers = {
    root: from(root.value, [sources, root, ...(isCollections ? [COLLECTIONS] : [])]),
    baseUrl: answerOf(firstOf(flagOf(project, BUILD, "--base"), script.at("base")), "/", basePath),
    urlStyle: urlStyle(script),
    pathStyle: known(isPages ? "plain" : "starlight"),
    slugger: known("github"),
    site: builtFolder(script, project),
    ...rootLocale(script, "integrations.locales"),
  };
  return { answers, build: buildCommand(site, BUILD, "npx astro build") };
}

const COLLECTIONS = assumed(
  null,
  'Astro shows a collection at addresses that its pages choose; siterag takes the path of each file. With `from: "html"` it reads the built pages, whose addresses are exact.',
);

function urlStyle(script: Script): Answer<"directory" | "clean" | "html"> {
  const format = answerOf(script.at("build.format"), "directory", (text) => text);
  const slash = answerOf(script.at("trailingSlash"), "ignore", (text) => text);
  const style = slash.value === "never" ? "clean" : "directory";
  return from(format.value === "directory" ? style : "html", [format, slash]);
}

/** Astro's folder of built pages. An adapter for a server moves it. */
function builtFolder(script: Script, project: Project): Answer<string> {
  const folder = answerOf(
    firstOf(flagOf(project, BUILD, "--outDir"), script.at("outDir")),
    "dist",
    folderPath,
  );
  const [adapter] = script.codesAt("adapter");
  if (adapter === undefined) return folder;
  const client = below(folder.value, "client");
  const value = project.has(folder.value) && !project.has(client) ? folder.value : client;
  return assumed(
    value,
    `The adapter of the site (${adapter.split("(")[0] ?? ""}) decides where its built pages are.`,
  );
}
