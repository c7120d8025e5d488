import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { writeGeneratedSite } from "../support/generated-site.ts";
import {
  afterMs,
  committedFingerprints,
  fingerprintsById,
  killIndex,
  makeIndexHome,
  runIndex,
} from "../support/index-process.ts";
import type { IndexHome } from "../support/index-process.ts";

const PAGES = 300;
const KILLS = 30;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "siterag-kill-"));
  await writeGeneratedSite(join(folder, "docs"), PAGES);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it(`is right after a kill at any of ${KILLS} instants, and embeds nothing committed again`, async () => {
  const whole = await makeHome("whole");
  const { texts, durationMs } = await runIndex(whole);
  const expected = await fingerprintsById(whole.config);
  const committedAtKill: number[] = [];

  for (let kill = 0; kill < KILLS; kill += 1) {
    const home = await makeHome(`kill-${kill}`);
    await killIndex(home, afterMs((durationMs * (kill + 0.5)) / KILLS));
    const committed = (await committedFingerprints(home.config)).size;
    const again = await runIndex(home);
    expect(again.texts, `texts of the run after kill ${kill}`).toBe(texts - committed);
    expect(await fingerprintsById(home.config)).toEqual(expected);
    expect((await committedFingerprints(home.config)).size).toBe(texts);
    committedAtKill.push(committed);
    await rm(home.folder, { recursive: true });
  }

  const midway = committedAtKill.filter((committed) => committed > 0 && committed < texts);
  expect(midway.length, `committed at the kills: ${committedAtKill.join()}`).toBeGreaterThan(3);
});

const makeHome = (name: string): Promise<IndexHome> =>
  makeIndexHome(join(folder, name), {
    content: { root: join(folder, "docs") },
    embedding: { provider: "mock" },
    batching: { strategy: "individual", textsPerCall: 10 },
  });
