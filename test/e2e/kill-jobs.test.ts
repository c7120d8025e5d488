import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { startEmulator } from "../support/emulator/emulator.ts";
import type { Emulator } from "../support/emulator/emulator.ts";
import { writeGeneratedSite } from "../support/generated-site.ts";
import {
  afterMs,
  committedFingerprints,
  fingerprintsById,
  killIndex,
  makeEmulatedHome,
  runIndex,
} from "../support/index-process.ts";
import type { IndexHome } from "../support/index-process.ts";

const PAGES = 12;
const KILLS = 12;
const LATENCY_MS = 20;
const JOB_MS = 1500;
/** Three seconds: the run sees the job on its way, and, with the last look, at its end. */
const WAITS = { deadlineMinutes: 0.05 } as const;
const WAITS_FOR_NOTHING = { deadlineMinutes: 0 } as const;

let folder: string;
let expected: Readonly<Record<string, string>>;
/** Requests and texts of a run that nobody kills. */
let requests: number;
let texts: number;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "siterag-kill-jobs-"));
  await writeGeneratedSite(join(folder, "docs"), PAGES);
  const emulator = await startEmulator({ latencyMs: LATENCY_MS, jobMs: JOB_MS });
  const home = await makeHome("whole", emulator, WAITS);
  ({ texts } = await runIndex(home));
  expected = await fingerprintsById(home.config);
  requests = emulator.requests.length;
  await emulator.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it(`pays for nothing twice after a kill at any of ${KILLS} instants of a run with a job`, async () => {
  const killed: Killed[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) killed.push(await killAt(kill));
  expect(new Set(killed.map(({ jobs }) => jobs))).toEqual(new Set([0, 1]));
  expect(new Set(killed.map(({ committed }) => committed))).toEqual(new Set([0, texts]));

  // All at once: some have to wait until the lease of the one that was killed is over.
  await Promise.all(killed.map(({ home }) => runIndex(home)));
  for (const { home, emulator, request } of killed) {
    const what = `killed at request ${request} of ${requests}`;
    expect(await fingerprintsById(home.config), what).toEqual(expected);
    expect(emulator.billed, what).toMatchObject({ calls: 0, jobs: 1, texts, duplicates: 0 });
    expect(emulator.jobs, what).toHaveLength(1);
  }
});

it("collects a job on other machines, from copies of the store, and pays for nothing twice", async () => {
  const emulator = await openEmulator();
  const home = await makeHome("submitted", emulator, WAITS_FOR_NOTHING);
  expect(await runIndex(home)).toMatchObject({ texts });
  await expect
    .poll(() => emulator.jobs[0]?.state, { timeout: 10 * JOB_MS })
    .toBe("BATCH_STATE_SUCCEEDED");

  const copies = [await copyOf(home, "one", emulator), await copyOf(home, "other", emulator)];
  for (const copy of [...copies, ...copies]) {
    expect(await runIndex(copy)).toMatchObject({ texts: 0 });
    expect(await fingerprintsById(copy.config)).toEqual(expected);
  }
  expect(emulator.billed).toMatchObject({ calls: 0, jobs: 1, texts, duplicates: 0 });
});

interface Killed {
  readonly home: IndexHome;
  readonly emulator: Emulator;
  /** Which request was the last one to arrive, or the last but a few. */
  readonly request: number;
  /** Jobs of the account, and vectors in the store, when the run was dead. */
  readonly jobs: number;
  readonly committed: number;
}

async function killAt(kill: number): Promise<Killed> {
  const request = 1 + Math.floor((kill * requests) / KILLS);
  const emulator = await openEmulator();
  const home = await makeHome(`kill-${kill}`, emulator, WAITS);
  await killIndex(home, async (signal) => {
    while (emulator.requests.length < request && !signal.aborted) await afterMs(1)(signal);
    // Some while the request is on its way, some when it has been answered.
    await afterMs((kill * 17) % (2 * LATENCY_MS))(signal);
  });
  const committed = (await committedFingerprints(home.config)).size;
  return { home, emulator, request, jobs: emulator.jobs.length, committed };
}

async function openEmulator(): Promise<Emulator> {
  const emulator = await startEmulator({ latencyMs: LATENCY_MS, jobMs: JOB_MS });
  onTestFinished(() => emulator.close());
  return emulator;
}

const makeHome = (
  name: string,
  emulator: Emulator,
  batching: { readonly deadlineMinutes: number },
): Promise<IndexHome> =>
  makeEmulatedHome(
    join(folder, name),
    { content: { root: join(folder, "docs") }, batching },
    emulator,
  );

async function copyOf(home: IndexHome, name: string, emulator: Emulator): Promise<IndexHome> {
  const copy = await makeHome(name, emulator, WAITS_FOR_NOTHING);
  await cp(join(home.folder, "db"), join(copy.folder, "db"), { recursive: true });
  return copy;
}
