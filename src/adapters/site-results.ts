import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ResolvedConfig } from "../config/schema.ts";
import { answerQueries } from "../searching/answers.ts";
import type { RelatedKeeper } from "../searching/kept-related.ts";
import { relatedOfAll, type PageNeighbours } from "../searching/related.ts";
import { count } from "../words/amounts.ts";
import { SiteragError } from "../words/errors.ts";
import type { SearchAnswer } from "../words/hits.ts";
import { orWarn, type BuildWork } from "./build-work.ts";
import { replaceFile } from "./replace-file.ts";
import type { IndexState } from "./update-index.ts";

/** What a host's pages can show: plain data, without the key and the place of the store. */
export interface SiteResults {
  /** Every page of the index with the pages near it. */
  readonly pages: readonly PageNeighbours[];
  /** Answers to `search.queries`, in their order. */
  readonly answers: readonly SearchAnswer[];
  /** What every URL of the site starts with. */
  readonly baseUrl: string;
  /** Related pages that a host shows below each page; 0: none. */
  readonly related: number;
  /** `build.search` of the configuration: which search pages get. */
  readonly search: ResolvedConfig["build"]["search"];
}

/** The results while siterag is off. */
export const NO_RESULTS: SiteResults = {
  pages: [],
  answers: [],
  baseUrl: "/",
  related: 0,
  search: "off",
};

/** Results without anything from the index. */
export const emptyResults = ({ build, content }: ResolvedConfig): SiteResults => ({
  ...NO_RESULTS,
  baseUrl: content.baseUrl,
  related: build.related,
  search: build.search,
});

/** Related pages in the lists of a site that shows none by itself: its own pages may show them. */
const OWN_PAGES = 5;

/** Related pages in a list. */
export const listLength = ({ build }: ResolvedConfig): number => build.related || OWN_PAGES;

/** To compare the vectors of all pages takes seconds on a large site. */
function relatedKeeper({ config, directory }: BuildWork): RelatedKeeper {
  // Docusaurus builds an index for each language.
  const path = join(directory, `.siterag/related-${config.store.index}.json`);
  return {
    read: () => readFile(path, "utf8").catch(() => null),
    // Without the file, the next build compares the pages again.
    write: (text) => replaceFile(path, text).catch(() => undefined),
  };
}

/** The related pages of all pages, as of the published index. Throws INDEX_MISSING. */
export const relatedPages = (work: BuildWork): Promise<PageNeighbours[]> =>
  relatedOfAll(work.config.store, listLength(work.config), relatedKeeper(work));

/** Finds the related pages of all pages, and answers the listed queries. */
export async function siteResults(
  work: BuildWork,
  { isPending }: Pick<IndexState, "isPending">,
): Promise<SiteResults> {
  const { client, config, logger } = work;
  const pages = await orWarn(work, relatedPages(work), "This build has no related pages", []);
  if (config.search.queries.length === 0) return { ...emptyResults(config), pages };
  const answering = answerQueries({ config, client, logger });
  const answered = await orWarn(work, answering, "This build has no answers", null);
  const { answers, sent } = answered ?? { answers: [], sent: 0 };
  const reasons = new Set(answers.flatMap(({ degraded }) => degraded ?? []));
  for (const reason of reasons) {
    const sentence = `Answers come from full-text search only: ${reason}`;
    const { build, queries } = config;
    // With a cutoff, they may come from it because the author wants it so.
    if (build.strict && queries.cutoffAfter === null) {
      throw new SiteragError("EMBEDDING_FAILED", sentence);
    }
    // If texts wait for vectors, the log says already why.
    if (isPending) logger.info(sentence);
    else logger.warn(sentence);
  }
  const calls = sent === 0 ? "no call" : `${sent} embedded together`;
  logger.info(`answers to ${count(answers.length, "query", "queries")}: ${calls}`);
  return { ...emptyResults(config), pages, answers };
}
