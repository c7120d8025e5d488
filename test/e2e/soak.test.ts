import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { faultsOf } from "../support/cli-contract.ts";
import { plainRows } from "../support/docs-site.ts";
import type { PlainRow } from "../support/docs-site.ts";
import { startEmulator } from "../support/emulator/emulator.ts";
import type { Emulator } from "../support/emulator/emulator.ts";
import {
  afterMs,
  committedFingerprints,
  killIndex,
  makeEmulatedHome,
} from "../support/index-process.ts";
import type { IndexHome } from "../support/index-process.ts";
import { recordProcess } from "../support/record-process.ts";
import { casesOf, SEEDS } from "../support/seeds.ts";
import { tracesInStore } from "../support/traces-in-store.ts";

const [SEED] = SEEDS;
const PAGES = 30;
const EDITS = 60;
/** Faults end; so many runs complete the index, the last without an incident. */
const LAST_RUNS = 5;
const SETTLING = { maxRetries: 3, initialBackoffMs: 20, maxBackoffMs: 50 };
/** What may be under way, and so uncommitted, at a kill. */
const BATCHING = { textsPerCall: 2, maxParallelIndividual: 2 };
const MOST_TWICE = BATCHING.textsPerCall * BATCHING.maxParallelIndividual;
const ARGV = ["index", "--json"];
/** A run waits until the lease of a killed one on its job is over: 45 seconds. */
const LONGEST_MS = 100_000;

const FAULTS = [
  "unavailable",
  "rate-limited",
  "internal",
  "reset-after",
  "cut-body",
  "malformed-json",
  "short-answer",
  "job-failed",
  "create-cut-after",
  "create-unavailable-after",
  "download-drop",
  "row-missing",
] as const;

interface Page {
  readonly path: string;
  /** A word for each text that the page ever had, the present one last. */
  readonly markers: readonly string[];
  readonly isDraft: boolean;
  readonly isExcluded: boolean;
  readonly isIgnored: boolean;
}

const isShown = ({ isDraft, isExcluded, isIgnored }: Page): boolean =>
  !isDraft && !isExcluded && !isIgnored;

/** What an edit makes of the page that it meets; an empty list removes it. */
const EDITS_OF_PAGE: Readonly<Record<string, (page: Page, edit: number) => readonly Page[]>> = {
  add: (page, edit) => [page, pageOf(`new-${edit}.md`, `qnew${edit}q`)],
  change: (page, edit) => [{ ...page, markers: [...page.markers, `qedit${edit}q`] }],
  remove: () => [],
  rename: (page, edit) => [{ ...page, path: `renamed-${edit}.md` }],
  draft: (page) => [{ ...page, isDraft: true }],
  exclude: (page) => [{ ...page, isExcluded: true }],
  ignore: (page) => [{ ...page, isIgnored: true }],
  show: (page) => [{ ...page, isDraft: false, isExcluded: false, isIgnored: false }],
};

const EDIT = fc.record({
  kind: fc.constantFrom(...Object.keys(EDITS_OF_PAGE)),
  page: fc.nat(1000),
  /** Whether a run follows, and what happens to it. */
  run: fc.constantFrom("none", "none", "none", "whole", "killed", "killed"),
  effects: fc.integer({ min: 1, max: 25 }),
  fault: fc.option(fc.constantFrom(...FAULTS)),
});

const pageOf = (path: string, marker: string): Page => ({
  path,
  markers: [marker],
  isDraft: false,
  isExcluded: false,
  isIgnored: false,
});

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "siterag-soak-")));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it(`is equal to a new index after ${EDITS} edits with kills and faults, seed ${SEED}`, async () => {
  const emulator = await openEmulator();
  const home = await makeHome("soak", emulator);
  let pages = Array.from({ length: PAGES }, (_, at) => pageOf(`page-${at}.md`, `qpage${at}q`));
  const words = new Set<string>();
  const ledger = new Ledger(home, emulator);
  let incidents = 0;
  for (const { number, value } of casesOf(SEED, EDITS, EDIT)) {
    const met = value.page % pages.length;
    pages = pages.flatMap((page, at) => (at === met ? edited(page, value.kind, number) : [page]));
    pages.forEach(({ markers }) => markers.forEach((marker) => words.add(marker)));
    await writeSite(home, pages);
    if (value.run === "none") continue;
    await ledger.note();
    if (value.fault !== null) emulator.addFault({ name: value.fault, times: 1 });
    incidents += (value.fault === null ? 0 : 1) + (value.run === "killed" ? 1 : 0);
    await (value.run === "killed"
      ? killAfter(home, emulator, value.effects)
      : runWell(home, [0, 1]));
  }
  await completed(home, ledger);

  const scratch = await makeHome("scratch", await openEmulator());
  await writeSite(scratch, pages);
  await runWell(scratch, [0], { SITERAG_BATCHING_STRATEGY: "individual" });
  const expected = await plainRows(scratch.config);
  expect(await plainRows(home.config)).toEqual(expected);
  const shown = new Set(pages.filter(isShown).flatMap(({ markers }) => markers));
  const gone = [...words].filter((word) => !shown.has(word));
  expect(gone.length).toBeGreaterThan(EDITS / 6);
  expect(await tracesInStore(join(home.folder, "db"), gone), "words of hidden pages").toEqual([]);
  expect(await ledger.paidTwice(expected), "texts sent though committed").toEqual([]);
  expect(emulator.billed.duplicates).toBeLessThanOrEqual(incidents * MOST_TWICE);
}, 600_000);

const edited = (page: Page, kind: string, edit: number): readonly Page[] =>
  EDITS_OF_PAGE[kind]?.(page, edit) ?? [page];

/** What every run found committed, and what it then sent. */
class Ledger {
  readonly #home: IndexHome;
  readonly #emulator: Emulator;
  readonly #runs: { readonly committed: ReadonlySet<string>; readonly seenBefore: number }[] = [];
  readonly #fingerprints = new Map<string, string>();

  constructor(home: IndexHome, emulator: Emulator) {
    this.#home = home;
    this.#emulator = emulator;
  }

  /** Call it before each run. */
  async note(): Promise<void> {
    const seenBefore = this.#emulator.seen.texts.length;
    this.#runs.push({ committed: await committedFingerprints(this.#home.config), seenBefore });
    this.#learn(await plainRows(this.#home.config).catch(() => []));
  }

  /** The words of all texts that a run has sent though their vectors were stored. */
  async paidTwice(rows: readonly PlainRow[]): Promise<string[]> {
    this.#learn(rows);
    const { texts } = this.#emulator.seen;
    return this.#runs.flatMap(({ committed, seenBefore }, run) =>
      texts
        .slice(seenBefore, this.#runs[run + 1]?.seenBefore)
        .map(markerOf)
        .filter((marker) => committed.has(this.#fingerprints.get(marker) ?? "")),
    );
  }

  #learn(rows: readonly PlainRow[]): void {
    for (const { text, vectorFingerprint } of rows) {
      if (vectorFingerprint !== null) this.#fingerprints.set(markerOf(text), vectorFingerprint);
    }
  }
}

const markerOf = (text: string): string => /q[a-z]+\d+q/u.exec(text)?.[0] ?? "";

/** Its sentences of context hold the word of their passage. */
async function openEmulator(): Promise<Emulator> {
  const answer = ({ prompt }: { readonly prompt: string }): string =>
    `It is about ${markerOf(prompt)}.`;
  const emulator = await startEmulator({ latencyMs: 5, jobMs: 300, answer });
  onTestFinished(() => emulator.close());
  return emulator;
}

const SETTINGS = {
  calls: SETTLING,
  generation: { model: "gemini-3.8-flash", enrich: "context" },
  limits: { tier: "tier3" },
} as const;

async function makeHome(name: string, emulator: Emulator): Promise<IndexHome> {
  const content = { root: "docs" };
  return makeEmulatedHome(
    join(folder, name),
    { ...SETTINGS, content, batching: { ...BATCHING, deadlineMinutes: 0.05 } },
    emulator,
  );
}

/** Writes all files anew; what is the same is the same to the index. */
async function writeSite({ folder: home }: IndexHome, pages: readonly Page[]): Promise<void> {
  const docs = join(home, "docs");
  await rm(docs, { recursive: true, force: true });
  await mkdir(docs);
  for (const { isDraft, markers, path } of pages) {
    const frontmatter = isDraft ? "---\ndraft: true\n---\n\n" : "";
    await writeFile(join(docs, path), `${frontmatter}# Page\n\nHere stands ${markers.at(-1)}.\n`);
  }
  const pathsOf = (which: "isExcluded" | "isIgnored"): string[] =>
    pages.flatMap((page) => (page[which] ? [page.path] : []));
  await writeFile(join(docs, ".siteragignore"), `${pathsOf("isIgnored").join("\n")}\n`);
  const settings = {
    ...SETTINGS,
    content: { root: "docs", exclude: pathsOf("isExcluded") },
    embedding: { provider: "gemini", dimensions: 128 },
    batching: { ...BATCHING, deadlineMinutes: 0.05 },
    store: { uri: "db" },
  };
  await writeFile(join(home, "siterag.config.json"), JSON.stringify(settings));
}

/** Runs to the end, and keeps the contract of the command line. */
async function runWell(
  { environment, folder: cwd }: IndexHome,
  exits: readonly number[],
  more = {},
) {
  const env = { ...environment, ...more };
  const recorded = await recordProcess(ARGV, { cwd, env, longestMs: LONGEST_MS });
  expect(faultsOf(ARGV, recorded, { exits }), recorded.stderr).toEqual([]);
  const report: { chunks: { pending: number }; warnings: readonly string[] } = JSON.parse(
    recorded.stdout,
  );
  return { ...report, exitCode: recorded.exitCode };
}

/** Kills a run after so many requests to the service and versions of tables, unless it ends before. */
async function killAfter(home: IndexHome, emulator: Emulator, effects: number): Promise<void> {
  const count = async (): Promise<number> => emulator.requests.length + (await versionsIn(home));
  const before = await count();
  await killIndex(home, async (signal) => {
    while ((await count()) < before + effects && !signal.aborted) await afterMs(10)(signal);
  });
  // What was on its way arrives.
  await afterMs(50)(AbortSignal.timeout(1000));
}

async function versionsIn({ folder: home }: IndexHome): Promise<number> {
  const files = await readdir(join(home, "db"), { recursive: true }).catch(() => []);
  return files.filter((file) => file.includes("_versions")).length;
}

/** Runs until nothing is pending, at last without a word. */
async function completed(home: IndexHome, ledger: Ledger): Promise<void> {
  for (let run = 1; run <= LAST_RUNS; run += 1) {
    await ledger.note();
    const { chunks, exitCode, warnings } = await runWell(home, [0, 1]);
    if (exitCode === 0 && chunks.pending === 0 && warnings.length === 0) return;
    // A job takes a moment.
    await afterMs(1000)(AbortSignal.timeout(LONGEST_MS));
  }
  expect.fail(`The index is not complete after ${LAST_RUNS} runs.`);
}
