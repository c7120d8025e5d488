import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import type { SiteragConfig } from "../../src/config/schema.ts";
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
/** Half of the waits of the kills are shorter, half longer. */
const LATENCY_MS = 20;
const JOB_MS = 1500;
/** Three seconds: the run sees the job on its way, and, with the last look, at its end. */
const WAITS = { deadlineMinutes: 0.05 } as const;
const WAITS_FOR_NOTHING = { deadlineMinutes: 0 } as const;

/** Three texts go by a call, and the others as a job. */
const URGENT = 3;
const HYBRID = { ...WAITS, batchThreshold: 1000, urgentCount: URGENT } as const;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "siterag-kill-jobs-"));
  await writeGeneratedSite(join(folder, "docs"), PAGES);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each([
  { road: "batch", kills: 12, batching: WAITS, twice: 0, byCalls: 0 },
  { road: "hybrid", kills: 10, batching: HYBRID, twice: URGENT, byCalls: URGENT },
])(
  "pays for no job twice after a kill at any of $kills instants of a $road run",
  async ({ road, kills, batching, twice, byCalls }) => {
    const { expected, requests, texts } = await wholeRun(road, batching);
    const killed: Killed[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      const request = 1 + Math.floor((kill * requests) / kills);
      killed.push(await killAt(`${road}-${kill}`, batching, request, (kill * 17) % 40));
    }
    expect(new Set(killed.map(({ jobs }) => jobs))).toEqual(new Set([0, 1]));
    const committed = new Set(killed.map((one) => one.committed));
    expect(committed).toEqual(new Set([0, byCalls, texts]));

    // All at once: some have to wait until the lease of the one that was killed is over.
    await Promise.all(killed.map(({ home }) => runIndex(home)));
    for (const { home, emulator, request } of killed) {
      const what = `killed at request ${request} of ${requests}`;
      // On a slow machine that run may have left its job at the deadline.
      await ended(emulator);
      await runIndex(home);
      expect(await fingerprintsById(home.config), what).toEqual(expected);
      const { duplicates, jobs } = emulator.billed;
      expect(jobs, what).toBe(1);
      expect([0, twice], what).toContain(duplicates);
      expect(emulator.billed.texts - duplicates, what).toBe(texts);
      expect(emulator.jobs, what).toHaveLength(1);
    }
  },
);

it("collects a job on other machines, from copies of the store, and pays for nothing twice", async () => {
  const { expected, texts } = await wholeRun("copied", WAITS);
  const emulator = await openEmulator();
  const home = await makeHome("submitted", emulator, WAITS_FOR_NOTHING);
  expect(await runIndex(home)).toMatchObject({ texts });
  await ended(emulator);

  const copies = [await copyOf(home, "one", emulator), await copyOf(home, "other", emulator)];
  for (const copy of [...copies, ...copies]) {
    expect(await runIndex(copy)).toMatchObject({ texts: 0 });
    expect(await fingerprintsById(copy.config)).toEqual(expected);
  }
  expect(emulator.billed).toMatchObject({ calls: 0, jobs: 1, texts, duplicates: 0 });
});

type Batching = NonNullable<SiteragConfig["batching"]>;

const ended = (emulator: Emulator): Promise<void> =>
  expect
    .poll(() => emulator.jobs[0]?.state, { timeout: 10 * JOB_MS })
    .toBe("BATCH_STATE_SUCCEEDED");

interface Killed {
  readonly home: IndexHome;
  readonly emulator: Emulator;
  /** Which request was the last one to arrive, or the last but a few. */
  readonly request: number;
  /** Jobs of the account, and vectors in the store, when the run was dead. */
  readonly jobs: number;
  readonly committed: number;
}

/** A run that nobody kills. */
async function wholeRun(road: string, batching: Batching) {
  const emulator = await openEmulator();
  const home = await makeHome(`whole-${road}`, emulator, batching);
  const { texts } = await runIndex(home);
  const expected = await fingerprintsById(home.config);
  return { texts, expected, requests: emulator.requests.length };
}

async function killAt(
  name: string,
  batching: Batching,
  request: number,
  waitMs: number,
): Promise<Killed> {
  const emulator = await openEmulator();
  const home = await makeHome(name, emulator, batching);
  await killIndex(home, async (signal) => {
    while (emulator.requests.length < request && !signal.aborted) await afterMs(1)(signal);
    // Some while the request is on its way, some when it has been answered.
    await afterMs(waitMs)(signal);
  });
  const committed = (await committedFingerprints(home.config)).size;
  return { home, emulator, request, jobs: emulator.jobs.length, committed };
}

async function openEmulator(): Promise<Emulator> {
  const emulator = await startEmulator({ latencyMs: LATENCY_MS, jobMs: JOB_MS });
  onTestFinished(() => emulator.close());
  return emulator;
}

const makeHome = (name: string, emulator: Emulator, batching: Batching): Promise<IndexHome> =>
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
