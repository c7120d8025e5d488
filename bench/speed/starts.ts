import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeGeneratedSite } from "../../test/support/generated-site.ts";
import { type Bench, type Home, makeHomes, type Row, siterag } from "./bench.ts";
import { inTurn, run, type Program } from "./processes.ts";
import { QUERY, writeSite } from "./write-site.ts";

const RUNS = 9;

const COUNT_ROWS = fileURLToPath(new URL("inside/count-rows.mjs", import.meta.url));

const countRows = ({ folder, uri }: Home): Program => ({
  command: [COUNT_ROWS, uri, "chunks"],
  cwd: folder,
});

/** Compares a command on an indexed site with a process that only opens the store. */
async function startOf(
  { before, report }: Bench,
  homes: readonly [Home, Home],
  args: readonly string[],
  most: number,
): Promise<void> {
  for (const home of homes) await run(siterag(home, ["index"]));
  const [old, now] = homes;
  const median = await inTurn(RUNS, {
    old: () => run(siterag(old, args)),
    now: () => run(siterag(now, args)),
    alone: () => run(countRows(now)),
  });
  report.cost(before.name, median("old"));
  report.cost("now", median("now"));
  report.cost("LanceDB alone: opens the store, counts rows", median("alone"));
  report.bound(
    "must",
    "now / LanceDB alone, wall",
    median("now").wallMs / median("alone").wallMs,
    most,
    " ×",
  );
  report.note(`CPU: ${(median("now").cpuMs / median("alone").cpuMs).toFixed(2)} ×`);
}

/** `siterag index` when nothing has changed. */
export const unchangedIndex: Row = async (bench) => {
  bench.report.row(`index, no change, 40 pages, median of ${RUNS}`);
  const root = join(bench.folder, "docs");
  await writeGeneratedSite(root, 40);
  await startOf(bench, await makeHomes(bench, { content: { root } }), ["index"], 2);
};

/** `siterag search --mode text` in a process of its own. */
export const textSearch: Row = async (bench) => {
  bench.report.row(`search --mode text, 10,000 chunks, median of ${RUNS}`);
  const root = join(bench.folder, "docs");
  await writeSite(root, 2000);
  const args = ["search", "--mode", "text", QUERY];
  await startOf(bench, await makeHomes(bench, { content: { root } }), args, 1.7);
};
