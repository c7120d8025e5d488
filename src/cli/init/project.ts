import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

/** What siterag needs to know of a project to find its site generator. */
export interface Project {
  /** Names of all its dependencies. */
  readonly packages: ReadonlySet<string>;
  /** Whether a file or folder exists at this path below the project. */
  has(path: string): boolean;
  /** Text of the first of these files that exists; "" if none does. */
  read(paths: readonly string[]): Promise<string>;
}

const names = z.record(z.string(), z.unknown()).default({});
const packageFile = z.object({
  dependencies: names,
  devDependencies: names,
  siterag: z.unknown().optional(),
});
type PackageFile = z.infer<typeof packageFile>;

/** Looks at a folder without changing it. */
export async function openProject(directory: string): Promise<Project> {
  const { dependencies, devDependencies } = await readPackage(directory);
  const has = (path: string): boolean => existsSync(join(directory, path));
  return {
    packages: new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)]),
    has,
    read: async (paths) => {
      const first = paths.find(has);
      return first === undefined ? "" : await readFile(join(directory, first), "utf8");
    },
  };
}

/** Whether the package file of a folder holds a configuration of siterag. */
export const hasPackageConfig = async (directory: string): Promise<boolean> =>
  (await readPackage(directory)).siterag !== undefined;

/** A missing or broken package file counts as an empty one. */
async function readPackage(directory: string): Promise<PackageFile> {
  try {
    return packageFile.parse(JSON.parse(await readFile(join(directory, "package.json"), "utf8")));
  } catch {
    return packageFile.parse({});
  }
}
