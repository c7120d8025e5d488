/**
 * Measures the readers' index: `npm run bench:reader -- --docs folder [--results file]`. The folder has sets
 * of documentation with questions: `sets.json` and `questions.json`, as bench:relevance reads them. Prints
 * what a question costs at about 650, 1,000, 3,000 and 8,000 sections, beside Pagefind and MiniSearch on the
 * same pages. Exits 1 where a budget does not hold.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { measureSite } from "./reader/measure-site.ts";
import { brokenBudgets, reportOf, type Others } from "./reader/report.ts";
import { joined, sitesOfSets, type MeasuredSite } from "./reader/sites.ts";

const OTHERS = z.object({
  script: z.number(),
  sites: z.array(
    z.object({
      pagefind: z.object({ first: z.array(z.number()), script: z.number(), wasm: z.number() }),
      miniSearch: z.number(),
    }),
  ),
});

/** Asks the other searches in a process of its own: Pagefind's script replaces `fetch`. */
function measureOthers(sites: readonly MeasuredSite[]): Others {
  const folder = mkdtempSync(join(tmpdir(), "siterag-bench-"));
  try {
    const task = join(folder, "task.json");
    writeFileSync(task, JSON.stringify({ entry: resolve("src/reader/index.ts"), sites }));
    const output = execFileSync(process.execPath, ["bench/reader/others.mjs", task], {
      encoding: "utf8",
      maxBuffer: 1e9,
      stdio: ["ignore", "pipe", "inherit"],
    });
    return OTHERS.parse(JSON.parse(output.trim().split("\n").at(-1) ?? ""));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { values } = parseArgs({
  options: { docs: { type: "string" }, results: { type: "string" } },
});
if (values.docs === undefined)
  throw new Error("Name a folder of documentation sets: --docs folder");
const sets = await sitesOfSets(values.docs);
const bySize = sets.toSorted((one, other) => one.sections.length - other.sections.length);
const sites = [
  ...bySize.slice(0, -1),
  joined(bySize.slice(0, -1), 0),
  ...bySize.slice(-1),
  joined(sets, 8000),
];
const costs = [];
for (const site of sites) {
  console.error(`Measuring ${site.name}: ${site.sections.length} sections`);
  costs.push(await measureSite(site));
}
const others = measureOthers(sites);
const report = reportOf(sites, costs, others);
console.log(report);
if (values.results !== undefined) writeFileSync(values.results, report);
const broken = brokenBudgets(costs, others.script);
for (const line of broken) console.error(line);
process.exitCode = broken.length > 0 ? 1 : 0;
