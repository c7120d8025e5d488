import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { configSchema } from "../../src/config/schema.ts";
import type { ResolvedConfig } from "../../src/config/schema.ts";
import { Database } from "../../src/store/lancedb.ts";
import { vectorsTableNamed } from "../../src/store/tables.ts";
import { rowsOf } from "../support/docs-site.ts";
import { writeGeneratedSite } from "../support/generated-site.ts";

const BIN = fileURLToPath(new URL("../../dist/cli/bin.js", import.meta.url));
const PAGES = 300;
const KILLS = 30;
const VECTORS = "vectors_mock_mock-embedding_768";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "siterag-kill-"));
  await writeGeneratedSite(join(folder, "docs"), PAGES);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it(`is right after a kill at any of ${KILLS} instants, and embeds nothing committed again`, async () => {
  const whole = await makeStore("whole");
  const started = performance.now();
  const { texts } = await runToTheEnd(whole);
  const durationMs = performance.now() - started;
  const expected = fingerprintsById(await rowsOf(whole.config));
  const committedAtKill: number[] = [];

  for (let kill = 0; kill < KILLS; kill += 1) {
    const store = await makeStore(`kill-${kill}`);
    const child = start(store);
    await Promise.race([wait((durationMs * (kill + 0.5)) / KILLS), once(child, "exit")]);
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    const committed = await countVectors(store.config);
    const again = await runToTheEnd(store);
    expect(again.texts, `texts of the run after kill ${kill}`).toBe(texts - committed);
    expect(fingerprintsById(await rowsOf(store.config))).toEqual(expected);
    expect(await countVectors(store.config)).toBe(texts);
    committedAtKill.push(committed);
    await rm(store.folder, { recursive: true });
  }

  const midway = committedAtKill.filter((committed) => committed > 0 && committed < texts);
  expect(midway.length, `committed at the kills: ${committedAtKill.join()}`).toBeGreaterThan(3);
});

interface Store {
  readonly folder: string;
  readonly config: ResolvedConfig;
}

async function makeStore(name: string): Promise<Store> {
  const home = join(folder, name);
  const settings = {
    content: { root: join(folder, "docs") },
    store: { uri: join(home, "db") },
    embedding: { provider: "mock" },
    batching: { strategy: "individual", textsPerCall: 10 },
  };
  await mkdir(home);
  await writeFile(join(home, "siterag.config.json"), JSON.stringify(settings));
  return { folder: home, config: configSchema.parse(settings) };
}

const start = (store: Store) =>
  spawn(process.execPath, [BIN, "index", "--json"], { cwd: store.folder });

async function runToTheEnd(store: Store): Promise<{ readonly texts: number }> {
  const child = start(store);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data) => (stdout += String(data)));
  child.stderr.on("data", (data) => (stderr += String(data)));
  await once(child, "close");
  expect(child.exitCode, stderr).toBe(0);
  const report: { usage: { texts: number } } = JSON.parse(stdout);
  return report.usage;
}

const fingerprintsById = (
  rows: ReadonlyMap<string, { fingerprint: string; vectorFingerprint: string | null }>,
): Record<string, string> =>
  Object.fromEntries(
    [...rows].map(([id, row]) => [id, `${row.fingerprint} ${row.vectorFingerprint}`]),
  );

async function countVectors(config: ResolvedConfig): Promise<number> {
  const database = await Database.connect(config.store.uri);
  const table = await database.open(vectorsTableNamed(VECTORS));
  const fingerprints = new Set<string>();
  if (table !== null) {
    for await (const row of table.scan(["fingerprint"])) fingerprints.add(row.fingerprint);
  }
  database.close();
  return fingerprints.size;
}
