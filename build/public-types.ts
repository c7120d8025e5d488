import { globSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Modules in an import, or in the `exports` of `package.json`. */
const MODULES = /"(?<path>\.[^"]+)\.(?<kind>c?)[jt]s"/gu;

/** Removes the built types that nobody can import: those of modules that no public type names. */
export async function keepPublicTypes(): Promise<void> {
  const found = new Set<string>();
  const follow = async (file: string): Promise<void> => {
    if (found.has(file)) return;
    found.add(file);
    for (const [, path = "", kind] of (await readFile(file, "utf8")).matchAll(MODULES)) {
      await follow(join(dirname(file), `${path}.d.${kind}ts`));
    }
  };
  for (const file of ["package.json", ...globSync("dist/**/*.astro")]) await follow(file);
  for (const file of globSync("dist/**/*.d.ts")) if (!found.has(file)) await rm(file);
}
