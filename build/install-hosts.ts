/**
 * Installs what the tests of hosts need, at the same time: the packages of all sites, each from its own
 * lockfile, and the packed siterag once for the sites of adapters. `npm run install:hosts`, after a build.
 */
import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const runFile = promisify(execFile);
const QUIETLY = ["--no-audit", "--no-fund", "--loglevel=error"];

const npm = (cwd: string, ...given: readonly string[]): Promise<unknown> =>
  runFile("npm", [...given, ...QUIETLY], { cwd });

async function installPacked(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "siterag-packed-"));
  await npm(".", "pack", "--ignore-scripts", "--pack-destination", folder);
  const [tarball = ""] = await readdir(folder);
  const unsaved = ["--no-save", "--no-package-lock", "--prefer-offline"];
  await npm("fixtures/site-hosts", "install", ...unsaved, join(folder, tarball));
  await rm(folder, { recursive: true });
}

const lockfiles = globSync("fixtures/{hosts-built,site-hosts/*}/package-lock.json");
await Promise.all([installPacked(), ...lockfiles.map((lockfile) => npm(dirname(lockfile), "ci"))]);
