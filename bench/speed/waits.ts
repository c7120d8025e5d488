import { join } from "node:path";
import { SmartGeminiClient } from "../../src/index.ts";
import { startEmulator, type Emulator } from "../../test/support/emulator/emulator.ts";
import { coldIndex, makeHomes, type Row } from "./bench.ts";
import { count } from "../../src/words/amounts.ts";
import { writeSite } from "./write-site.ts";

const JOB_MS = 35_000;
/** What a call of the Gemini API takes. */
const LATENCY_MS = 400;

/** How long a run waits for a job; both versions wait at the same time. */
export const waitForJob: Row = async (bench) => {
  const { before, folder, report } = bench;
  report.row("a job of 35 s that a run waits for");
  const root = join(folder, "docs");
  await writeSite(root, 4);
  const homes = await makeHomes(bench, { content: { root }, embedding: { provider: "gemini" } });
  const [old, now] = await Promise.all(
    homes.map(async (home) => {
      const emulator = await startEmulator({ jobMs: JOB_MS });
      const cost = await coldIndex(home, emulator);
      await emulator.close();
      return cost;
    }),
  );
  if (old === undefined || now === undefined) throw new Error("Nothing was measured.");
  report.cost(before.name, old);
  report.cost("now", now);
  const most = 1.1 * (JOB_MS / 1000) + 2;
  report.bound("goal", "the whole run", now.wallMs / 1000, most, " s");
};

/** Time until so many texts have their vectors, when so many are sent together. */
async function secondsFor(emulator: Emulator, texts: number, wanted: number): Promise<number> {
  const client = new SmartGeminiClient({ apiKey: emulator.key, baseUrl: emulator.url });
  const requests = Array.from({ length: texts }, (_, at) => ({ text: `Text ${at} of ${texts}.` }));
  const begin = performance.now();
  let done = 0;
  for await (const { result } of client.embedContentStream(requests)) {
    if (result.status === "ok") done += 1;
    if (done === wanted) break;
  }
  return (performance.now() - begin) / 1000;
}

/** Those who wait for few texts. */
export const fewTexts: Row = async ({ report }) => {
  report.row(`few texts, by the client, a call takes ${LATENCY_MS} ms`);
  const emulator = await startEmulator({ latencyMs: LATENCY_MS });
  try {
    const client = new SmartGeminiClient({ apiKey: emulator.key, baseUrl: emulator.url });
    const begin = performance.now();
    await client.embedText("How do I start?", { taskType: "RETRIEVAL_QUERY" });
    report.bound("must", "a single query", (performance.now() - begin) / 1000, 3, " s");
    for (const texts of [1, 2, 3]) {
      report.bound("must", count(texts, "text"), await secondsFor(emulator, texts, texts), 5, " s");
    }
    for (const texts of [4, 5]) {
      // Three go in a call, the others in a job, if it would hold more than one.
      const seconds = await secondsFor(emulator, texts, 3);
      report.bound("must", `the urgent 3 of ${texts} texts`, seconds, 5, " s");
    }
  } finally {
    await emulator.close();
  }
};
