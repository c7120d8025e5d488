/**
 * Measures the peak memory of `siterag index` for 200 and for 2,000 generated pages:
 * `npm run bench:memory`. Exits 1 if the larger site needs more than 1.3 times the memory of the
 * smaller one, or 400 MB.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeGeneratedSite } from "../test/support/generated-site.ts";

const BIN = fileURLToPath(new URL("../dist/cli/bin.js", import.meta.url));
const MAX_RATIO = 1.3;
const MAX_MEGABYTES = 400;
const RUNS = 3;

/** Prints the peak memory to stderr when the process exits. */
const PEAK = `process.on("exit",()=>process.stderr.write("\\npeak "+process.resourceUsage().maxRSS+"\\n"))`;

function peakMegabytes(folder: string): number {
  rmSync(join(folder, "db"), { recursive: true, force: true });
  const hook = `data:text/javascript,${encodeURIComponent(PEAK)}`;
  const child = spawnSync(process.execPath, ["--import", hook, BIN, "index", "--json"], {
    cwd: folder,
    encoding: "utf8",
  });
  const peak = /\npeak (\d+)/.exec(child.stderr);
  if (child.status !== 0 || peak === null) throw new Error(child.stderr);
  return Number(peak[1]) / 1024;
}

async function measure(pages: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "siterag-memory-"));
  try {
    await writeGeneratedSite(join(folder, "docs"), pages);
    const settings = {
      content: { root: "docs" },
      store: { uri: "db" },
      embedding: { provider: "mock" },
    };
    writeFileSync(join(folder, "siterag.config.json"), JSON.stringify(settings));
    const peaks = Array.from({ length: RUNS }, () => peakMegabytes(folder)).sort((a, b) => a - b);
    const median = peaks[Math.floor(RUNS / 2)] ?? Number.NaN;
    console.log(`${pages} pages: peak ${peaks.map((peak) => peak.toFixed(0)).join(", ")} MB`);
    return median;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const small = await measure(200);
const large = await measure(2000);
const ratio = large / small;
console.log(`median of 2,000 pages / median of 200 pages: ${ratio.toFixed(2)}`);
process.exitCode = ratio <= MAX_RATIO && large < MAX_MEGABYTES ? 0 : 1;
