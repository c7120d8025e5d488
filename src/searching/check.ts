import { pageFiles } from "../content/page-files.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import { qualityAt, recallAt, type Ranked } from "../ranking/recall.ts";
import { answerFrom, embedderOf, modeOf, type SharedOptions } from "./search.ts";
import { embedQueries } from "./embed-queries.ts";
import { findPage } from "./find-page.ts";
import { missOf, type Asked, type CheckReport } from "./check-report.ts";
import { readQuestions, type Question } from "./questions.ts";
import { withReader, type IndexReader } from "../store/index-reader.ts";
import type { SearchMode } from "../words/hits.ts";
import { systemClock } from "../words/system-clock.ts";

export interface CheckOptions extends Pick<
  SharedOptions,
  "config" | "signal" | "client" | "logger" | "clock"
> {
  /** Absolute path of the questions. Default: `search.questions`. */
  readonly file?: string;
  /** The mode whose misses are listed. Default: `search.mode`. */
  readonly mode?: SearchMode;
  /** How many pages of each answer count, 1 to 100. Default 5. */
  readonly k?: number;
}

/**
 * Asks the index every question of a file and compares the hits with the expected pages. Throws
 * USAGE for a file without valid questions, INDEX_MISSING, and PAGE_UNKNOWN for an expected page
 * that is not in the index.
 */
export async function checkQuestions(options: CheckOptions): Promise<CheckReport> {
  const { config, k = 5, file = config.search.questions } = options;
  const embedder = await embedderOf(options);
  const mode = modeOf(options, embedder);
  const listed = await readQuestions(file);
  return withReader(config.store, async (reader) => {
    const pages = await reader.pages();
    const idOf = (page: string): string => findPage(pages, page, pageFiles(config.content).root);
    const questions = listed.map((one) => ({ ...one, expected: one.pages.map(idOf) }));
    const client = mode === "text" ? null : embedder;
    const embedded = client === null ? null : await embedAll(questions, reader, client, options);
    const without = [...(embedded?.values() ?? [])].find(({ vector }) => vector === null);
    const degraded = without?.reason ?? null;
    const ask = (one: SearchMode): Promise<Asked[]> =>
      Array.fromAsync(questions, async ({ question, expected }) => {
        options.signal?.throwIfAborted();
        const vector = one === "text" ? undefined : embedded?.get(question);
        const how = { ...options, mode: one, limit: k, groupByPage: true };
        const { hits } = await answerFrom(reader, question, vector, how);
        return { question, expected, found: hits.map(({ page }) => page) };
      });
    const hasVectors = mode !== "text" && degraded === null;
    const text = await ask("text");
    const hybrid = hasVectors ? await ask("hybrid") : null;
    const vector = hasVectors ? await ask("vector") : null;
    const ranked = { hybrid, vector, text }[mode] ?? text;
    const qualityOf = (one: Ranked[] | null) => (one === null ? null : qualityAt(k, one));
    const modes = { hybrid: qualityOf(hybrid), vector: qualityOf(vector), text: qualityOf(text) };
    const quality = qualityAt(k, ranked);
    const misses = ranked.filter((one) => recallAt(k, one) < 1).map(missOf);
    return { file, questions: listed.length, mode, k, ...quality, modes, degraded, misses };
  });
}

/** The vectors of all questions, from one call of the client. */
function embedAll(
  asked: readonly Question[],
  reader: IndexReader,
  client: EmbeddingClient,
  { clock = systemClock, config, logger, signal }: CheckOptions,
) {
  const { cutoffAfter } = config.queries;
  const queries = asked.map(({ question }) => question);
  return embedQueries(queries, client, reader, { clock, signal, logger, cutoffAfter });
}
