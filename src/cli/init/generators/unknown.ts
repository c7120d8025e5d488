import { assumed, known } from "../answer.ts";
import { buildCommand } from "../build-command.ts";
import type { Findings, FoundSite } from "./generator.ts";
import { folderOf } from "./root-folder.ts";

const ROOTS = ["docs", "doc", "documentation", "content"];
const BUILT = ["dist", "build", "public", "_site", "site", "out", "book", "_build/html"];

/** A site of no known generator: its built HTML if there is some, else a folder of Markdown. */
export function readUnknown(here: Pick<FoundSite, "manager" | "project">): Findings {
  const { project } = here;
  const build = buildCommand(here, /(?!)/u, null);
  const built = BUILT.find((folder) => project.has(`${folder}/index.html`));
  if (built !== undefined) {
    const site = assumed(built, "This folder has an index.html.");
    return { answers: { from: known("html"), site, baseUrl: known("/") }, build };
  }
  const answers = {
    root: folderOf(project, ROOTS),
    baseUrl: known("/"),
    urlStyle: known("directory" as const),
    pathStyle: known("plain" as const),
    slugger: known("github" as const),
  };
  return { answers, build, questions: [QUESTION] };
}

const QUESTION =
  'Does a generator build this site? Then set from to "html" and site to the folder of its HTML. If not, check that these settings fit the site.';
