import { cp } from "node:fs/promises";
import { join } from "node:path";
import { startEmulator } from "../../test/support/emulator/emulator.ts";
import { writeGeneratedSite } from "../../test/support/generated-site.ts";
import { coldIndex, makeHomes, type Bench, type Row } from "./bench.ts";
import { setsIn } from "./docs-sets.ts";
import { inTurn, type Cost } from "./processes.ts";
import { writeSite } from "./write-site.ts";

const MOST_MB = 450;
const WANTED_MB = 350;
const MOST_RATIO = 1.5;
const WANTED_RATIO = 1.2;
const REAL_PAGES = 2569;
const MANY = 20_000;
const FEW = 2000;

/** Indexes a site cold by both versions, once each, and reports what they took. */
async function peakOf(bench: Bench, title: string, root: string): Promise<Cost> {
  bench.report.row(`peak memory of a cold index, ${title}`);
  const [old, now] = await makeHomes(bench, { content: { root } });
  const of = await inTurn(1, { old: () => coldIndex(old), now: () => coldIndex(now) });
  bench.report.cost(bench.before.name, of("old"));
  bench.report.cost("now", of("now"));
  return of("now");
}

const boundPeak = ({ report }: Bench, { peakMb }: Cost): void => {
  report.bound("must", "peak", peakMb, MOST_MB, " MB");
  report.bound("goal", "peak", peakMb, WANTED_MB, " MB");
};

/** Real pages, repeated under other names until there are enough. */
export const memoryOfRealPages: Row = async (bench) => {
  const sets = await setsIn(bench);
  const root = join(bench.folder, "docs");
  for (let pages = 0, copy = 1; sets.length > 0 && pages < REAL_PAGES; copy += 1) {
    for (const { name, folder, files } of sets) {
      await cp(folder, join(root, `copy-${copy}`, name), { recursive: true });
      pages += files;
    }
  }
  if (sets.length === 0) bench.report.note("peak memory of real pages: needs --docs");
  else
    boundPeak(
      bench,
      await peakOf(bench, `${REAL_PAGES.toLocaleString("en")} real pages or more`, root),
    );
};

/** Memory must not grow with the site. */
export const memoryOfManyPages: Row = async (bench) => {
  const peaks: Cost[] = [];
  for (const pages of [FEW, MANY]) {
    const root = join(bench.folder, `docs-${pages}`);
    await writeGeneratedSite(root, pages);
    peaks.push(await peakOf(bench, `${pages.toLocaleString("en")} generated pages`, root));
  }
  const [few, many] = peaks;
  if (few === undefined || many === undefined) throw new Error("Nothing was measured.");
  boundPeak(bench, many);
  const ratio = many.peakMb / few.peakMb;
  const figure = `peak of ${MANY.toLocaleString("en")} pages / of ${FEW.toLocaleString("en")}`;
  bench.report.bound("must", figure, ratio, MOST_RATIO, " ×");
  bench.report.bound("goal", figure, ratio, WANTED_RATIO, " ×");
};

/** 4,000 pages of five chunks, all embedded by batch jobs. */
export const memoryOfJobs: Row = async (bench) => {
  bench.report.row("20,000 texts by batch jobs, against the emulator");
  const root = join(bench.folder, "docs");
  await writeSite(root, 4000);
  const [old, now] = await makeHomes(bench, {
    content: { root },
    embedding: { provider: "gemini" },
    batching: { strategy: "batch" },
    // So that all of them fit into jobs that run at the same time.
    limits: { tier: "tier3" },
  });
  const cold = async (home: typeof now): Promise<Cost> => {
    const emulator = await startEmulator({ jobMs: 5000 });
    try {
      return await coldIndex(home, emulator);
    } finally {
      await emulator.close();
    }
  };
  const of = await inTurn(1, { old: () => cold(old), now: () => cold(now) });
  bench.report.cost(bench.before.name, of("old"));
  bench.report.cost("now", of("now"));
  bench.report.bound("must", "peak", of("now").peakMb, 400, " MB");
};
