import { globby } from "globby";
import { parse } from "yaml";
import { z } from "zod";
import type { Project } from "./project.ts";

/** Where sites are kept in repositories that hold more than a site. */
const USUAL = [
  "docs",
  "website",
  "site",
  "documentation",
  "apps/*",
  "packages/*",
  "book",
  "guide",
  "doc",
];

/** How many folders deep `init` looks. */
const MAX_DEPTH = 4;

const workspaceFile = z.object({ packages: z.array(z.string()).catch([]) }).catch({ packages: [] });

/** The folders that may hold a site, the nearest first, then those that are named like one for docs. */
export async function placesOfSites(
  directory: string,
  project: Project,
): Promise<readonly string[]> {
  const patterns = [...USUAL, ...project.workspaces, ...pnpmWorkspaces(project)].map((pattern) =>
    pattern.replace(/^(!?)\.?\/+/u, "$1").replace(/\/+$/u, ""),
  );
  const folders = await globby(patterns, {
    cwd: directory,
    onlyDirectories: true,
    expandDirectories: false,
    followSymbolicLinks: false,
    deep: MAX_DEPTH,
    ignore: ["**/node_modules/**", "../**"],
    suppressErrors: true,
  });
  return folders.sort((one, other) => rank(one) - rank(other) || one.localeCompare(other));
}

/** Smaller for a folder that is nearer, then for one that is named like those for documentation. */
const rank = (folder: string): number =>
  folder.split("/").length * 2 + (/(?:docs?|documentation|website|book)$/iu.test(folder) ? 0 : 1);

function pnpmWorkspaces(project: Project): readonly string[] {
  try {
    return workspaceFile.parse(parse(project.text("pnpm-workspace.yaml"))).packages;
  } catch {
    return [];
  }
}
