import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SiteragConfig } from "../../src/config/schema.ts";
import type { Emulator } from "../../test/support/emulator/emulator.ts";
import { run, type Cost, type Program } from "./processes.ts";
import type { Report } from "./report.ts";
import { fileOf, NOW, type Version } from "./versions.ts";

/** What a row of the table gets. */
export interface Bench {
  readonly before: Version;
  readonly report: Report;
  /** An empty folder for this row alone, removed after it. */
  readonly folder: string;
  /** Folder of documentation sets with a `sets.json`; null: rows on real sites are left out. */
  readonly docs: string | null;
}

/** Measures a row of the table and reports it. */
export type Row = (bench: Bench) => Promise<void>;

/** The version before, then the working tree. */
const versionsOf = ({ before }: Bench): readonly [Version, Version] => [before, NOW];

/** A folder in which one version runs, with its own store. */
export interface Home {
  readonly version: Version;
  readonly folder: string;
  /** The store's. */
  readonly uri: string;
}

/** Makes a folder with a configuration that every version reads. Default provider: `mock`. */
async function makeHome(
  { folder }: Pick<Bench, "folder">,
  version: Version,
  settings: SiteragConfig,
): Promise<Home> {
  const home = join(folder, `home-${version.name}`);
  await mkdir(home, { recursive: true });
  const own = { embedding: { provider: "mock" }, ...settings, store: { uri: "db" } };
  await writeFile(join(home, "siterag.config.json"), JSON.stringify(own));
  return { version, folder: home, uri: join(home, "db") };
}

/** The same for both versions. */
export const makeHomes = async (
  bench: Bench,
  settings: SiteragConfig,
): Promise<readonly [Home, Home]> => {
  const [before, now] = versionsOf(bench);
  return [await makeHome(bench, before, settings), await makeHome(bench, now, settings)];
};

/** A command of siterag in a home. */
export const siterag = (
  { folder, version }: Home,
  args: readonly string[],
  emulator?: Pick<Emulator, "key" | "url">,
): Program => ({
  command: [fileOf(version, "dist/cli/bin.js"), ...args],
  cwd: folder,
  ...(emulator === undefined ? {} : { environment: environmentOf(emulator) }),
});

/** The variables with which a program uses an emulator. */
export const environmentOf = ({ key, url }: Pick<Emulator, "key" | "url">) => ({
  GEMINI_API_KEY: key,
  GOOGLE_GEMINI_BASE_URL: url,
});

/** Indexes a site into an empty store. */
export async function coldIndex(
  home: Home,
  emulator?: Pick<Emulator, "key" | "url">,
): Promise<Cost> {
  await rm(home.uri, { recursive: true, force: true });
  return run(siterag(home, ["index", "--json"], emulator));
}
