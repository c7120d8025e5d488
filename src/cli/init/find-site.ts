import { join, posix } from "node:path";
import type { FoundSite, Generator } from "./generators/generator.ts";
import { GENERATORS } from "./generators/table.ts";
import { PACKAGE_MANAGERS } from "./lighter-install.ts";
import { placesOfSites } from "./places.ts";
import { openProject, type Project } from "./project.ts";

/** A site and the generator that builds it. */
export interface Site extends FoundSite {
  readonly generator: Generator;
  /** Its folder below the one that was searched; "." for that one itself. */
  readonly folder: string;
}

/** The sites in a folder, or else in the usual places below it: first the one to use. */
export async function findSites(directory: string): Promise<readonly Site[]> {
  const here = siteFolder(directory, ".", "npm");
  const inHere = byFiles(here);
  if (inHere.length > 0) return inHere;
  const places = await placesOfSites(directory, here.project);
  const folders = places.map((place) => siteFolder(directory, place, here.manager));
  const found = folders.flatMap(byFiles);
  if (found.length > 0) return found;
  return [here, ...folders].flatMap(byPackage);
}

/** A folder that may hold a site. */
type Folder = Omit<Site, "file" | "generator">;

function siteFolder(directory: string, folder: string, otherwise: string): Folder {
  const project = openProject(join(directory, folder));
  return { folder, project, manager: managerOf(project) ?? otherwise };
}

/** The package manager whose lock file is in the folder. */
export const managerOf = ({ has }: Project): string | undefined =>
  PACKAGE_MANAGERS.find(({ lockFile }) => has(lockFile))?.name;

/** One site for each configuration of a generator; a file belongs to the first that knows it. */
function byFiles(place: Folder): readonly Site[] {
  const { project } = place;
  const taken = new Set<string>();
  return GENERATORS.flatMap((generator) => {
    const isConfig = (file: string): boolean =>
      project.has(file) &&
      !taken.has(file) &&
      (generator.isConfig?.(project.text(file), project) ?? true);
    const file = generator.configFiles(project).find(isConfig);
    if (file === undefined) return [];
    taken.add(file);
    return [{ ...place, generator, file }];
  });
}

/** A site without a configuration of its generator, which the packages of the folder name. */
function byPackage(place: Folder): readonly Site[] {
  const generator = GENERATORS.find(
    ({ package: name }) => name !== null && place.project.packages.has(name),
  );
  return generator === undefined ? [] : [{ ...place, generator, file: null }];
}

/** Where a site is, for people: `Starlight (apps/docs/astro.config.mjs)`. */
export const siteName = ({ file, folder, generator }: Site): string =>
  `${generator.name} (${posix.join(folder, file ?? "package.json")})`;
