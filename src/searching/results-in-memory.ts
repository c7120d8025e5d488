import type { ResolvedConfig } from "../config/schema.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import type { FileSource } from "../reader/file-source.ts";
import { wordsOf } from "./open-words.ts";
import type { MemoryIndex } from "../store/memory-index.ts";
import { withView } from "../store/open-store.ts";
import type { SearchAnswer } from "../words/hits.ts";
import type { Clock } from "../words/types.ts";
import { answerFromStored } from "./answers.ts";
import { relatedIn, type PageNeighbours } from "./related.ts";

interface AnswerOptions {
  readonly config: ResolvedConfig;
  readonly client: EmbeddingClient;
  readonly clock: Clock;
}

/**
 * The related pages of a site in memory after some of its pages have changed: only their lists are made anew, those
 * that name them, and those of the pages now near to them.
 */
export function relatedInMemory(
  index: MemoryIndex,
  before: readonly PageNeighbours[],
  touched: ReadonlySet<string>,
  limit: number,
): Promise<PageNeighbours[]> {
  const isTouched = (page: string): boolean => touched.has(page);
  return index.read(async (reader) => {
    const known = new Map(before.map((one) => [one.page, one]));
    const isStale = (page: string): boolean => {
      const list = known.get(page)?.related;
      return list === undefined || [page, ...list.map((near) => near.page)].some(isTouched);
    };
    const pages = await reader.pages();
    const stale = await relatedIn(reader, limit, pages, isStale);
    const ofTouched = stale.filter(({ page }) => touched.has(page));
    const near = new Set(ofTouched.flatMap(({ related }) => related.map(({ page }) => page)));
    const nearby = await relatedIn(
      reader,
      limit,
      pages,
      (page) => near.has(page) && !isStale(page),
    );
    const fresh = new Map([...stale, ...nearby].map((one) => [one.page, one]));
    return [...pages.keys()].sort().flatMap((page) => fresh.get(page) ?? known.get(page) ?? []);
  });
}

/** Answers `search.queries` of the configuration; `source` has the words of the same rows. Sends nothing. */
export function answersInMemory(
  index: MemoryIndex,
  source: FileSource,
  { client, clock, config }: AnswerOptions,
): Promise<SearchAnswer[]> {
  return index.read(async (reader) => {
    const words = await wordsOf(source, true);
    const stored = { target: config.store, space: client.space, clock };
    return withView(stored, ({ queries }) =>
      answerFromStored(reader, words, queries, { config, client }),
    );
  });
}
