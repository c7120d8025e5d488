import { basename, extname } from "node:path";
import { SEARCH_PLACES } from "../../config/config-file.ts";
import { SiteragError } from "../../words/errors.ts";
import { below } from "./answer.ts";
import type { Project } from "./project.ts";

const SCRIPT_EXTENSIONS = [".ts", ".mts", ".js", ".mjs"];

const usage = (message: string): SiteragError => new SiteragError("USAGE", message);

const isTyped = ({ has, packages }: Project): boolean =>
  packages.has("typescript") || has("tsconfig.json");

/** The name that the user gave, or else the one for the language of the project. Throws USAGE. */
export function configName(named: string | undefined, projects: readonly Project[]): string {
  if (named === undefined) {
    return projects.some(isTyped) ? "siterag.config.ts" : "siterag.config.mjs";
  }
  if (SCRIPT_EXTENSIONS.includes(extname(named))) return basename(named);
  const expected = SCRIPT_EXTENSIONS.join(", ");
  throw usage(`init writes a script; give --config a name that ends in ${expected}`);
}

/** Throws USAGE if a folder has the named file already, or without a name any configuration. */
export function refuseExisting(project: Project, folder: string, named?: string): void {
  const places = SEARCH_PLACES.filter((place) => place !== "package.json");
  const inPackage = named === undefined && project.hasConfig ? "package.json#siterag" : undefined;
  const names = named === undefined ? places : [basename(named)];
  const existing = names.find(project.has) ?? inPackage;
  if (existing === undefined) return;
  throw usage(
    `${below(folder, existing)} exists, so nothing was written; edit it, or delete it and run init again`,
  );
}
