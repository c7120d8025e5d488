import { posix } from "node:path";
import { type Answer, below } from "./answer.ts";
import { asWord } from "./build-command.ts";
import type { ChosenSite } from "./chosen-site.ts";
import { allQuestions } from "./config-text.ts";
import { siteName } from "./find-site.ts";

/** Which site was found, and how siterag reads it. */
export function whatWasFound({ answers, folder, site }: ChosenSite): string {
  const { baseUrl, from, root, site: built, slugger } = answers;
  const place = (answer: Answer<string | null> | undefined): string => {
    const path = below(folder, answer?.value ?? ".");
    return path === "." ? "this folder" : path;
  };
  const found = site === null ? "No site generator was recognised." : `Found ${siteName(site)}.`;
  const reads =
    from === undefined
      ? `siterag reads the Markdown in ${place(root)}, with anchors as ${slugger?.value}`
      : `siterag reads the built HTML in ${place(built)}`;
  return `${found} ${reads}; URLs are below ${baseUrl?.value}.`;
}

/** A line for each question. */
export const questionLines = (chosen: ChosenSite): readonly string[] =>
  allQuestions(chosen).map(({ setting, question }) => `Question on ${setting}: ${question}`);

/** What to change in the configuration of the generator. */
export const adviceLines = (chosen: ChosenSite): readonly string[] => [
  ...(chosen.advice === undefined ? [] : [chosen.advice]),
  ...adapterLines(chosen),
];

/** The line that gives the site its search in each build, unless its configuration has it. */
function adapterLines({ site }: ChosenSite): readonly string[] {
  const adapter = site?.generator.adapter;
  if (site === null || adapter === undefined) return [];
  const { file, folder, project } = site;
  if (file !== null && project.text(file).includes(adapter.entry)) return [];
  const install = project.packages.has("siterag") ? "" : "install siterag in its folder and ";
  const where = file === null ? "its configuration" : posix.join(folder, file);
  return [
    `For search in the site, from an index that each build updates, ${install}add this to ${where}:`,
    `  import siterag from "${adapter.entry}"; // ${adapter.use}`,
  ];
}

/** The commands from here to an index that is proved against the built site. */
export function nextCommands(
  { answers, build, folder, site }: ChosenSite,
  named: string | undefined,
): readonly string[] {
  const config = named === undefined ? "" : ` --config ${asWord(named)}`;
  const isElsewhere = site !== null && site.folder !== folder;
  const building = isElsewhere ? `(cd ${asWord(site.folder)} && ${build})` : build;
  return [
    "Next:",
    ...(folder === "." ? [] : [`  cd ${asWord(folder)}`]),
    ...(build === null ? [] : [`  ${building}`]),
    `  npx siterag index${config}`,
    ...(answers.site === undefined ? [] : [`  npx siterag verify${config}`]),
  ];
}
