import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startBuild } from "../../src/adapters/site-build.ts";
import { loadConfig } from "../../src/providers/load-config.ts";
import { record } from "../cli/recording.ts";
import type { Recorded } from "../cli/recording.ts";
import { faultsOf } from "../support/cli-contract.ts";
import { plainRows } from "../support/docs-site.ts";
import type { PlainRow } from "../support/docs-site.ts";
import { startEmulator } from "../support/emulator/emulator.ts";
import type { Emulator } from "../support/emulator/emulator.ts";
import { recordProcess } from "../support/record-process.ts";
import { casesOf, named, SEEDS } from "../support/seeds.ts";

const CASES = 10;
/** Only a process of its own shows what LanceDB itself writes. */
const ONE_PROCESS_IN = 5;
const PAGES = 8;
const SETTINGS = {
  embedding: { provider: "gemini", dimensions: 128 },
  generation: { model: "gemini-3.8-flash", enrich: "context" },
  batching: { strategy: "individual" },
  limits: { tier: "tier3" },
  search: { queries: ["What does page 3 say?"] },
};

/** What was paid for; everything else can be made again from it. */
const isPaid = (table: string): boolean => /^(?:vectors_.*|contexts|jobs)\.lance$/u.test(table);

/** What can befall a file; null: it is gone. */
const HARMS: Readonly<Record<string, (bytes: Buffer, random: number) => Uint8Array | null>> = {
  deleted: () => null,
  emptied: () => Buffer.alloc(0),
  halved: (bytes) => bytes.subarray(0, bytes.length / 2),
  zeroed: (bytes) => Buffer.alloc(bytes.length),
  overwritten: (bytes, random) => bytes.map((byte, at) => byte ^ (at * random + 1)),
  prolonged: (bytes) => Buffer.concat([bytes, Buffer.from("garbage")]),
};
/** What can befall a table as a whole. */
const WHOLE_TABLE: Readonly<Record<string, (table: string) => Promise<void>>> = {
  "table deleted": (table) => rm(table, { recursive: true, force: true }),
  "versions deleted": (table) => rm(join(table, "_versions"), { recursive: true, force: true }),
  "data deleted": (table) => rm(join(table, "data"), { recursive: true, force: true }),
};
const leave = (): Promise<void> => Promise.resolve();

const DAMAGE = fc.record({
  table: fc.nat(1000),
  file: fc.nat(1000),
  harm: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...Object.keys(HARMS)) },
    { weight: 1, arbitrary: fc.constantFrom(...Object.keys(WHOLE_TABLE)) },
  ),
});
const DAMAGES = fc.array(DAMAGE, { minLength: 1, maxLength: 3 });

let whole: string;
let emulator: Emulator;
let env: Readonly<Record<string, string>>;
let expected: readonly PlainRow[];

/** A store with all its tables, from which each case takes a copy. */
beforeAll(async () => {
  whole = await realpath(await mkdtemp(join(tmpdir(), "siterag-fuzz-store-")));
  emulator = await startEmulator({ jobMs: 10 });
  env = { GEMINI_API_KEY: emulator.key, GOOGLE_GEMINI_BASE_URL: emulator.url };
  await writeFile(join(whole, "siterag.config.json"), JSON.stringify(SETTINGS));
  await mkdir(join(whole, "docs"));
  for (let page = 0; page < PAGES; page += 1) {
    await writeFile(join(whole, `docs/${page}.md`), `# Page ${page}\n\nIt says ${page}.\n`);
  }
  // Jobs leave a ledger, and a site generator's build leaves queries.
  const ordering = { ...env, SITERAG_BATCHING_STRATEGY: "batch" };
  const ordered = await record(["index"], { cwd: whole, env: ordering });
  if (ordered.exitCode !== 0) throw new Error(ordered.stderr);
  const silent = { info: () => undefined, warn: () => undefined };
  const site = { host: "fake", root: whole, options: {}, found: {}, environment: env };
  await startBuild({ ...site, logger: silent });
  expected = await rowsIn(whole);
});
afterAll(async () => {
  await emulator.close();
  await rm(whole, { recursive: true, force: true });
});

it.each(SEEDS)(`recovers from ${CASES} damages of seed %i, or says what is lost`, async (seed) => {
  expect(expected).toHaveLength(PAGES);
  const wrong: string[] = [];
  for (const one of casesOf(seed, CASES, DAMAGES)) {
    const cwd = `${whole}-${seed}-${one.number}`;
    await cp(whole, cwd, { recursive: true });
    const tables = await damage(join(cwd, ".siterag/db"), one.value);
    const run = one.number % ONE_PROCESS_IN === 0 ? recordProcess : record;
    const faults = await faultsAfter(tables, cwd, (...argv) => run(argv, { cwd, env }));
    wrong.push(...faults.map((fault) => `${fault}\n  ${tables.join(", ")} in ${named(one)}`));
    await rm(cwd, { recursive: true, force: true });
  }
  expect(wrong, wrong.join("\n")).toEqual([]);
});

/** Harms the files, and returns the tables that were hit. */
async function damage(store: string, damages: readonly Damage[]): Promise<string[]> {
  const hit = new Set<string>();
  for (const { file, harm, table: number } of damages) {
    const tables = (await readdir(store)).filter((name) => name.endsWith(".lance")).sort();
    const table = tables[number % tables.length] ?? "";
    hit.add(table);
    const change = HARMS[harm];
    if (change === undefined) {
      await (WHOLE_TABLE[harm] ?? leave)(join(store, table));
      continue;
    }
    const entries = await readdir(join(store, table), {
      recursive: true,
      withFileTypes: true,
    }).catch(() => []);
    const files = entries
      .flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : []))
      .sort();
    const path = files[file % files.length];
    if (path === undefined) continue;
    const bytes = change(await readFile(path), file);
    await (bytes === null ? rm(path) : writeFile(path, bytes));
  }
  return [...hit];
}

/** A run after the damage, and one more. */
async function faultsAfter(tables: readonly string[], cwd: string, run: Run): Promise<string[]> {
  const paid = tables.filter(isPaid);
  const argv = ["index", "--json"];
  const search = ["search", "page", "--mode", "text", "--json"];
  const searched = await run(...search);
  const before = bill();
  const first = await run(...argv);
  const faults = [
    ...faultsOf(search, searched, { exits: [0, 1, 2] }).map(
      (fault) => `search: ${fault}: ${shown(searched)}`,
    ),
    ...faultsOf(argv, first, { exits: paid.length === 0 ? [0] : [0, 1] }).map(
      (fault) => `index: ${fault}: ${shown(first)}`,
    ),
  ];
  // Without any version a paid table is one that was never written.
  if (paid.length === 0 && bill() !== before) faults.push("what is stored is paid for again");
  if (first.exitCode !== 0)
    return [...faults, ...(paid.length > 0 ? faultsOfStop(first, paid) : [])];
  if (warningsOf(first).length > 1)
    faults.push(`more than one warning: ${warningsOf(first).join(" ")}`);
  const recovered = bill();
  const again = await run(...argv);
  faults.push(
    ...faultsOf(argv, again, { exits: [0] }).map((fault) => `again: ${fault}: ${shown(again)}`),
  );
  if (again.exitCode === 0 && warningsOf(again).length > 0)
    faults.push(`a warning again: ${warningsOf(again).join(" ")}`);
  if (bill() !== recovered) faults.push("the second run pays");
  const found = await run(...search);
  faults.push(
    ...faultsOf(search, found, { exits: [0] }).map(
      (fault) => `search again: ${fault}: ${shown(found)}`,
    ),
  );
  const rows = await rowsIn(cwd).catch((error: unknown) => String(error));
  if (!isDeepStrictEqual(rows, expected))
    faults.push(`other rows than from scratch: ${cut(JSON.stringify(rows))}`);
  return faults;
}

/** A run that stops names the paid table, says what is lost, and which command goes on. */
function faultsOfStop({ stderr }: Recorded, paid: readonly string[]): string[] {
  const names = paid.map((table) => table.replace(/\.lance$/u, ""));
  return [
    ...(names.some((name) => stderr.includes(name)) ? [] : [`names no paid table: ${stderr}`]),
    ...(/`siterag [^`]+`/u.test(stderr) ? [] : [`names no command: ${stderr}`]),
    ...(/lost|again|paid/u.test(stderr) ? [] : [`does not say what is lost: ${stderr}`]),
  ];
}

type Run = (...argv: readonly string[]) => Promise<Recorded>;
type Damage = typeof DAMAGE extends fc.Arbitrary<infer Value> ? Value : never;

/** Everything that was paid for so far. */
const bill = (): string => JSON.stringify([emulator.billed, emulator.generation.billed]);

/** The index of a folder. */
async function rowsIn(cwd: string): Promise<PlainRow[]> {
  return plainRows((await loadConfig({ cwd })).config);
}

function warningsOf({ stdout }: Recorded): readonly string[] {
  const { warnings }: { readonly warnings: readonly string[] } = JSON.parse(stdout);
  return warnings;
}

const cut = (text: string): string => (text.length > 400 ? `${text.slice(0, 400)}…` : text);
const shown = ({ exitCode, stderr, stdout }: Recorded): string =>
  cut(`exit ${exitCode}, ${(stderr + stdout).trim()}`);
