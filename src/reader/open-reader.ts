import { readQuestion } from "../ranking/question.ts";
import { rankPages } from "../ranking/rank-pages.ts";
import { rankSections } from "../ranking/rank-sections.ts";
import type { RankedSections } from "../ranking/ranked-sections.ts";
import type { RankedPage } from "../ranking/term-source.ts";
import { filesAt, type FileSource } from "./file-source.ts";
import { findHits, type ReaderHit } from "./find-hits.ts";
import type { Manifest } from "./manifest.ts";
import { openIndex, type OpenIndex } from "./open-index.ts";
import { filteredPages, type ReaderFilter } from "./page-filter.ts";
import { publishedFiles, type PublishedFiles } from "./published-files.ts";
import { isOutdated } from "./reader-error.ts";
import { sectionsOfPage, type PageFacts } from "./section-table.ts";
import { sectionFacts, sectionText, type SectionFacts } from "./section-facts.ts";
import { suggestWords } from "./suggest-words.ts";

/** How a search is made. */
export interface ReaderSearch extends ReaderFilter {
  /** Default: 10. */
  readonly limit?: number;
  /** The best section of each page, with others of it in `others`. Default: false. */
  readonly groupByPage?: boolean;
  /** Whether the last word may be the beginning of one. Default: false. */
  readonly isTyping?: boolean;
  /** Ends the search and the requests that only it waits for. */
  readonly signal?: AbortSignal;
}

/** Searches an index of files. All of it throws `ReaderError`. */
export interface SiteReader {
  /** What the index says of itself; after a newer build was found, of that one. */
  readonly manifest: Manifest;
  search(query: string, options?: ReaderSearch): Promise<ReaderHit[]>;
  /** Words of the index that begin like the last one of a text, the most frequent first. */
  suggest(text: string, options?: SuggestOptions): Promise<string[]>;
  /** All sections that a query finds, without their texts. */
  rank(query: string, filter?: ReaderFilter, signal?: AbortSignal): Promise<RankedSections>;
  /** Such sections of this build by page, best page first, with the numbers of pages. */
  rankPages(ranked: RankedSections, signal?: AbortSignal): Promise<RankedPage[]>;
  /** Numbers of a page's sections, in its order; none for a page that the index lacks. */
  sectionsOf(page: string, signal?: AbortSignal): Promise<readonly number[]>;
  /** All pages of the index. */
  pages(signal?: AbortSignal): Promise<readonly PageFacts[]>;
  /**
   * What is known of sections, by their numbers in this build. Rejects with `incomplete` where a newer build has
   * taken its place: ask again for numbers, which are those of the newer one.
   */
  sections(numbers: readonly number[], signal?: AbortSignal): Promise<SectionFacts[]>;
  /** Markdown of sections, by the same numbers. */
  texts(numbers: readonly number[], signal?: AbortSignal): Promise<string[]>;
}

/** How words are suggested. */
export interface SuggestOptions {
  /** Default: 5. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

const LIMIT = 10;
const SUGGESTIONS = 5;

/**
 * Opens the index at an address, in a folder (in Node), or of a source of files.
 * @throws ReaderError `missing` if there is none, `newer` if a later siterag wrote it
 */
export async function openReader(
  from: string | URL | FileSource,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<SiteReader> {
  const source = typeof from === "string" || from instanceof URL ? filesAt(from) : from;
  const files = publishedFiles(source);
  const builds = newestBuild(source, files, await openIndex(source, files, false, signal));
  const { using } = builds;
  // The first question needs it: it comes while that is being typed. A failure is the question's.
  builds
    .current()
    .table()
    .catch(() => {});

  return {
    get manifest() {
      return builds.current().manifest;
    },
    search: (
      query,
      { limit = LIMIT, groupByPage = false, isTyping = false, signal: stop, ...filter } = {},
    ) =>
      using(async (index) => {
        const ranked = await rank(index, { query, isTyping, filter, signal: stop });
        return findHits(index, ranked, { query, limit, groupByPage, isTyping, signal: stop });
      }, stop),
    suggest: (text, { limit = SUGGESTIONS, signal: stop } = {}) =>
      using(({ terms }) => suggestWords(terms, text, limit, stop), stop),
    rank: (query, filter = {}, stop) =>
      using((index) => rank(index, { query, filter, isTyping: false, signal: stop }), stop),
    rankPages: (ranked, stop) =>
      using(
        async ({ table }) => {
          const { pageOf } = await table(stop);
          return rankPages(ranked, (section) => pageOf[section] ?? 0);
        },
        stop,
        true,
      ),
    sectionsOf: (page, stop) =>
      using(async ({ table }) => sectionsOfPage(await table(stop), page), stop),
    pages: (stop) => using(async ({ table }) => (await table(stop)).pages, stop),
    sections: (numbers, stop) =>
      using(
        (index) => Promise.all(numbers.map((one) => sectionFacts(index, one, stop))),
        stop,
        true,
      ),
    texts: (numbers, stop) =>
      using(
        (index) => Promise.all(numbers.map((one) => sectionText(index, one, stop))),
        stop,
        true,
      ),
  };
}

/** Keeps to the build that was opened, until a file of it is gone. */
function newestBuild(source: FileSource, files: PublishedFiles, opened: OpenIndex) {
  let current = opened;

  /**
   * Uses the index; if a file is gone or changed, there may be a newer build: then once more with that, unless
   * numbers are asked for, which would be those of other sections there.
   */
  async function using<Value>(
    use: (index: OpenIndex) => Promise<Value>,
    stop: AbortSignal | undefined,
    isNumbered = false,
  ): Promise<Value> {
    const used = current;
    try {
      return await use(used);
    } catch (error) {
      if (!isOutdated(error)) throw error;
      if (current === used) current = await openIndex(source, files, true, stop);
      if (isNumbered && current.manifest.table !== used.manifest.table) throw error;
      return use(current);
    }
  }

  return { current: () => current, using };
}

interface Asked {
  readonly query: string;
  readonly filter: ReaderFilter;
  readonly isTyping: boolean | undefined;
  readonly signal: AbortSignal | undefined;
}

function rank(
  { table, terms }: OpenIndex,
  { query, filter, isTyping = false, signal }: Asked,
): Promise<RankedSections> {
  const pages = table(signal).then((known) => filteredPages(known, filter));
  return rankSections(readQuestion(query, { isTyping }), terms, pages, signal);
}
