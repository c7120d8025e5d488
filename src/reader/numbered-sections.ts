import { readQuestion } from "../ranking/question.ts";
import { rankPages } from "../ranking/rank-pages.ts";
import { rankSections } from "../ranking/rank-sections.ts";
import type { RankedSections } from "../ranking/ranked-sections.ts";
import type { RankedPage } from "../ranking/term-source.ts";
import type { OpenIndex } from "./open-index.ts";
import { filteredPages, type ReaderFilter } from "./page-filter.ts";
import { sectionFacts, sectionText, type SectionFacts } from "./section-facts.ts";
import { sectionsOfPage } from "./section-table.ts";

/** The sections of one build of an index, by number: in another build, a number is that of another section. */
export interface NumberedSections {
  /** All sections that a query finds, without their texts. */
  rank(query: string, filter?: ReaderFilter, signal?: AbortSignal): Promise<RankedSections>;
  /** Such sections by page, best page first, with the numbers of pages. */
  rankPages(ranked: RankedSections, signal?: AbortSignal): Promise<RankedPage[]>;
  /** Numbers of a page's sections, in its order; none for a page that the index lacks. */
  sectionsOf(page: string, signal?: AbortSignal): Promise<readonly number[]>;
  /** What is known of sections, by their numbers. */
  sections(numbers: readonly number[], signal?: AbortSignal): Promise<SectionFacts[]>;
  /** Markdown of sections, by their numbers. */
  texts(numbers: readonly number[], signal?: AbortSignal): Promise<string[]>;
}

/** The sections of a build. */
export function numberedSections(index: OpenIndex): NumberedSections {
  return {
    rank: (query, filter = {}, signal) => rank(index, { query, filter, isTyping: false, signal }),
    rankPages: (ranked, signal) => pagesIn(index, ranked, signal),
    sectionsOf: async (page, signal) => sectionsOfPage(await index.table(signal), page),
    sections: (numbers, signal) =>
      Promise.all(numbers.map((one) => sectionFacts(index, one, signal))),
    texts: (numbers, signal) => Promise.all(numbers.map((one) => sectionText(index, one, signal))),
  };
}

interface Asked {
  readonly query: string;
  readonly filter: ReaderFilter;
  readonly isTyping: boolean;
  readonly signal: AbortSignal | undefined;
}

/** The sections of a build that a query finds. */
export function rank(
  { table, terms }: OpenIndex,
  { query, filter, isTyping, signal }: Asked,
): Promise<RankedSections> {
  const pages = table(signal).then((known) => filteredPages(known, filter));
  return rankSections(readQuestion(query, { isTyping }), terms, pages, signal);
}

/** Ranked sections of a build by page, best page first. */
export async function pagesIn(
  { table }: OpenIndex,
  ranked: RankedSections,
  signal?: AbortSignal,
): Promise<RankedPage[]> {
  const { pageOf } = await table(signal);
  return rankPages(ranked, (section) => pageOf[section] ?? 0);
}
