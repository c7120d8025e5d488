/**
 * Searches real documentation for each of its headings: `node bench/sections.ts [--mock] [folder…]`.
 * Without folders, it reads the example site. Embeds nothing, or with `--mock` by the mock provider.
 * Exits 1 if a heading is in no chunk, or if fewer than 97 % of the searches for a heading on its page
 * name it first. Headings whose words another heading of the page has, too, are not searched for.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { anchorsOf } from "../src/chunking/anchors.ts";
import { chunkPage } from "../src/chunking/chunk-page.ts";
import { blocksOfPage } from "../src/chunking/page-blocks.ts";
import type { ResolvedConfig } from "../src/config/schema.ts";
import type { ReadReport } from "../src/content/read-pages.ts";
import { readPages } from "../test/support/read-pages.ts";
import { indexSite } from "../src/indexing/index-site.ts";
import { configSchema } from "../src/providers/load-config.ts";
import { termsOf } from "../src/ranking/word-forms.ts";
import { searchAll } from "../src/searching/search.ts";
import type { Page } from "../src/words/types.ts";

const LEAST_SHARE = 0.97;
const SHOWN_MISSES = 20;

interface Heading {
  readonly plain: string;
  readonly url: string;
  readonly line: number;
}

function headingsOf(page: Page): Heading[] {
  const { blocks, headings } = blocksOfPage(page, () => {});
  const anchors = anchorsOf(page.slugger, headings);
  return blocks.flatMap((block) => {
    const found = block.kind === "heading" ? [block] : "nested" in block ? block.nested : [];
    return (found ?? []).map(({ order, plain, startLine }) => {
      const anchor = anchors[order] ?? "";
      const url = anchor === "" ? page.url : `${page.url}#${anchor}`;
      return { plain, url, line: startLine };
    });
  });
}

/** Whether no other heading has all words of a heading. */
function isUnlike({ plain }: Heading, all: readonly Heading[]): boolean {
  const words = termsOf(plain);
  const having = all.filter((other) => {
    const its = new Set(termsOf(other.plain));
    return words.every((word) => its.has(word));
  });
  return words.length > 0 && having.length === 1;
}

const QUIET: ReadReport = { warn() {}, warnOfAll() {}, tell() {}, fail() {} };

async function measure(root: string, provider: "none" | "mock") {
  const folder = mkdtempSync(join(tmpdir(), "siterag-sections-"));
  const config: ResolvedConfig = configSchema.parse({
    content: { root: resolve(root) },
    embedding: { provider },
    store: { uri: join(folder, "db") },
  });
  const [lost, missed]: [string[], string[]] = [[], []];
  let [headings, searches] = [0, 0];
  try {
    await indexSite({ config });
    for await (const page of readPages(config.content, QUIET)) {
      const sections = chunkPage(page, config.chunking).flatMap((chunk) => chunk.sections);
      const known = new Set(sections.map(({ heading, startLine }) => `${startLine}: ${heading}`));
      const all = headingsOf(page);
      headings += all.length;
      const isLost = ({ line, plain }: Heading) => !known.has(`${line}: ${plain}`);
      lost.push(...all.filter(isLost).map(({ plain }) => `${page.id}: ${plain}`));
      const asked = all.filter((one) => isUnlike(one, all));
      const queries = asked.map(({ plain }) => plain);
      const answers = await searchAll({ config, queries, filter: { page: page.id } });
      searches += asked.length;
      for (const [at, { hits }] of answers.entries()) {
        const wanted = asked[at]?.url ?? "";
        const found = hits[0]?.url ?? "nothing";
        if (found !== wanted) missed.push(`${wanted}, but ${found}`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { headings, searches, lost, missed };
}

const given = process.argv.slice(2);
const folders = given.filter((name) => !name.startsWith("--"));
const provider = given.includes("--mock") ? "mock" : "none";
for (const root of folders.length > 0 ? folders : ["example-site/src/content/docs"]) {
  const { headings, lost, missed, searches } = await measure(root, provider);
  const share = 1 - missed.length / searches;
  console.table({
    folder: root,
    headings,
    "in no chunk": lost.length,
    "searched for": searches,
    "named first": `${(100 * share).toFixed(1)} %`,
  });
  for (const heading of lost.slice(0, SHOWN_MISSES)) console.log(`in no chunk: ${heading}`);
  for (const heading of missed.slice(0, SHOWN_MISSES)) console.log(`not first: ${heading}`);
  if (lost.length > 0 || share < LEAST_SHARE) process.exitCode = 1;
}
