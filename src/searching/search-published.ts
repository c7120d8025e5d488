import { openReader, type SiteReader } from "../reader/open-reader.ts";
import type { Hit, SearchAnswer } from "../words/hits.ts";
import { findByWords, type Wanted } from "./find-sections.ts";
import { listHits, type Listing } from "./list-hits.ts";
import { asOurs } from "./reader-failures.ts";
import type { SharedOptions } from "./search.ts";

/** How to search, and where the files are. */
export interface PublishedOptions extends Pick<
  SharedOptions,
  "limit" | "filter" | "groupByPage" | "signal"
> {
  /** Absolute folder, or an address. */
  readonly from: string;
  readonly queries: readonly string[];
}

const LIMIT = 10;

/** Other hits of a page that are listed. */
const MOST_OTHERS = 3;

/**
 * Answers each query by its words; the answers are in the order of the queries. Throws INDEX_MISSING if
 * there is no index at that place.
 */
export const searchPublished = ({
  from,
  queries,
  limit = LIMIT,
  filter = {},
  groupByPage = false,
  signal,
}: PublishedOptions): Promise<SearchAnswer[]> =>
  asOurs(
    openReader(from, { signal }).then((words) =>
      Array.fromAsync(queries, async (query): Promise<SearchAnswer> => {
        signal?.throwIfAborted();
        const listing = { limit, groupByPage, mostOthers: MOST_OTHERS, signal };
        const hits = await hitsByWords(words, { query, filter, ...listing });
        return { query, mode: "text", degraded: null, pending: 0, hits };
      }),
    ),
  );

/** Finds by words alone; once more if a newer build is published meanwhile. */
export const hitsByWords = (
  words: SiteReader,
  wanted: Listing & Pick<Wanted, "filter">,
): Promise<Hit[]> =>
  words.inNewestBuild(
    async (build) => listHits(build, await findByWords(build, wanted), wanted),
    wanted.signal,
  );
