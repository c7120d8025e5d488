import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

/** What siterag needs to know of a project to find its site generator. */
export interface Project {
  /** Names of all its dependencies. */
  readonly packages: ReadonlySet<string>;
  /** Whether its package file holds a configuration of siterag. */
  readonly hasConfig: boolean;
  /** Whether a file or folder exists at this path below the project. */
  readonly has: (path: string) => boolean;
  /** Text of the first of these files that exists; "" if none does. */
  readonly read: (paths: readonly string[]) => Promise<string>;
}

const names = z.record(z.string(), z.unknown()).default({});
const packageFile = z.object({
  dependencies: names,
  devDependencies: names,
  siterag: z.unknown().optional(),
});

/** Looks at a folder without changing it. A missing or broken package file counts as an empty one. */
export async function openProject(directory: string): Promise<Project> {
  const has = (path: string): boolean => existsSync(join(directory, path));
  const read = async (path: string): Promise<string> =>
    // Drops a BOM.
    new TextDecoder().decode(await readFile(join(directory, path)));
  const { dependencies, devDependencies, siterag } = await read("package.json")
    .then((text) => packageFile.parse(JSON.parse(text)))
    .catch(() => packageFile.parse({}));
  return {
    packages: new Set(Object.keys({ ...dependencies, ...devDependencies })),
    hasConfig: siterag !== undefined,
    has,
    read: async (paths) => {
      const first = paths.find(has);
      return first === undefined ? "" : read(first);
    },
  };
}
