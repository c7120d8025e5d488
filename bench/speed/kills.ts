import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { connect } from "@lancedb/lancedb";
import { startEmulator } from "../../test/support/emulator/emulator.ts";
import { makeHomes, siterag, type Home, type Row } from "./bench.ts";
import { kill } from "./processes.ts";
import { writeSite } from "./write-site.ts";

const KILLS = 20;
const TEXTS_PER_CALL = 20;
/** What a call of the Gemini API takes. */
const LATENCY_MS = 400;
const CALLS = 15;

/** Vectors in the store. */
async function committedIn(uri: string): Promise<number> {
  const database = await connect(uri);
  const names = await database.tableNames();
  const name = names.find((one) => one.startsWith("vectors_"));
  const count = name === undefined ? 0 : await (await database.openTable(name)).countRows();
  database.close();
  return count;
}

/** Kills a run soon after so many calls were answered: texts that were answered, but not committed. */
async function lostAtKill(home: Home, calls: number, afterMs: number): Promise<number> {
  const emulator = await startEmulator({ latencyMs: LATENCY_MS });
  try {
    await rm(home.uri, { recursive: true, force: true });
    await kill(siterag(home, ["index"], emulator), async (hasEnded) => {
      while (emulator.billed.calls < calls && !hasEnded()) await wait(1);
      await wait(afterMs);
    });
    return emulator.billed.texts - (await committedIn(home.uri));
  } finally {
    await emulator.close();
  }
}

/** Texts that are paid for twice because a run is killed between answer and commit. */
export const answeredNotCommitted: Row = async (bench) => {
  const { before, folder, report } = bench;
  report.row(
    `answered but not committed at ${KILLS} kills, calls of ${TEXTS_PER_CALL} texts, 5 in parallel`,
  );
  const root = join(folder, "docs");
  await writeSite(root, 60);
  const homes = await makeHomes(bench, {
    content: { root },
    embedding: { provider: "gemini" },
    batching: { strategy: "individual", textsPerCall: TEXTS_PER_CALL, maxParallelIndividual: 5 },
  });
  const lost = homes.map((): number[] => []);
  for (let at = 0; at < KILLS; at += 1) {
    const calls = 1 + (at % (CALLS - 1));
    for (const [of, home] of homes.entries()) {
      lost[of]?.push(await lostAtKill(home, calls, (at * 7) % 25));
    }
  }
  const inCalls = lost.map((texts) => texts.map((count) => count / TEXTS_PER_CALL));
  for (const [of, name] of [before.name, "now"].entries()) {
    const calls = (inCalls[of] ?? []).toSorted((one, other) => one - other);
    report.note(`${name}: calls lost at each kill: ${calls.join(" ")}`);
  }
  report.bound("goal", "most at a kill", Math.max(...(inCalls[1] ?? [])), 1, " calls");
};
