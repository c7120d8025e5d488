import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "../support/example-copy.ts";
import type { AdapterSite } from "./adapter-sites.ts";

const FIXTURES = join(ROOT, "fixtures");
const runFile = promisify(execFile);

/** A folder for sites that use the packed siterag. */
export interface AdapterWorkshop {
  /** A copy of the site for a host that has never been built, with its packages and siterag. */
  readonly makeSite: (site: AdapterSite) => Promise<string>;
  readonly remove: () => Promise<void>;
}

/**
 * Packs siterag and installs it once, from what npm has in its cache. Each site then gets a copy of
 * siterag's own files among its packages, as npm puts them there, and a link to the packages that siterag
 * needs: a database of 200 MB is not copied for each.
 */
export async function makeAdapterWorkshop(): Promise<AdapterWorkshop> {
  const workshop = await realpath(await mkdtemp(join(tmpdir(), "siterag-test-adapters-")));
  const shared = join(workshop, "shared");
  await mkdir(shared);
  const options = ["--ignore-scripts", "--silent", "--pack-destination", shared];
  await runFile("npm", ["pack", ...options], { cwd: ROOT });
  const [tarball = ""] = await readdir(shared);
  await writeFile(
    join(shared, "package.json"),
    JSON.stringify({ private: true, overrides: OVERRIDES }),
  );
  const quietly = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
  await runFile("npm", ["install", ...quietly, `./${tarball}`], { cwd: shared });
  return {
    makeSite: (site) => makeSite(workshop, site),
    remove: () => rm(workshop, { recursive: true, force: true }),
  };
}

/** As the page "Install" has them. */
const OVERRIDES = {
  "@lancedb/lancedb": {
    "@huggingface/transformers": "npm:empty-npm-package@1.0.0",
    openai: "npm:empty-npm-package@1.0.0",
  },
};

async function makeSite(workshop: string, { content, fixture }: AdapterSite): Promise<string> {
  const folder = join(workshop, fixture);
  await mkdir(folder);
  // Thousands of small files: `cp` is several times as fast as Node.
  await runFile("cp", ["-R", `${join(FIXTURES, "site-hosts", fixture)}/.`, folder]);
  await cp(join(FIXTURES, "site-hosts/siterag-options.mjs"), join(folder, "siterag-options.mjs"));
  await cp(join(FIXTURES, "site"), join(folder, content), { recursive: true });
  const packages = join(folder, "node_modules");
  const installed = join(workshop, "shared/node_modules");
  const own = join(packages, "siterag");
  await cp(join(installed, "siterag"), own, { recursive: true });
  await symlink(installed, join(own, "node_modules"));
  await symlink("../siterag/dist/cli/bin.js", join(packages, ".bin/siterag"));
  return folder;
}
