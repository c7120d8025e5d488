import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { makeHomes, siterag, type Bench, type Home, type Row } from "./bench.ts";
import { inTurn, run, type Cost } from "./processes.ts";
import { writeSite } from "./write-site.ts";

const RUNS = 3;
const SEARCH = fileURLToPath(new URL("inside/search.mjs", import.meta.url));
const RELATED = fileURLToPath(new URL("inside/related.mjs", import.meta.url));
const EXACT = fileURLToPath(new URL("inside/exact-related.mjs", import.meta.url));

const SEARCHED = z.object({ wallMs: z.number(), cpuMs: z.number(), atOnceMs: z.number() });

/** Two indexed homes on one site of five chunks a page. */
async function indexed(bench: Bench, pages: number): Promise<readonly [Home, Home]> {
  const root = join(bench.folder, `docs-${pages}`);
  await writeSite(root, pages);
  const homes = await makeHomes(bench, { content: { root } });
  for (const home of homes) await run(siterag(home, ["index"]));
  return homes;
}

/** What one search takes, and the most memory of the process, with twenty searches at once. */
async function searchCost({ folder, version }: Home): Promise<Cost> {
  const { peakMb, stdout } = await run({ command: [SEARCH, version.root, folder], cwd: folder });
  const { cpuMs, wallMs } = SEARCHED.parse(JSON.parse(stdout));
  return { wallMs, cpuMs, peakMb };
}

const hybridSearch =
  (pages: number, most: number): Row =>
  async (bench) => {
    const { before, report } = bench;
    const chunks = (pages * 5).toLocaleString("en");
    const title = `hybrid search in one process, ${chunks} chunks: one search, then 20 at once`;
    report.row(`${title} (peak), median of ${RUNS}`);
    const [old, now] = await indexed(bench, pages);
    const of = await inTurn(RUNS, { old: () => searchCost(old), now: () => searchCost(now) });
    report.cost(before.name, of("old"));
    report.cost("now", of("now"));
    const ratio = of("now").wallMs / of("old").wallMs;
    report.bound("must", `now / ${before.name}, wall`, ratio, most, " ×");
    report.bound("must", "peak with 20 at once", of("now").peakMb, 500, " MB");
  };

export const hybridSearchOf10k: Row = hybridSearch(2000, 0.35);
export const hybridSearchOf50k: Row = hybridSearch(10_000, 0.21);

/** Each page with those related to it. */
const LISTS = z.array(z.array(z.string()));

const FOUND = z.object({ wallMs: z.number(), cpuMs: z.number(), related: LISTS });

/**
 * Related pages of all pages, by the function that hosts' builds call. The lists are compared with those of an exact
 * comparison: the version before compared other vectors of a page.
 */
export const relatedPages: Row = async (bench) => {
  const { before, report } = bench;
  report.row("related pages of 2,000 pages of five chunks");
  const [old, now] = await indexed(bench, 2000);
  let all: z.infer<typeof LISTS> = [];
  const related = async (home: Home, module: string): Promise<Cost> => {
    const command = [RELATED, home.version.root, module, home.folder];
    const { peakMb, stdout } = await run({ command, cwd: home.folder });
    const found = FOUND.parse(JSON.parse(stdout));
    if (home === now) all = found.related;
    return { ...found, peakMb };
  };
  const of = await inTurn(1, {
    old: () => related(old, "src/related.ts"),
    now: () => related(now, "src/searching/related.ts"),
  });
  report.cost(before.name, of("old"));
  report.cost("now", of("now"));
  report.bound("must", "CPU", of("now").cpuMs / 1000, 4, " s");
  report.bound("goal", "CPU", of("now").cpuMs / 1000, 2, " s");
  const { stdout } = await run({ command: [EXACT, now.uri], cwd: now.folder });
  const known = new Set(LISTS.parse(JSON.parse(stdout)).map((pages) => pages.join()));
  const same = all.filter((pages) => known.has(pages.join())).length;
  report.least("must", "pages with the same first five", (100 * same) / all.length, 99, " %");
};
