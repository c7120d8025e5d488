import { below } from "./answer.ts";
import { managerOf, type Site, siteName } from "./find-site.ts";
import type { Answers, Findings } from "./generators/generator.ts";
import { readUnknown } from "./generators/unknown.ts";
import type { Project } from "./project.ts";

/** A site, or a folder without a known one, and what is to be written about it. */
export interface ChosenSite extends Findings {
  /** Null: no site generator was recognised. */
  readonly site: Site | null;
  readonly questions: readonly string[];
  /** The folder of the configuration, below the one that was searched. */
  readonly folder: string;
}

/**
 * Takes the first site, and asks about the others. `init` writes the configuration into that site's
 * folder, where its build finds it too; with `isNamed`, into the folder that was searched.
 */
export function chooseSite(
  root: Project,
  [site, ...others]: readonly Site[],
  isNamed: boolean,
): ChosenSite {
  if (site === undefined) {
    const found = readUnknown({ project: root, manager: managerOf(root) ?? "npm" });
    return { questions: [], ...found, site: null, folder: "." };
  }
  const { answers, questions = [], ...findings } = site.generator.read(site);
  const names = others.map(siteName).join(", ");
  const choice = `${names} ${others.length === 1 ? "is a site" : "are sites"} too. Is ${siteName(site)} the one to search?`;
  return {
    ...findings,
    site,
    folder: isNamed ? "." : site.folder,
    answers: isNamed ? movedTo(site.folder, answers) : answers,
    questions: others.length === 0 ? questions : [choice, ...questions],
  };
}

/** The answers for a configuration in a folder above the site. */
function movedTo(folder: string, answers: Answers): Answers {
  const { root, site } = answers;
  return {
    ...answers,
    ...(root === undefined ? {} : { root: { ...root, value: below(folder, root.value) } }),
    ...(typeof site?.value === "string"
      ? { site: { ...site, value: below(folder, site.value) } }
      : {}),
  };
}
