import { filesAt, type FileSource } from "./file-source.ts";
import { findHits, type ReaderHit } from "./find-hits.ts";
import type { Manifest } from "./manifest.ts";
import { openIndex, type OpenIndex } from "./open-index.ts";
import { numberedSections, rank, type NumberedSections } from "./numbered-sections.ts";
import type { ReaderFilter } from "./page-filter.ts";
import { publishedFiles, type PublishedFiles } from "./published-files.ts";
import { isOutdated } from "./reader-error.ts";
import type { PageFacts } from "./section-table.ts";
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
  /** All pages of the index. */
  pages(signal?: AbortSignal): Promise<readonly PageFacts[]>;
  /** Uses the sections of the newest build, by its numbers; once more if files of it are gone and there is a newer. */
  inNewestBuild<Value>(
    use: (build: NumberedSections) => Promise<Value>,
    signal?: AbortSignal,
  ): Promise<Value>;
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
    pages: (stop) => using(async ({ table }) => (await table(stop)).pages, stop),
    inNewestBuild: (use, stop) => using((index) => use(numberedSections(index)), stop),
  };
}

/** Keeps to the build that was opened, until a file of it is gone. */
function newestBuild(source: FileSource, files: PublishedFiles, opened: OpenIndex) {
  let current = opened;

  /** Uses the index; if a file is gone or changed, there may be a newer build: then once more with that. */
  async function using<Value>(
    use: (index: OpenIndex) => Promise<Value>,
    stop: AbortSignal | undefined,
  ): Promise<Value> {
    const used = current;
    try {
      return await use(used);
    } catch (error) {
      if (!isOutdated(error)) throw error;
      if (current === used) current = await openIndex(source, files, true, stop);
      return use(current);
    }
  }

  return { current: () => current, using };
}
