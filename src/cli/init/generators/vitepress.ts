import { answerOf, basePath, below, firstOf, known } from "../answer.ts";
import { asWord, buildCommand } from "../build-command.ts";
import type { Project } from "../project.ts";
import { flagOf } from "../script-flags.ts";
import { listOf, type Script } from "../script-text.ts";
import {
  type Answers,
  type Findings,
  type FoundSite,
  type Generator,
  scriptNames,
  scriptOf,
} from "./generator.ts";
import { rootLocale } from "./languages.ts";
import { existing } from "./root-folder.ts";

const FOLDERS = [".", "docs", "doc", "documentation", "website", "site"];

const BUILD = /\bvitepress build\b/u;

export const VITEPRESS: Generator = {
  name: "VitePress",
  package: "vitepress",
  adapter: { entry: "siterag/vitepress", use: "vite: { plugins: [siterag()] }" },
  configFiles: (project) =>
    [...calledFolders(project), ...FOLDERS.filter((folder) => !isPackage(project, folder))].flatMap(
      (folder) =>
        ["config", "config/index"].flatMap((stem) =>
          scriptNames(below(folder, `.vitepress/${stem}`)),
        ),
    ),
  read,
};

function read(site: FoundSite): Findings {
  const { project, file } = site;
  const script = scriptOf(site, ".vitepress/config");
  const folder = siteFolder(project, file);
  const inFolder = (text: string): string => below(folder, text);
  const answers: Answers = {
    root: existing(project, answerOf(script.at("srcDir"), folder, inFolder)),
    ...excluded(script),
    baseUrl: answerOf(firstOf(flagOf(project, BUILD, "--base"), script.at("base")), "/", basePath),
    urlStyle: answerOf(script.at("cleanUrls"), "html", (text) =>
      text === "true" ? "clean" : "html",
    ),
    pathStyle: known("plain"),
    slugger: known("vitepress"),
    site: answerOf(
      firstOf(flagOf(project, BUILD, "--outDir"), script.at("outDir")),
      inFolder(".vitepress/dist"),
      inFolder,
    ),
    ...rootLocale(script, "locales", script.at("lang")),
  };
  const otherwise = `npx vitepress build${folder === "." ? "" : ` ${asWord(folder)}`}`;
  const questions = script.at("rewrites").kind === "absent" ? [] : [REWRITES];
  return { answers, build: buildCommand(site, BUILD, otherwise), questions };
}

const REWRITES =
  'VitePress may change addresses (`rewrites`), and siterag takes the path of each file. Does `siterag verify` find every page? If not, name the folders in content.paths, or set from to "html" to read the built pages.';

/** The folder that VitePress is called with. */
function siteFolder(project: Project, file: string | null): string {
  if (file !== null) return below(".", file.replace(/\.vitepress\/.*$/u, ""));
  const [called] = calledFolders(project);
  return called ?? FOLDERS.find((name) => project.has(`${name}/.vitepress`)) ?? "docs";
}

/** Folders that scripts of the package file build. */
const calledFolders = ({ scripts }: Project): readonly string[] =>
  Object.values(scripts).flatMap((script) => {
    const folder = /\bvitepress build ([\w.][\w./-]*)/u.exec(script)?.[1];
    return folder === undefined ? [] : [below(".", folder)];
  });

/** A folder that is found as a place of its own. */
const isPackage = ({ has }: Project, folder: string): boolean =>
  folder !== "." && has(`${folder}/package.json`);

/** Pages that the site leaves out are left out of the index. */
function excluded(script: Script): Pick<Answers, "exclude"> {
  const written = script.at("srcExclude");
  if (written.kind === "absent") return {};
  const globs = script.codesAt("srcExclude").map(listOf);
  const [only = null] = globs.length === 1 ? globs : [];
  return { exclude: only === null ? answerOf(written, [], (glob) => [glob]) : known(only) };
}
