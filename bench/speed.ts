/**
 * Measures the working tree beside an earlier version, in turn in the same run:
 * `npm run bench:speed -- [--base 8aba75a] [--docs folder] [--only row…] [--results file]`. The earlier version is
 * checked out and built in a temporary folder; `--base` also takes a folder in which it is built. `--docs` is
 * a folder that bench:relevance reads. Exits 1 where a bound that must hold does not.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Row } from "./speed/bench.ts";
import { coldCalls, coldRealSite } from "./speed/cold.ts";
import { memoryOfJobs, memoryOfManyPages, memoryOfRealPages } from "./speed/memory.ts";
import { answeredNotCommitted } from "./speed/kills.ts";
import { createReport } from "./speed/report.ts";
import { hybridSearchOf10k, hybridSearchOf50k, relatedPages } from "./speed/searches.ts";
import { textSearch, unchangedIndex } from "./speed/starts.ts";
import { withBase } from "./speed/versions.ts";
import { fewTexts, waitForJob } from "./speed/waits.ts";
import { costOfWeek } from "./speed/week.ts";

const ROWS: Readonly<Record<string, Row>> = {
  "no-change": unchangedIndex,
  "text-search": textSearch,
  "cold-calls": coldCalls,
  "cold-real-site": coldRealSite,
  "memory-real-pages": memoryOfRealPages,
  "memory-many-pages": memoryOfManyPages,
  "memory-jobs": memoryOfJobs,
  "hybrid-10k": hybridSearchOf10k,
  "hybrid-50k": hybridSearchOf50k,
  related: relatedPages,
  kills: answeredNotCommitted,
  job: waitForJob,
  "few-texts": fewTexts,
  week: costOfWeek,
};

const { values } = parseArgs({
  options: {
    base: { type: "string", default: "8aba75a" },
    docs: { type: "string" },
    only: { type: "string", multiple: true, default: Object.keys(ROWS) },
    results: { type: "string" },
  },
});
const unknown = values.only.filter((name) => ROWS[name] === undefined);
if (unknown.length > 0) {
  throw new Error(`No row is called ${unknown.join()}. Rows: ${Object.keys(ROWS).join(", ")}.`);
}

const report = createReport(console.log);
await withBase(values.base, async (before) => {
  for (const name of values.only) {
    const folder = await mkdtemp(join(tmpdir(), "siterag-speed-"));
    try {
      await ROWS[name]?.({ before, report, folder, docs: values.docs ?? null });
    } finally {
      await rm(folder, { recursive: true });
    }
  }
});

const ABOUT = `# Speed, beside ${values.base}

Made by \`npm run bench:speed\`, on two cores. Both versions run in turn, in the same run.

`;

if (values.results !== undefined) {
  const limits = await readFile(new URL("speed/limits.md", import.meta.url), "utf8");
  await writeFile(values.results, ABOUT + ["```text", ...report.lines, "```", limits].join("\n"));
}
if (report.broken.length > 0) {
  console.log(["", "Must hold, and does not:", ...report.broken].join("\n"));
  process.exitCode = 1;
}
