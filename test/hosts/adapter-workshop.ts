import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { ROOT } from "../support/example-copy.ts";
import type { AdapterSite } from "./adapter-sites.ts";

const FIXTURES = join(ROOT, "fixtures");
const HOSTS = join(FIXTURES, "site-hosts");
const MANIFEST = z.object({
  type: z.string().optional(),
  dependencies: z.record(z.string(), z.string()),
});
const runFile = promisify(execFile);

/** A folder for sites that use the packed siterag. */
export interface AdapterWorkshop {
  /** A copy of the site for a host that has never been built, with its packages and siterag. */
  readonly makeSite: (site: AdapterSite) => Promise<string>;
  /** A folder with the packages of a host and siterag, and nothing else. */
  readonly makeStarter: (fixture: string) => Promise<string>;
  readonly remove: () => Promise<void>;
}

/**
 * Makes sites of what `npm run install:hosts` installed. Each gets a copy of siterag's own files among its
 * packages, as npm puts them there, and a link to the packages that siterag needs: a database of 200 MB is not
 * copied for each.
 */
export async function makeAdapterWorkshop(): Promise<AdapterWorkshop> {
  const workshop = await realpath(await mkdtemp(join(tmpdir(), "siterag-test-adapters-")));
  return {
    makeSite: (site) => makeSite(workshop, site),
    makeStarter: (fixture) => makeStarter(workshop, fixture),
    remove: () => rm(workshop, { recursive: true, force: true }),
  };
}

async function makeSite(workshop: string, { content, fixture }: AdapterSite): Promise<string> {
  const folder = await makeStarter(workshop, fixture);
  const made = new Set(["node_modules", "package.json"]);
  const filter = (path: string): boolean => !made.has(basename(path));
  await cp(join(HOSTS, fixture), folder, { recursive: true, filter });
  await cp(join(HOSTS, "siterag-options.mjs"), join(folder, "siterag-options.mjs"));
  await cp(join(FIXTURES, "site"), join(folder, content), { recursive: true });
  return folder;
}

async function makeStarter(workshop: string, fixture: string): Promise<string> {
  const folder = await mkdtemp(join(workshop, `${fixture}-`));
  const manifest: unknown = JSON.parse(
    await readFile(join(HOSTS, fixture, "package.json"), "utf8"),
  );
  const { dependencies, type } = MANIFEST.parse(manifest);
  // Astro looks there for packages with parts that it compiles.
  const own = { type, dependencies: { ...dependencies, siterag: "*" } };
  await writeFile(join(folder, "package.json"), JSON.stringify(own));
  // Thousands of small files: `cp` is several times as fast as Node.
  const packages = join(folder, "node_modules");
  await runFile("cp", ["-R", join(HOSTS, fixture, "node_modules"), packages]);
  const installed = join(HOSTS, "node_modules");
  const siterag = join(packages, "siterag");
  await cp(join(installed, "siterag"), siterag, { recursive: true });
  await symlink(installed, join(siterag, "node_modules"));
  await symlink("../siterag/dist/cli/bin.js", join(packages, ".bin/siterag"));
  return folder;
}
