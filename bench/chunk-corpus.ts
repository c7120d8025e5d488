/**
 * Chunks real documentation and counts defects: `node bench/chunk-corpus.ts [folder…]`. Without
 * folders, it reads the Markdown of node_modules and of packages that ship their documentation,
 * which it downloads once into a temporary folder. Exits 1 on any defect.
 */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { anchorsOf } from "../src/chunking/anchors.ts";
import { chunkPage } from "../src/chunking/chunk-page.ts";
import { blocksOfPage } from "../src/chunking/page-blocks.ts";
import type { Page } from "../src/words/types.ts";
import { defectsOf, LAWS } from "../test/chunking/laws/defects.ts";
import { githubAnchors, parseAlone, vitepressAnchors } from "./chunk-corpus/oracle.ts";
import { fetchPackage, PACKAGES, pagesOf } from "./chunk-corpus/pages.ts";

const MAX_TOKENS = 512;
const SHOWN_DEFECTS = 20;

interface Totals {
  pages: number;
  chunks: number;
  megabytes: number;
  headings: number;
  warnings: number;
  /** Processor time, in seconds. */
  chunking: number;
  parsing: number;
  readonly defects: Map<string, string[]>;
}

const totals: Totals = {
  pages: 0,
  chunks: 0,
  megabytes: 0,
  headings: 0,
  warnings: 0,
  chunking: 0,
  parsing: 0,
  defects: new Map([...LAWS, "wrong anchor"].map((law) => [law, []])),
};

function timed<Result>(work: () => Result): readonly [Result, number] {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return [result, (user + system) / 1e6];
}

/** Anchors that differ from an independent implementation; skips pages with syntax it lacks. */
function* wrongAnchors(page: Page): Generator<string> {
  if (page.format === "mdx" || /^[ \t>]*:::|\{#[^\s}]+|\[#[^\s\]]+\][ \t]*$/m.test(page.body))
    return;
  for (const [slugger, oracle] of [
    ["github", githubAnchors],
    ["vitepress", vitepressAnchors],
  ] as const) {
    const ours = anchorsOf(slugger, blocksOfPage({ ...page, slugger }, () => {}).headings);
    const theirs = oracle(page.body);
    totals.headings += theirs.length;
    const index = theirs.findIndex((id, place) => id !== ours[place]);
    const differs = index >= 0 || ours.length !== theirs.length;
    if (differs)
      yield `${slugger}: ${theirs[index]} is ${ours[index]} (${ours.length}/${theirs.length})`;
  }
}

function measure(page: Page): void {
  const options = { maxTokens: MAX_TOKENS, overlapTokens: 0 };
  const [chunks, chunking] = timed(() => chunkPage(page, options, () => (totals.warnings += 1)));
  const [, parsing] = timed(() => parseAlone(page.body, page.format));
  totals.pages += 1;
  totals.chunks += chunks.length;
  totals.megabytes += page.body.length / 1e6;
  totals.chunking += chunking;
  totals.parsing += parsing;
  for (const { law, detail } of defectsOf(page, chunks, MAX_TOKENS)) {
    totals.defects.get(law)?.push(`${page.id}: ${detail}`);
  }
  for (const detail of wrongAnchors(page))
    totals.defects.get("wrong anchor")?.push(`${page.id}: ${detail}`);
}

const cache = join(tmpdir(), "siterag-chunk-corpus");
const given = process.argv.slice(2);
const folders =
  given.length > 0 ? given : ["node_modules", ...PACKAGES.map((name) => fetchPackage(name, cache))];
for (const folder of folders) for (const page of pagesOf(folder, "github")) measure(page);

const speed = (seconds: number): string => `${(totals.megabytes / seconds).toFixed(2)} MB/s`;
console.table({
  pages: totals.pages,
  megabytes: Number(totals.megabytes.toFixed(1)),
  chunks: totals.chunks,
  "headings checked": totals.headings,
  warnings: totals.warnings,
  "remark alone": speed(totals.parsing),
  "chunking, parsing included": speed(totals.chunking),
  "added to parsing": `${((totals.chunking / totals.parsing - 1) * 100).toFixed(0)} %`,
});
console.table(Object.fromEntries([...totals.defects].map(([law, found]) => [law, found.length])));
for (const [law, found] of totals.defects) {
  for (const detail of found.slice(0, SHOWN_DEFECTS)) console.log(`${law}: ${detail}`);
}
process.exitCode = [...totals.defects.values()].some((found) => found.length > 0) ? 1 : 0;
