import { posix } from "node:path";
import { answerOf, assumed, basePath, from, known, folderPath } from "../answer.ts";
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
import { existing } from "./root-folder.ts";

/** Docs in all versions and languages. */
const ALL_PAGES = [
  "docs/**/*.{md,mdx}",
  "versioned_docs/**/*.{md,mdx}",
  "i18n/*/docusaurus-plugin-content-docs/**/*.{md,mdx}",
];

const BUILD = /\bdocusaurus build\b/u;

export const DOCUSAURUS: Generator = {
  name: "Docusaurus",
  package: "@docusaurus/core",
  configFiles: (project) => [...namedConfig(project, BUILD), ...scriptNames("docusaurus.config")],
  read,
};

function read(site: FoundSite): Findings {
  const { project } = site;
  const script = scriptOf(site, "docusaurus.config");
  const answers: Answers = {
    ...pages(project, script),
    urlStyle: answerOf(script.at("trailingSlash"), "clean", (text) =>
      text === "true" ? "directory" : "clean",
    ),
    pathStyle: known("docusaurus"),
    slugger: known("github"),
    ...markdownFormat(script),
    site: answerOf(flagOf(project, BUILD, "--out-dir"), "build", folderPath),
  };
  const build = buildCommand(site, BUILD, "npx docusaurus build");
  const isCut = hasCopies(project) && answers.include === undefined;
  return { answers, build, questions: [...otherDocs(script), ...(isCut ? [COPIES] : [])] };
}

/** Whether the site has its docs in several versions or languages. */
const hasCopies = ({ has }: Project): boolean => ["versions.json", "i18n"].some(has);

const COPIES =
  'The site has other versions or languages of its docs, which siterag does not read with these settings. Are they to be searched? Then set from to "html" to read the built pages.';

/** Where the docs are, and where they are published. */
function pages(project: Project, script: Script): Pick<Answers, "root" | "include" | "baseUrl"> {
  const options = script.codesAt("presets.docs")[0] === "false" ? "plugins" : "presets.docs";
  const path = answerOf(script.at(`${options}.path`), "docs", folderPath);
  const route = answerOf(script.at(`${options}.routeBasePath`), "docs", (text) => text);
  const written = script.at("baseUrl");
  const base =
    written.kind === "absent"
      ? assumed("/", "No baseUrl was found, and Docusaurus needs one.")
      : answerOf(written, "/", basePath);
  const hasDefaults = path.value === "docs" && route.value === "docs";
  if (hasDefaults && hasCopies(project)) {
    return {
      root: known("."),
      include: known(ALL_PAGES),
      baseUrl: from(base.value, [base, route]),
    };
  }
  const baseUrl = from(basePath(posix.join(base.value, route.value)), [base, route]);
  return { root: existing(project, path), baseUrl };
}

/** `markdown.format`, if the configuration has it. */
function markdownFormat(script: Script): Pick<Answers, "format"> {
  const written = script.at("markdown.format");
  if (written.kind === "absent") return {};
  if (written.kind === "unclear") return { format: assumed("mdx", written.doubt) };
  const format = (["md", "mdx", "detect"] as const).find((name) => name === written.text);
  return format === undefined ? {} : { format: known(format) };
}

/** Docs beside the main ones have a folder and a route of their own. */
function otherDocs(script: Script): readonly string[] {
  const isMain = script.codesAt("presets.docs")[0] === "false";
  const folders = isMain ? [] : script.codesAt("plugins.routeBasePath");
  if (folders.length === 0) return [];
  return [
    `The site has docs of another plugin too, at ${folders.join(", ")}. Are they to be searched? Then content.include and content.paths must name their folder.`,
  ];
}
