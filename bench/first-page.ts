/**
 * Asks real questions in Chromium over the index that siterag publishes, and MiniSearch with the settings of
 * VitePress over the same pages: `npm run bench:first-page -- --docs DIR`. The folder is one that
 * bench:relevance reads. Exits 1 if siterag's first page is not right four points more often.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { inChromium } from "./relevance/chromium.ts";
import { readSets } from "./relevance/docs-sets.ts";
import { otherEngine, type Engine } from "./relevance/engines.ts";
import { recallOf } from "./relevance/measures.ts";

const LEAST_AHEAD = 4;

const { values } = parseArgs({ options: { docs: { type: "string" } } });
if (values.docs === undefined)
  throw new Error("Name a folder of documentation sets: --docs folder");
const sets = await readSets([values.docs], join(values.docs, "questions.json"));

async function rightFirst(engine: Engine): Promise<number> {
  const ranks: number[] = [];
  for (const set of sets) {
    const answers = await engine(set);
    for (const [at, { pages }] of set.questions.entries()) {
      ranks.push((answers[at] ?? []).findIndex((page) => pages.includes(page)) + 1);
    }
  }
  return recallOf(ranks, 1);
}

const own = await rightFirst(inChromium);
const other = await rightFirst(otherEngine("minisearch"));
const questions = sets.reduce((sum, set) => sum + set.questions.length, 0);
console.log(`${questions} questions, share with a right first page:`);
console.log(`  siterag in Chromium        ${own.toFixed(1)} %`);
console.log(`  MiniSearch as in VitePress ${other.toFixed(1)} %`);
console.log(
  `  ahead                      ${(own - other).toFixed(1)} points (at least ${LEAST_AHEAD})`,
);
process.exitCode = own - other >= LEAST_AHEAD ? 0 : 1;
