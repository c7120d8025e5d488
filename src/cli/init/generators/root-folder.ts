import { type Answer, assumed, known } from "../answer.ts";
import type { Project } from "../project.ts";

/** The first of these folders that exists, as the folder of the pages; a question if none does. */
export function folderOf(
  project: Project,
  [first = "docs", ...others]: readonly string[],
): Answer<string> {
  const found = [first, ...others].find(project.has);
  if (found !== undefined) return known(found);
  const missing = [first, ...others].join(", ");
  return assumed(first, `There is no folder of pages (looked for ${missing}).`);
}

/** The same for an answer that a configuration gave. */
export function existing(project: Project, root: Answer<string>): Answer<string> {
  return root.doubt === undefined ? folderOf(project, [root.value]) : root;
}
