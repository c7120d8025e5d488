import { memorySource } from "../../src/ranking/memory-source.ts";
import { readQuestion, type QuestionOptions } from "../../src/ranking/question.ts";
import { rankPages } from "../../src/ranking/rank-pages.ts";
import { rankSections } from "../../src/ranking/rank-sections.ts";
import { indexSections } from "../../src/ranking/section-index.ts";
import type { IndexedSection } from "../../src/ranking/section.ts";
import type { PageTable, TermSource } from "../../src/ranking/term-source.ts";

/** A section of a page, named `page heading`, with a text. */
export const section = (
  page: string,
  heading: string | null,
  text: string,
  more: Partial<IndexedSection> = {},
): IndexedSection => ({
  page,
  url: `/${page}/`,
  title: page,
  heading,
  trail: [],
  text,
  locale: null,
  version: null,
  ...more,
});

export const pagesOf = (sections: readonly IndexedSection[]): PageTable => {
  const ids = [...new Set(sections.map(({ page }) => page))];
  return { pageOf: (at) => ids.indexOf(sections[at]?.page ?? ""), isAllowed: () => true };
};

/** Asks a site: the headings of the sections found, best first. */
export async function headingsFor(
  sections: readonly IndexedSection[],
  query: string,
  options: QuestionOptions = {},
  source: TermSource = memorySource(indexSections(sections)),
): Promise<(string | null)[]> {
  const ranked = await rankSections(readQuestion(query, options), source, pagesOf(sections));
  return ranked.best().map(({ section: at }) => sections[at]?.heading ?? null);
}

/** Asks a site: the pages found, best first. */
export async function pagesFor(
  sections: readonly IndexedSection[],
  query: string,
): Promise<string[]> {
  const source = memorySource(indexSections(sections));
  const pages = pagesOf(sections);
  const ranked = await rankSections(readQuestion(query), source, pages);
  const ids = [...new Set(sections.map(({ page }) => page))];
  return rankPages(ranked, pages.pageOf).map(({ page }) => ids[page] ?? "");
}
