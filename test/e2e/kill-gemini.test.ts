import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { rowsOf } from "../support/docs-site.ts";
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

const PAGES = 60;
const KILLS = 20;
const BATCHING = { strategy: "individual", textsPerCall: 10, maxParallelIndividual: 5 } as const;
/** What may be under way, and so uncommitted, at any instant. */
const MOST_PAID_TWICE = BATCHING.textsPerCall * BATCHING.maxParallelIndividual;
const LATENCY_MS = 20;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "siterag-kill-gemini-"));
  await writeGeneratedSite(join(folder, "docs"), PAGES);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it(`pays twice for no more than was under way at a kill, at any of ${KILLS} instants`, async () => {
  const whole = await makeHome("whole", await openEmulator());
  const { texts } = await runIndex(whole);
  const expected = await fingerprintsById(whole.config);
  const committedAtKill: number[] = [];

  for (let kill = 0; kill < KILLS; kill += 1) {
    const emulator = await openEmulator();
    const home = await makeHome(`kill-${kill}`, emulator);
    const calls = Math.min(kill + 1, Math.floor(texts / BATCHING.textsPerCall));
    await killIndex(home, async (signal) => {
      await callsArrived(emulator, calls, signal);
      await afterMs((kill * 7) % (2 * LATENCY_MS))(signal);
    });
    const committed = await committedFingerprints(home.config);
    const seenAtKill = emulator.seen.texts.length;
    const again = await runIndex(home);
    expect(again.texts, `texts of the run after kill ${kill}`).toBe(texts - committed.size);
    expect(await fingerprintsById(home.config)).toEqual(expected);
    expect(emulator.billed.duplicates).toBeLessThanOrEqual(MOST_PAID_TWICE);
    expect(emulator.billed.texts - emulator.billed.duplicates).toBe(texts);
    const sentAgain = fingerprintsOf(
      emulator.seen.texts.slice(seenAtKill),
      await rowsOf(home.config),
    );
    expect(sentAgain.filter((fingerprint) => committed.has(fingerprint))).toEqual([]);
    committedAtKill.push(committed.size);
    await rm(home.folder, { recursive: true });
  }

  const midway = committedAtKill.filter((committed) => committed > 0 && committed < texts);
  expect(midway.length, `committed at the kills: ${committedAtKill.join()}`).toBeGreaterThan(3);
});

/** Resolves when so many calls have come in, or the run has ended. */
async function callsArrived(emulator: Emulator, calls: number, signal: AbortSignal): Promise<void> {
  while (emulator.seen.calls < calls && !signal.aborted) await afterMs(1)(signal);
}

async function openEmulator(): Promise<Emulator> {
  const emulator = await startEmulator({ latencyMs: LATENCY_MS });
  onTestFinished(() => emulator.close());
  return emulator;
}

const makeHome = (name: string, emulator: Emulator): Promise<IndexHome> =>
  makeEmulatedHome(
    join(folder, name),
    { content: { root: join(folder, "docs") }, batching: BATCHING },
    emulator,
  );

/** The chunks of which texts as they were sent, `title: … | text: …`, were made. */
function fingerprintsOf(
  sent: readonly string[],
  rows: ReadonlyMap<string, { readonly text: string; readonly fingerprint: string }>,
): string[] {
  const byText = new Map([...rows.values()].map(({ text, fingerprint }) => [text, fingerprint]));
  expect(byText.size, "texts of the site that are not equal").toBe(rows.size);
  return sent.map((text) => byText.get(text.replace(/^title: .*? \| text: /su, "")) ?? text);
}
