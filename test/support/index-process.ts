import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { configSchema } from "../../src/providers/load-config.ts";
import type { ResolvedConfig, SiteragConfig } from "../../src/config/schema.ts";
import { Database } from "../../src/store/database.ts";
import { vectorsTable } from "../../src/store/tables.ts";
import { rowsOf } from "./docs-site.ts";
import type { Emulator } from "./emulator/emulator.ts";

const BIN = fileURLToPath(new URL("../../dist/cli/bin.js", import.meta.url));

/** A folder with its own configuration and store, in which the built `siterag index` runs. */
export interface IndexHome {
  readonly folder: string;
  readonly config: ResolvedConfig;
  /** Environment variables in addition to those of this process. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Creates the folder. `content.root` is resolved from it; the store is always inside. */
export async function makeIndexHome(
  folder: string,
  settings: SiteragConfig,
  environment: IndexHome["environment"] = {},
): Promise<IndexHome> {
  const own = { ...settings, store: { uri: join(folder, "db") } };
  await mkdir(folder);
  await writeFile(join(folder, "siterag.config.json"), JSON.stringify(own));
  return { folder, config: configSchema.parse(own), environment };
}

/** The same for a run that embeds 128 dimensions with an emulator. */
export const makeEmulatedHome = (
  folder: string,
  settings: SiteragConfig,
  { key, url }: Pick<Emulator, "key" | "url">,
): Promise<IndexHome> =>
  makeIndexHome(
    folder,
    { ...settings, embedding: { provider: "gemini", dimensions: 128 } },
    // An empty variable counts as unset, so a key of this machine is not used.
    { GOOGLE_API_KEY: "", GEMINI_API_KEY: key, GOOGLE_GEMINI_BASE_URL: url },
  );

/** The usage of a run, from `index --json`. */
interface RunUsage {
  readonly texts: number;
  readonly durationMs: number;
}

/** Runs to the end, which must be exit code 0; `durationMs` is the life of the process. */
export async function runIndex(home: IndexHome): Promise<RunUsage> {
  const started = performance.now();
  const child = start(home);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data) => (stdout += String(data)));
  child.stderr.on("data", (data) => (stderr += String(data)));
  await once(child, "close");
  expect(child.exitCode, stderr).toBe(0);
  const report: { usage: { texts: number } } = JSON.parse(stdout);
  return { texts: report.usage.texts, durationMs: performance.now() - started };
}

/** Kills a run at the given time, unless the signal says that it has already ended. */
export async function killIndex(
  home: IndexHome,
  instant: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const child = start(home);
  const ended = new AbortController();
  child.once("exit", () => ended.abort());
  await instant(ended.signal);
  child.kill("SIGKILL");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

/** A time to kill a run: `durationMs` after its start. */
export const afterMs =
  (durationMs: number) =>
  async (signal: AbortSignal): Promise<void> => {
    await wait(durationMs, undefined, { signal }).catch(() => undefined);
  };

const start = ({ folder, environment }: IndexHome): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, [BIN, "index", "--json"], {
    cwd: folder,
    env: { ...process.env, ...environment },
  });

/** The fingerprints of each row of the index, by its id. */
export async function fingerprintsById(config: ResolvedConfig): Promise<Record<string, string>> {
  const rows = await rowsOf(config);
  return Object.fromEntries(
    [...rows].map(([id, row]) => [id, `${row.fingerprint} ${row.vectorFingerprint}`]),
  );
}

/** Fingerprints of the vectors in the store. */
export async function committedFingerprints({
  embedding,
  store,
}: ResolvedConfig): Promise<Set<string>> {
  const database = await Database.connect(store.uri);
  const table = await database.open(vectorsTable({ ...embedding, taskForm: "" }));
  const fingerprints = new Set<string>();
  if (table !== null) {
    for await (const row of table.scan(["fingerprint"])) fingerprints.add(row.fingerprint);
  }
  database.close();
  return fingerprints;
}
