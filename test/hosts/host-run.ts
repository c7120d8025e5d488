import { exec } from "node:child_process";
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  stat,
  symlink,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { HostSite } from "./sites.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FIXTURES = join(ROOT, "fixtures/hosts-built");
const BIN = join(ROOT, "dist/cli/bin.js");
const runShell = promisify(exec);

/** An empty variable counts as unset: whatever this machine has must not count. */
const ENVIRONMENT = {
  ...process.env,
  // Vitest sets them: Astro would build drafts, forget its base, and answer for no page in its dev server.
  NODE_ENV: undefined,
  MODE: undefined,
  BASE_URL: undefined,
  DEV: undefined,
  PROD: undefined,
  SSR: undefined,
  VITEST: undefined,
  PATH: `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}`,
  GOOGLE_API_KEY: "",
  GEMINI_API_KEY: "",
  GOOGLE_GEMINI_BASE_URL: "",
  ASTRO_TELEMETRY_DISABLED: "1",
  DOCUSAURUS_NO_TELEMETRY: "1",
  NO_COLOR: "1",
  FORCE_COLOR: "0",
};

/**
 * A folder for sites, with the installed packages of all of them beside it, and this siterag: programs
 * and modules are searched upwards from a site. It is a copy because Astro does not find the parts of
 * packages that lie elsewhere; to install the packed siterag for each site would take minutes.
 */
export async function makeWorkshop(): Promise<string> {
  const workshop = await realpath(await mkdtemp(join(tmpdir(), "siterag-test-hosts-")));
  const packages = join(workshop, "node_modules");
  const options = { recursive: true, verbatimSymlinks: true };
  await cp(join(FIXTURES, "node_modules"), packages, options);
  await symlink(ROOT, join(packages, "siterag"));
  await symlink(BIN, join(packages, ".bin/siterag"));
  await chmod(BIN, 0o755);
  return workshop;
}

/** A copy of a site that has never been built. */
export async function copySite(workshop: string, { fixture, name }: HostSite): Promise<string> {
  const folder = join(workshop, name.toLowerCase().replaceAll(/\W+/gu, "-"));
  await mkdir(folder);
  await cp(join(FIXTURES, fixture), folder, { recursive: true });
  return folder;
}

/** The commands that a page of the documentation shows in its one block with `siterag search`. */
export async function commandsOf(page: string): Promise<readonly string[]> {
  const text = await readFile(join(ROOT, page), "utf8");
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gmsu)].map(([, block]) => block ?? "");
  const [only, ...others] = blocks.filter((block) => block.includes("siterag search"));
  if (only === undefined || others.length > 0) throw new Error(`${page} must have one such block`);
  return only.trim().split("\n");
}

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment of a command in a site: its packages are in its own folder or in the one above. */
export function environmentOf(
  folder: string,
  more: Readonly<Record<string, string>> = {},
): NodeJS.ProcessEnv {
  const programs = [folder, dirname(folder)].map((place) => join(place, "node_modules/.bin"));
  return { ...ENVIRONMENT, PATH: [...programs, ENVIRONMENT.PATH].join(":"), ...more };
}

/** Runs a command line as it stands in a site of a workshop. Throws with what it printed if it fails. */
export async function run(
  command: string,
  folder: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Output> {
  try {
    const env = environmentOf(folder, more);
    return await runShell(command, { cwd: folder, env, maxBuffer: 50_000_000 });
  } catch (error) {
    const { stdout = "", stderr = "" } = Object(error);
    throw new Error(`${command}\n${stdout}\n${stderr}`, { cause: error });
  }
}

/** Each file below a folder with its size and the time of its last change. */
export async function filesOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const states = files.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    const { mtimeMs, size } = await stat(path);
    return [relative(folder, path), `${size} ${mtimeMs}`] as const;
  });
  return new Map(await Promise.all(states));
}
