import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startEmulator } from "../../test/support/emulator/emulator.ts";
import { coldIndex, environmentOf, makeHomes, type Row } from "./bench.ts";
import { setsIn } from "./docs-sets.ts";
import { inTurn, run } from "./processes.ts";
import { writeSite } from "./write-site.ts";

const RUNS = 5;
/** What a call of the Gemini API takes. */
const LATENCY_MS = 400;
const PARALLEL = 50;
const EMBED_MANY = fileURLToPath(new URL("inside/embed-many.mjs", import.meta.url));

/** A whole first index beside the AI SDK, which only embeds the same texts. */
export const coldCalls: Row = async (bench) => {
  const { before, folder, report } = bench;
  report.row(`cold, 1,000 chunks, individual, ${PARALLEL} calls in parallel, median of ${RUNS}`);
  const root = join(folder, "docs");
  await writeSite(root, 200);
  const [old, now] = await makeHomes(bench, {
    content: { root },
    embedding: { provider: "gemini" },
    batching: { strategy: "individual", maxParallelIndividual: PARALLEL },
  });
  const emulator = await startEmulator({ latencyMs: LATENCY_MS });
  try {
    await coldIndex(now, emulator);
    const texts = join(folder, "texts.json");
    await writeFile(texts, JSON.stringify(emulator.seen.texts));
    report.note(`${emulator.seen.texts.length} texts; a call takes ${LATENCY_MS} ms`);
    const sdk = {
      command: [EMBED_MANY, texts, String(PARALLEL)],
      cwd: folder,
      environment: environmentOf(emulator),
    };
    const of = await inTurn(RUNS, {
      old: () => coldIndex(old, emulator),
      now: () => coldIndex(now, emulator),
      sdk: () => run(sdk),
    });
    report.cost(before.name, of("old"));
    report.cost("now", of("now"));
    report.cost("embedMany of the AI SDK, the same texts", of("sdk"));
    report.bound("goal", "now / embedMany, wall", of("now").wallMs / of("sdk").wallMs, 1.3, " ×");
    report.bound("goal", "now / embedMany, CPU", of("now").cpuMs / of("sdk").cpuMs, 2, " ×");
  } finally {
    await emulator.close();
  }
};

/** The first index of documentation that people wrote, with the mock's vectors. */
export const coldRealSite: Row = async (bench) => {
  const { before, report } = bench;
  const set = (await setsIn(bench)).find(({ name }) => name === "eslint");
  report.row(`cold index of a real site, ${set?.files ?? 0} files of eslint, median of ${RUNS}`);
  if (set === undefined) return report.note("needs --docs with a set “eslint”");
  const [old, now] = await makeHomes(bench, { content: set.content });
  const of = await inTurn(RUNS, { old: () => coldIndex(old), now: () => coldIndex(now) });
  report.cost(before.name, of("old"));
  report.cost("now", of("now"));
  report.bound("must", `now / ${before.name}, CPU`, of("now").cpuMs / of("old").cpuMs, 0.4, " ×");
};
