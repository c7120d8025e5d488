/**
 * Chunks real documentation and counts defects: `node bench/chunk-corpus.ts [--host NAME] [folder…]`.
 * Without folders, it reads the Markdown of node_modules and of packages that ship their documentation,
 * which it downloads once into a temporary folder. With a host (vitepress, astro or docusaurus), that
 * host's own renderer shows which words and headings the chunks must have; without, the `sets.json`
 * beside a folder may name one by its slugger. Exits 1 on any defect.
 */
import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { anchorsOf } from "../src/chunking/anchors.ts";
import { chunkPage } from "../src/chunking/chunk-page.ts";
import { isForRemark, parseMarkdown } from "../src/chunking/markdown-tree.ts";
import { blocksOfPage, normalised } from "../src/chunking/page-blocks.ts";
import { satteri } from "../src/chunking/satteri.ts";
import { isParsable, segmentsOf } from "../src/chunking/segments.ts";
import { withoutTemplateCode } from "../src/chunking/template-code.ts";
import type { Chunk, Page } from "../src/words/types.ts";
import { defectsOf, LAWS } from "../test/chunking/laws/defects.ts";
import { templateCode } from "../test/chunking/laws/left-overs.ts";
import { treeDifference } from "../test/chunking/laws/parsers.ts";
import { read } from "../test/chunking/laws/reading.ts";
import { githubAnchors, parseAlone } from "./chunk-corpus/oracle.ts";
import { fetchPackage, PACKAGES, pagesOf, pagesOfHost } from "./chunk-corpus/pages.ts";
import {
  isRenderedHost,
  RENDERERS,
  vitepressAnchors,
  type RenderedHost,
  type Renderer,
} from "./chunk-corpus/renderers.ts";
import { unnamedHeadings, unseenWords } from "./chunk-corpus/shown-words.ts";
import { added, timed, warmUp, type Times } from "./chunk-corpus/times.ts";

const MAX_TOKENS = 512;
const OPTIONS = { maxTokens: MAX_TOKENS, overlapTokens: 0 };
const SHOWN_DEFECTS = 20;
/** The fastest of so many runs counts. */
const RUNS = 8;

interface Totals {
  pages: number;
  chunks: number;
  megabytes: number;
  headings: number;
  warnings: number;
  /** Pages that the host's own renderer showed, and those that it refused. */
  shown: number;
  refused: number;
  /** What remark takes for all of it, in seconds. */
  remark: number;
  readonly bySatteri: Times;
  readonly byRemark: Times;
  readonly defects: Map<string, string[]>;
}

/** What is counted beside the laws. */
const MORE = [
  "template code",
  "word of the host",
  "heading of the host",
  "wrong anchor",
  "other tree",
  "other chunks",
] as const;

const totals: Totals = {
  pages: 0,
  chunks: 0,
  megabytes: 0,
  headings: 0,
  warnings: 0,
  shown: 0,
  refused: 0,
  remark: 0,
  bySatteri: { parsing: 0, chunking: 0 },
  byRemark: { parsing: 0, chunking: 0 },
  defects: new Map([...LAWS, ...MORE].map((law) => [law, []])),
};

/** What a page shows: the host takes template code out before it reads Markdown. */
function shownSource({ body, format, host }: Page): string {
  const source = normalised(body).normalize("NFC");
  return format === "mdx" ? source : withoutTemplateCode(source, host);
}

const vitepressIds = await vitepressAnchors();

/** Whether a page has syntax of headings that rehype-slug does not know, or headings of template code. */
const isOnlyForHosts = ({ body }: Page): boolean =>
  /^[ \t>]*:::|^\$\$|\{#[^\s}]+|\[#[^\s\]]+\][ \t]*$/m.test(body) ||
  /<h[1-6][^>]*>\s*<\/h[1-6]>/.test(body);

/** Anchors that differ from rehype-slug's and from VitePress's own. */
function* wrongAnchors(page: Page, shown: Page): Generator<string> {
  if (page.format === "mdx") return;
  const cases = [
    [{ ...page, slugger: "vitepress", host: "vitepress" }, vitepressIds],
    [{ ...shown, slugger: "github" }, isOnlyForHosts(shown) ? null : githubAnchors],
  ] as const;
  for (const [of, oracle] of cases) {
    if (oracle === null) continue;
    const ours = anchorsOf(of.slugger, blocksOfPage(of, () => {}).headings);
    const theirs = oracle(of.body);
    totals.headings += theirs.length;
    const index = theirs.findIndex((id, place) => id !== ours[place]);
    const differs = index >= 0 || ours.length !== theirs.length;
    if (differs)
      yield `${of.slugger}: ${theirs[index]} is ${ours[index]} (${ours.length}/${theirs.length})`;
  }
}

/** Chunks a page as on a platform for which there is no satteri. */
function chunksByRemark(page: Page): Chunk[] {
  const { parser } = satteri;
  satteri.parser = () => null;
  try {
    return chunkPage(page, OPTIONS);
  } finally {
    satteri.parser = parser;
  }
}

/** Differences between satteri's reading and remark's. */
function* parserDifferences(page: Page, chunks: readonly Chunk[]): Generator<[string, string]> {
  if (page.format === "mdx") return;
  for (const { source } of segmentsOf(normalised(page.body))) {
    const found = isParsable(source) ? treeDifference(source) : null;
    if (found !== null) yield ["other tree", found.slice(0, 200)];
  }
  const index = chunksByRemark(page).findIndex(
    (chunk, place) => JSON.stringify(chunk) !== JSON.stringify(chunks[place]),
  );
  if (index >= 0) yield ["other chunks", `${chunks[index]?.id}`];
}

function time(page: Page): void {
  if (page.format === "html") return;
  const { format } = page;
  const isOfRemark = format === "mdx" || isForRemark(page.body);
  const chunking = timed(RUNS, () => chunkPage(page, OPTIONS));
  const remark = timed(isOfRemark ? 3 : 1, () => parseAlone(page.body, format));
  const native = isOfRemark ? 0 : timed(RUNS, () => parseMarkdown(normalised(page.body), "md"));
  const times = isOfRemark ? totals.byRemark : totals.bySatteri;
  times.chunking += chunking;
  times.parsing += isOfRemark ? remark : native;
  totals.remark += remark;
}

function check(page: Page): readonly Chunk[] {
  const chunks = chunkPage(page, OPTIONS, () => (totals.warnings += 1));
  totals.pages += 1;
  totals.chunks += chunks.length;
  totals.megabytes += page.body.length / 1e6;
  const shown = { ...page, body: shownSource(page) };
  for (const { law, detail } of defectsOf(shown, chunks, MAX_TOKENS)) count(law, page, detail);
  for (const chunk of chunks) {
    const tree = read(chunk.text, "md");
    const code = tree === null ? [] : templateCode(page, chunk, tree);
    for (const written of code) count("template code", page, `${chunk.id}: ${written}`);
  }
  for (const detail of wrongAnchors(page, shown)) count("wrong anchor", page, detail);
  for (const [law, detail] of parserDifferences(page, chunks)) count(law, page, detail);
  return chunks;
}

const count = (law: string, { id }: Page, detail: string): void => {
  totals.defects.get(law)?.push(`${id}: ${detail}`);
};

/** Compares a page with what its host shows. */
async function compare(page: Page, chunks: readonly Chunk[], file: string, renderer: Renderer) {
  const shown = await renderer.render(file).catch((error: unknown) => {
    totals.refused += 1;
    console.warn(
      `${page.id} is not rendered: ${error instanceof Error ? error.message : String(error)}`,
    );
    return null;
  });
  if (shown === null) return;
  totals.shown += 1;
  for (const word of unseenWords(shown, chunks)) count("word of the host", page, word);
  for (const heading of unnamedHeadings(shown, chunks)) count("heading of the host", page, heading);
}

async function measureFolder(folder: string, host: RenderedHost | null): Promise<void> {
  const pages = await Array.fromAsync(
    host === null ? pagesOf(folder, "github") : pagesOfHost(folder, host),
  );
  warmUp(() => pages.forEach((page) => chunkPage(page, OPTIONS)));
  // Before the checks: they chunk trees of remark, too, and code that has seen both is slower.
  pages.forEach(time);
  if (host === null) {
    pages.forEach(check);
    return;
  }
  const renderer = await RENDERERS[host](folder);
  try {
    for (const page of pages)
      await compare(page, check(page), join(resolve(folder), page.id), renderer);
  } finally {
    await renderer.close();
  }
}

/** The host that is given, or that the `sets.json` beside a folder names. */
function hostOf(folder: string, given: string | undefined): RenderedHost | null {
  const sets = join(dirname(resolve(folder)), "sets.json");
  const known = existsSync(sets) ? JSON.parse(readFileSync(sets, "utf8")) : {};
  const name: unknown = given ?? known[basename(resolve(folder))]?.slugger;
  if (given !== undefined && !isRenderedHost(given)) throw new Error(`There is no host ${given}.`);
  return isRenderedHost(name) ? name : null;
}

const cache = join(tmpdir(), "siterag-chunk-corpus");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { host: { type: "string" } },
});
const folders =
  positionals.length > 0
    ? positionals
    : ["node_modules", ...PACKAGES.map((name) => fetchPackage(name, cache))];
for (const folder of folders) await measureFolder(folder, hostOf(folder, values.host));

const speed = (seconds: number): string => `${(totals.megabytes / seconds).toFixed(2)} MB/s`;
console.table({
  pages: totals.pages,
  megabytes: Number(totals.megabytes.toFixed(1)),
  chunks: totals.chunks,
  "headings checked": totals.headings,
  warnings: totals.warnings,
  "shown by the host": totals.shown,
  "refused by the host": totals.refused,
  "remark alone": speed(totals.remark),
  "chunking, parsing included": speed(totals.bySatteri.chunking + totals.byRemark.chunking),
  "added to satteri's parse (at most 300 %)": added(totals.bySatteri),
  "added to remark's parse (at most 25 %)": added(totals.byRemark),
});
console.table(Object.fromEntries([...totals.defects].map(([law, found]) => [law, found.length])));
for (const [law, found] of totals.defects) {
  for (const detail of found.slice(0, SHOWN_DEFECTS)) console.log(`${law}: ${detail}`);
}
process.exitCode = [...totals.defects.values()].some((found) => found.length > 0) ? 1 : 0;
