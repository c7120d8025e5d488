/**
 * Ranks real questions by siterag and by other engines on the same pages:
 * `npm run bench:relevance -- --docs DIR… [--questions FILE]`. A folder may hold a `sets.json`, which names
 * its sets; questions are in `questions.json` beside it unless another file is given. Builds commit 8aba75a
 * in a worktree, to compare with it. Writes bench/results/relevance.md, and exits 1 if a bound does not hold.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { stopWords } from "../src/ranking/english-words.ts";
import { readSets, type DocsSet } from "./relevance/docs-sets.ts";
import { otherEngine, withEarlier, type Engine } from "./relevance/engines.ts";
import { CANDIDATES, leftOut } from "./relevance/left-out.ts";
import type { Ranks } from "./relevance/measures.ts";
import { comparisonOf, faultsOf, tableOf, type Row } from "./relevance/report.ts";
import { search, textInMemory } from "./relevance/siterag.ts";

const RESULTS = fileURLToPath(new URL("results/relevance.md", import.meta.url));
const TUNED = { stopWords: stopWords(), boost: { heading: 5, title: 3, trail: 1, text: 1 } };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { docs: { type: "string", multiple: true }, questions: { type: "string" } },
});
const folders = [...(values.docs ?? []), ...positionals];
const [folder] = folders;
if (folder === undefined) {
  console.error("Name a folder of documentation: npm run bench:relevance -- --docs DIR");
  process.exit(2);
}

const sets = await readSets(folders, values.questions ?? join(folder, "questions.json"));
const questions = sets.flatMap((set) => set.questions);

async function ranksOf(engine: Engine, set: DocsSet): Promise<Ranks> {
  const answers = await engine(set);
  return set.questions.map(
    ({ pages }, at) => (answers[at] ?? []).findIndex((page) => pages.includes(page)) + 1,
  );
}

async function row(name: string, engine: Engine): Promise<Row> {
  console.log(`Asking ${name} …`);
  const ranks: number[] = [];
  for (const set of sets) ranks.push(...(await ranksOf(engine, set)));
  return { name, ranks };
}

async function leftOutRow(): Promise<Row> {
  const ranksBy: Ranks[][] = [];
  for (const weights of CANDIDATES) {
    const engine = textInMemory(weights);
    const ranks: Ranks[] = [];
    for (const set of sets) ranks.push(await ranksOf(engine, set));
    ranksBy.push(ranks);
  }
  return { name: "siterag text, settings chosen on the other sets", ranks: leftOut(sets, ranksBy) };
}

const own = await row("siterag text", search("text"));
const others = [await leftOutRow(), await row("siterag hybrid (mock)", search("hybrid"))];
const earlier = await withEarlier(async (build) => [
  await row("8aba75a text", otherEngine("earlier", { build, mode: "text" })),
  await row("8aba75a hybrid (mock)", otherEngine("earlier", { build, mode: "hybrid" })),
]);
const miniSearches = [
  await row("MiniSearch as VitePress sets it", otherEngine("minisearch")),
  await row("MiniSearch, no stop words, title field", otherEngine("minisearch-tuned", TUNED)),
];
const rows = [
  own,
  ...others,
  ...earlier,
  ...miniSearches,
  await row("lunr", otherEngine("lunr")),
  await row("Orama", otherEngine("orama")),
  await row("Pagefind", otherEngine("pagefind")),
  await row("LanceDB's full text", otherEngine("lancedb")),
];

const [before] = earlier;
const faults = before === undefined ? [] : faultsOf(own, before, miniSearches, questions);
const report = [
  "# Relevance, measured",
  `\`npm run bench:relevance\`: ${questions.length} questions that people asked about ${sets.map(({ name, sections }) => `${name} (${sections.length} sections)`).join(", ")}. The pages that answer them are known; values are percent, MRR by kind.`,
  tableOf(rows, questions),
  "Ahead in points of MRR, with the paired 95 % interval (bootstrap):",
  comparisonOf(rows),
  faults.length === 0 ? "All bounds hold." : faults.map((fault) => `- ${fault}`).join("\n"),
].join("\n\n");
writeFileSync(RESULTS, `${report}\n`);
console.log(`\n${report}`);
process.exitCode = faults.length === 0 ? 0 : 1;
