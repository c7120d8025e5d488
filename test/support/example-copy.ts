import { execFile } from "node:child_process";
import { access, cp, mkdtemp, realpath, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url));
export const EXAMPLE: string = join(ROOT, "example-site");
const MADE_ON_THE_WAY = new Set(["node_modules", "dist", ".astro", ".siterag"]);
const runFile = promisify(execFile);

const isSource = (file: string): boolean => !MADE_ON_THE_WAY.has(basename(file));

/**
 * A copy of the example that has never been built, with packages of its own: Astro doesn't find the
 * parts of packages that lie outside the site's folder when the two share no parent but `/`.
 */
export async function copyExample(): Promise<string> {
  const isInstalled = await access(join(EXAMPLE, "node_modules/astro")).then(
    () => true,
    () => false,
  );
  if (!isInstalled) await runFile("npm", ["ci", "--no-audit", "--no-fund"], { cwd: EXAMPLE });
  const copy = await realpath(await mkdtemp(join(tmpdir(), "siterag-example-")));
  await cp(EXAMPLE, copy, { recursive: true, filter: isSource });
  const packages = join(EXAMPLE, "node_modules");
  const own = join(packages, "siterag");
  await cp(packages, join(copy, "node_modules"), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (file) => file !== own,
  });
  await symlink(ROOT, join(copy, "node_modules/siterag"));
  return copy;
}

/** Runs the example's own command. Returns what it prints. */
export async function buildExample(site: string): Promise<string> {
  const { stdout, stderr } = await runFile("npm", ["run", "--silent", "build"], {
    cwd: site,
    maxBuffer: 10_000_000,
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" },
  });
  return stdout + stderr;
}
