import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** A built checkout of siterag. */
export interface Version {
  readonly name: string;
  readonly root: string;
}

const HERE = fileURLToPath(new URL("../../", import.meta.url));

/** The working tree. `npm run bench:speed` has built it. */
export const NOW: Version = { name: "now", root: HERE };

/** A file of that version: what its command line runs, or what it exports. */
export const fileOf = ({ root }: Version, path: string): string => join(root, path);

const run = (command: string, args: readonly string[], cwd: string): unknown =>
  execFileSync(command, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });

/** Checks out and builds a revision in a temporary folder, which is removed afterwards; or uses a built folder. */
export async function withBase<Value>(
  base: string,
  use: (version: Version) => Promise<Value>,
): Promise<Value> {
  if (existsSync(base)) return use({ name: "before", root: resolve(base) });
  const folder = await mkdtemp(join(tmpdir(), "siterag-base-"));
  const root = join(folder, "checkout");
  try {
    run("git", ["worktree", "add", "--quiet", "--detach", root, base], HERE);
    run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], root);
    run("npm", ["run", "--silent", "build"], root);
    return await use({ name: base, root });
  } finally {
    if (existsSync(root)) run("git", ["worktree", "remove", "--force", root], HERE);
    await rm(folder, { recursive: true });
  }
}
