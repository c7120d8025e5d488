import { answerQueries } from "../searching/answers.ts";
import type { ResolvedConfig } from "../config/schema.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import { SiteragError, toError, type ErrorCode } from "../words/errors.ts";
import { indexSite, type IndexOptions } from "../indexing/index-site.ts";
import { count, countIfAny } from "../words/amounts.ts";
import { readStatus } from "../upkeep/status.ts";
import { relatedOfAll, type PageNeighbours } from "../searching/related.ts";
import type { SearchAnswer } from "../words/hits.ts";
import type { Logger } from "../words/types.ts";
import type { IndexReport } from "../words/reports.ts";

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

/** What a build works with. */
export interface BuildWork {
  readonly config: ResolvedConfig;
  readonly client: EmbeddingClient;
  readonly logger: Logger;
}

/** Longest wait for batch jobs in a build; the next build collects the rest. */
const HOST_DEADLINE_MINUTES = 2;

/** Errors that the site's author has to correct. No other error stops the site's build. */
const WRONG_CONFIGURATION: ReadonlySet<ErrorCode> = new Set([
  "CONFIG_INVALID",
  "CONFIG_UNREADABLE",
  "CONTENT_ROOT_MISSING",
]);

/**
 * What a host's build does before it renders: index the site, find related pages, answer the listed
 * queries. A site that is read from its HTML is not there yet: then the last index answers. If something
 * fails, it warns and uses the last index, or returns no results. Only a wrong configuration throws.
 */
export async function siteResults({ config, client, logger }: BuildWork): Promise<SiteResults> {
  const { baseUrl } = config.content;
  const { related, search } = config.build;
  try {
    const deadlineMinutes = HOST_DEADLINE_MINUTES;
    // A fork's pull request has no key.
    const options = { config, client, logger, deadlineMinutes, isKeyOptional: true };
    if (config.content.from === "html") logger.info(NOT_BUILT_YET);
    else await bringUpToDate(options);
    const pages = await relatedOfAll(config.store);
    const answering = answerQueries({ config, client, logger });
    const { answers, sent } = await answering.catch((error: unknown) => {
      logger.warn(`This build has no answers: ${toError(error).message}`);
      return { answers: [], sent: 0 };
    });
    const reasons = new Set(answers.flatMap(({ degraded }) => degraded ?? []));
    for (const reason of reasons) logger.warn(`Answers come from full-text search only: ${reason}`);
    logger.info(resultsSentence(pages.length, answers.length, sent));
    return { pages, answers, baseUrl, related, search };
  } catch (error) {
    if (isWrong(error)) throw error;
    logger.warn(`This build has no related pages and no answers: ${toError(error).message}`);
    return { ...NO_RESULTS, baseUrl, related, search };
  }
}

const NOT_BUILT_YET =
  'content.from is "html", and the pages of this build are not there yet: related pages and answers come from the last index. Run `siterag index` after the build.';

/** Indexes the site. If that fails, the last index stays in use, with a warning; without one, it throws. */
async function bringUpToDate(options: IndexOptions & { readonly logger: Logger }): Promise<void> {
  const { config, logger } = options;
  const report = await indexSite(options).catch(async (error: unknown) => {
    if ((await readStatus({ config })).index === null || isWrong(error)) throw error;
    logger.warn(`Indexing failed, so this build uses the last index: ${toError(error).message}`);
    return null;
  });
  if (report !== null) logger.info(indexSentence(report));
}

const isWrong = (error: unknown): boolean =>
  error instanceof SiteragError && WRONG_CONFIGURATION.has(error.code);

function indexSentence({ pages, chunks, usage, enrichment, durationMs }: IndexReport): string {
  const { sentences = 0 } = enrichment ?? {};
  const work = [
    ...countIfAny(usage.calls, "call"),
    ...countIfAny(usage.jobs, "job"),
    ...(sentences > 0 ? [`${count(sentences, "sentence")} of context`] : []),
  ];
  const changes = `${chunks.added} added, ${chunks.reused} reused, ${chunks.pending} pending`;
  const seconds = (durationMs / 1000).toFixed(1);
  const site = `${count(pages, "page")}, ${count(chunks.total, "chunk")}`;
  return `indexed ${site} (${changes}) in ${seconds} s: ${work.join(", ") || "no call"}`;
}

function resultsSentence(pages: number, answers: number, sent: number): string {
  const calls = sent === 0 ? "no call" : `${sent} embedded together`;
  const queries = count(answers, "query", "queries");
  return `related pages for ${count(pages, "page")}, answers to ${queries}: ${calls}`;
}
