import { mkdtemp, readdir, rm } from "node:fs/promises";
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
const TEXTS_PER_CALL = 10;
/** The first kills come while pages are read, the last while the index is published. */
const WHILE_READING = 4;
const WHILE_EMBEDDING = 20;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "siterag-kill-"));
  await writeGeneratedSite(join(folder, "docs"), PAGES);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it(`is right after a kill at any of ${KILLS} instants, and embeds nothing committed again`, async () => {
  const whole = await makeHome("whole");
  const { texts } = await runIndex(whole);
  const expected = await fingerprintsById(whole.config);
  const committedAtKill: number[] = [];

  for (let kill = 0; kill < KILLS; kill += 1) {
    const home = await makeHome(`kill-${kill}`);
    await killIndex(home, kill < WHILE_READING ? afterMs(250 * kill) : midway(home, kill, texts));
    const committed = (await committedFingerprints(home.config)).size;
    const again = await runIndex(home);
    expect(again.texts, `texts of the run after kill ${kill}`).toBe(texts - committed);
    expect(await fingerprintsById(home.config)).toEqual(expected);
    expect((await committedFingerprints(home.config)).size).toBe(texts);
    committedAtKill.push(committed);
    await rm(home.folder, { recursive: true });
  }

  const partly = committedAtKill.filter((committed) => committed > 0 && committed < texts);
  expect(partly.length, `committed at the kills: ${committedAtKill.join()}`).toBeGreaterThan(3);
});

const makeHome = (name: string): Promise<IndexHome> =>
  makeIndexHome(join(folder, name), {
    content: { root: join(folder, "docs") },
    embedding: { provider: "mock" },
    batching: { strategy: "individual", textsPerCall: TEXTS_PER_CALL },
  });

/** When a share of the texts has been committed, all of them at last, and a moment later. */
const midway =
  (home: IndexHome, kill: number, texts: number) =>
  async (signal: AbortSignal): Promise<void> => {
    const share = Math.min((kill - WHILE_READING) / WHILE_EMBEDDING, 1);
    await commitsMade(home, Math.ceil((share * texts) / TEXTS_PER_CALL), signal);
    await afterMs((kill * 17) % 100)(signal);
  };

/**
 * Resolves when so many answers have been committed, or the run has ended. LanceDB keeps a file for
 * each version of a table, the first of which is empty.
 */
async function commitsMade(home: IndexHome, commits: number, signal: AbortSignal): Promise<void> {
  const versions = join(home.folder, "db/vectors_mock_mock-embedding_768.lance/_versions");
  const made = async (): Promise<number> => (await readdir(versions).catch(() => [])).length - 1;
  while ((await made()) < commits && !signal.aborted) await afterMs(2)(signal);
}
