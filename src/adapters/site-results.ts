import { answerQueries } from "../searching/answers.ts";
import type { Environment } from "../config/environment.ts";
import { createClient } from "../providers/create-client.ts";
import { loadConfig, type SiteragConfig } from "../providers/load-config.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import type { ErrorCode } from "../words/errors.ts";
import { SiteragError } from "../words/errors.ts";
import { indexSite } from "../indexing/index-site.ts";
import { readStatus } from "../upkeep/status.ts";
import { relatedOfAll } from "../searching/related.ts";
import type { PageNeighbours } from "../searching/related.ts";
import type { Logger, SearchAnswer } from "../words/types.ts";
import type { IndexReport } from "../words/reports.ts";

/** What a host's pages can show: plain data, without anything of the key or the store. */
export interface SiteResults {
  /** Every page of the index with the pages near it. */
  readonly pages: readonly PageNeighbours[];
  /** Answers to `search.queries`, in their order. */
  readonly answers: readonly SearchAnswer[];
  /** What every URL of theirs begins with. */
  readonly baseUrl: string;
}

/** Where nothing was or could be found. */
export const NO_RESULTS: SiteResults = { pages: [], answers: [], baseUrl: "/" };

export interface SiteResultsOptions {
  /** Folder of the host's site: the configuration is searched from here. */
  readonly cwd: string;
  /** Options given to the plugin; they win over the configuration file. */
  readonly overrides?: SiteragConfig;
  /** Variables of the environment. Default: none is set. */
  readonly environment?: Environment;
  readonly logger: Logger;
  /** Whether a wrong configuration, too, is only warned of, as beside a running dev server. */
  readonly isForgiving?: boolean;
  /** Default: the one that the configuration names. */
  readonly client?: EmbeddingClient;
}

/** Who builds a site waits for it; the next build collects what has not come. */
const HOST_DEADLINE_MINUTES = 2;

/** What the author of the site has to put right; everything else must not stop a site's build. */
const WRONG_CONFIGURATION: ReadonlySet<ErrorCode> = new Set([
  "CONFIG_INVALID",
  "CONFIG_UNREADABLE",
  "CONTENT_ROOT_MISSING",
]);

/**
 * What a host's build does before it renders: index the site, find related pages, answer the
 * listed queries. A failure is a warning, and the results are those of the last index, or none; only
 * a wrong configuration throws.
 */
export async function buildSiteResults(options: SiteResultsOptions): Promise<SiteResults> {
  const { cwd, overrides = {}, environment = {}, logger } = options;
  try {
    const { config } = await loadConfig({ cwd, overrides, environment });
    const { client = createClient(config) } = options;
    const deadlineMinutes = HOST_DEADLINE_MINUTES;
    const report = await indexSite({ config, client, logger, deadlineMinutes }).catch(
      async (error: unknown) => {
        if ((await readStatus({ config })).index === null || isWrong(error)) throw error;
        logger.warn(`The index is as the last build left it: ${messageOf(error)}`);
        return null;
      },
    );
    if (report !== null) logger.info(indexSentence(report));
    const pages = await relatedOfAll({ config });
    const { answers, sent } = await answerQueries({ config, client }).catch((error: unknown) => {
      logger.warn(`No answers in this build: ${messageOf(error)}`);
      return { answers: [], sent: 0 };
    });
    warnOfPoorAnswers(answers, logger);
    logger.info(resultsSentence(pages.length, answers.length, sent));
    return { pages, answers, baseUrl: config.content.baseUrl };
  } catch (error) {
    if (isWrong(error) && options.isForgiving !== true) throw error;
    logger.warn(`No related pages and no answers in this build: ${messageOf(error)}`);
    return NO_RESULTS;
  }
}

const isWrong = (error: unknown): boolean =>
  error instanceof SiteragError && WRONG_CONFIGURATION.has(error.code);

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

function indexSentence({ pages, chunks, usage, enrichment, durationMs }: IndexReport): string {
  const { sentences = 0 } = enrichment ?? {};
  const work = [
    ...(usage.calls > 0 ? [count(usage.calls, "call")] : []),
    ...(usage.jobs > 0 ? [count(usage.jobs, "job")] : []),
    ...(sentences > 0 ? [`${count(sentences, "sentence")} of context`] : []),
  ];
  const changes = `${chunks.added} added, ${chunks.reused} reused, ${chunks.pending} pending`;
  const seconds = (durationMs / 1000).toFixed(1);
  const site = `${count(pages, "page")}, ${count(chunks.total, "chunk")}`;
  return `indexed ${site} (${changes}) in ${seconds} s: ${work.join(", ") || "no call"}`;
}

function resultsSentence(pages: number, answers: number, sent: number): string {
  const calls = sent === 0 ? "no call" : `${sent} embedded together`;
  return `related pages for ${count(pages, "page")}, answers to ${answers} queries: ${calls}`;
}

const count = (value: number, noun: string): string => `${value} ${noun}${value === 1 ? "" : "s"}`;

function warnOfPoorAnswers(answers: readonly SearchAnswer[], logger: Logger): void {
  const reasons = new Set(answers.flatMap(({ degraded }) => degraded ?? []));
  for (const reason of reasons) logger.warn(`Answers by full text alone: ${reason}`);
}
