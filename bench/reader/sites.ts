import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { chunkPage } from "../../src/chunking/chunk-page.ts";
import type { ReadReport } from "../../src/content/read-pages.ts";
import { readPages } from "../../test/support/read-pages.ts";
import { configSchema } from "../../src/providers/load-config.ts";
import { sectionsOfPage } from "../../src/publishing/page-sections.ts";
import type { IndexedSection } from "../../src/ranking/section.ts";
import type { Page } from "../../src/words/types.ts";
import { fetchPackage, PACKAGES, pagesOf } from "../chunk-corpus/pages.ts";

/** A site to measure: its sections and the questions that its readers ask. */
export interface MeasuredSite {
  readonly name: string;
  readonly sections: readonly IndexedSection[];
  readonly questions: readonly string[];
}

const QUIET: ReadReport = { warn() {}, warnOfAll() {}, tell() {}, fail() {} };
const CHUNKING = { maxTokens: 512, overlapTokens: 0 };

const sectionsOf = (page: Page): IndexedSection[] =>
  sectionsOfPage(
    chunkPage(page, CHUNKING).map((chunk) => ({ ...chunk, locale: null, version: null })),
  ).map(({ section }) => section);

const QUESTIONS = z.array(z.object({ set: z.string(), query: z.string() }));
const SETS = z.record(z.string(), z.record(z.string(), z.unknown()));

const json = (...path: string[]): unknown => JSON.parse(readFileSync(join(...path), "utf8"));

/** The documentation of a folder of sets as sections, with pages in the order of their ids. */
async function sectionsOfSet(
  docs: string,
  set: string,
  settings: object,
): Promise<IndexedSection[]> {
  const { content } = configSchema.parse({ content: { root: join(docs, set), ...settings } });
  const pages = await Array.fromAsync(readPages(content, QUIET));
  return pages
    .sort((one, other) => (one.id < other.id ? -1 : 1))
    .flatMap((page) => sectionsOf({ ...page, id: `${set}/${page.id}` }));
}

/** Each set of a folder with its own questions. */
export async function sitesOfSets(docs: string): Promise<MeasuredSite[]> {
  const questions = QUESTIONS.parse(json(docs, "questions.json"));
  const sets = Object.entries(SETS.parse(json(docs, "sets.json")));
  return Promise.all(
    sets.map(async ([set, settings]) => ({
      name: set,
      sections: await sectionsOfSet(docs, set, settings),
      questions: questions.filter((one) => one.set === set).map(({ query }) => query),
    })),
  );
}

/** The pages of packages that ship their documentation, up to a number of sections. */
function sectionsOfPackages(count: number): IndexedSection[] {
  const sections: IndexedSection[] = [];
  for (const name of PACKAGES) {
    const folder = fetchPackage(name, join(tmpdir(), "siterag-chunk-corpus"));
    for (const page of pagesOf(folder, "github")) {
      if (sections.length >= count) return sections;
      const id = page.id.replace(/^.*siterag-chunk-corpus\//u, "");
      sections.push(...sectionsOf({ ...page, id, url: `/${id.replace(/\.mdx?$/u, "/")}` }));
    }
  }
  return sections;
}

/** Several sites as one of a number of sections, with the questions of all. */
export function joined(sites: readonly MeasuredSite[], count: number): MeasuredSite {
  const own = sites.flatMap(({ sections }) => sections);
  const further = own.length < count ? sectionsOfPackages(count - own.length) : [];
  const sections = [...own, ...further].sort(
    (one, other) => Number(one.page > other.page) - Number(one.page < other.page),
  );
  return {
    name: `${sites.map(({ name }) => name).join(" + ")}${further.length > 0 ? " + packages" : ""}`,
    sections,
    questions: sites.flatMap(({ questions }) => questions),
  };
}
