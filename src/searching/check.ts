import type { ResolvedConfig } from "../config/schema.ts";
import { createClient } from "../providers/create-client.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import { qualityAt, recallAt, type Quality, type Ranked } from "../ranking/recall.ts";
import { answerFrom, type SharedOptions } from "./search.ts";
import { embedQueries, type EmbeddedQuery } from "./embed-queries.ts";
import { findPage } from "./find-page.ts";
import { readQuestions } from "./questions.ts";
import { withReader, type IndexReader } from "../store/index-reader.ts";
import type { SearchMode } from "../words/types.ts";

export interface CheckOptions {
  /** With absolute paths, as `loadConfig` gives it. */
  readonly config: ResolvedConfig;
  /** Absolute path of the questions. Default: `search.questions`. */
  readonly file?: string;
  /** The mode whose misses are listed. Default: `search.mode`. */
  readonly mode?: SearchMode;
  /** How many pages of each answer count, 1 to 100. Default 5. */
  readonly k?: number;
  readonly signal?: AbortSignal;
  /** Default: the one that the configuration names. */
  readonly client?: EmbeddingClient;
}

/** A question with an expected page that is not among the k best pages. */
interface Miss {
  readonly question: string;
  /** Ids of the expected pages that were not found. */
  readonly missing: readonly string[];
  /** Ids of the k best pages, best first. */
  readonly found: readonly string[];
}

/** How well the index answers a set of questions. */
export interface CheckReport extends Quality {
  readonly file: string;
  readonly questions: number;
  readonly mode: SearchMode;
  readonly k: number;
  /**
   * The same questions in every mode, for comparison. Null if the mode did not run: full text was
   * asked for, or some question has no vector.
   */
  readonly modes: Readonly<Record<SearchMode, Quality | null>>;
  /** Why full text answered all questions although another mode was asked for, or null. */
  readonly degraded: string | null;
  readonly misses: readonly Miss[];
}

/**
 * Asks the index every question of a file and compares the hits with the expected pages. Throws
 * USAGE for a file without valid questions, INDEX_MISSING, and PAGE_UNKNOWN for an expected page
 * that is not in the index.
 */
export async function checkQuestions(options: CheckOptions): Promise<CheckReport> {
  const { config, k = 5, mode = config.search.mode, file = config.search.questions } = options;
  const questions = await readQuestions(file);
  return withReader(config.store, async (reader) => {
    const pages = await reader.pages();
    const { root } = config.content;
    const expected = questions.map((one) => one.pages.map((page) => findPage(pages, page, root)));
    const asked = questions.map(({ question }) => question);
    const embedded = mode === "text" ? [] : await embedAll(asked, reader, options);
    const degraded = embedded.find(({ vector }) => vector === null)?.reason ?? null;
    const ask = async (one: SearchMode): Promise<readonly Ranked[]> => {
      const found = await askAll(asked, embedded, reader, { ...options, mode: one, limit: k });
      return found.map((ids, at) => ({ expected: expected[at] ?? [], found: ids }));
    };
    const hasVectors = mode !== "text" && degraded === null;
    const text = await ask("text");
    const hybrid = hasVectors ? await ask("hybrid") : null;
    const vector = hasVectors ? await ask("vector") : null;
    const ranked = { hybrid, vector, text }[mode] ?? text;
    const modes = {
      hybrid: hybrid === null ? null : qualityAt(k, hybrid),
      vector: vector === null ? null : qualityAt(k, vector),
      text: qualityAt(k, text),
    };
    const misses = missesOf(ranked, asked, k);
    const quality = qualityAt(k, ranked);
    return { file, questions: asked.length, mode, k, ...quality, modes, degraded, misses };
  });
}

/** Ids of the pages found for each question, best first. */
async function askAll(
  asked: readonly string[],
  embedded: readonly EmbeddedQuery[],
  reader: IndexReader,
  options: SharedOptions,
): Promise<string[][]> {
  const found: string[][] = [];
  for (const [at, question] of asked.entries()) {
    options.signal?.throwIfAborted();
    const vector = options.mode === "text" ? undefined : embedded[at];
    const how = { ...options, groupByPage: true };
    const { hits } = await answerFrom(reader, question, vector, how);
    found.push(hits.map(({ page }) => page));
  }
  return found;
}

/** The vectors of all questions, from one call of the client. */
const embedAll = (
  asked: readonly string[],
  reader: IndexReader,
  { config, client = createClient(config), signal }: CheckOptions,
): Promise<EmbeddedQuery[]> =>
  embedQueries(asked, client, reader, { signal, cutoffAfter: config.queries.cutoffAfter });

const missesOf = (ranked: readonly Ranked[], asked: readonly string[], k: number): Miss[] =>
  ranked.flatMap((one, at) =>
    recallAt(k, one) === 1
      ? []
      : {
          question: asked[at] ?? "",
          missing: one.expected.filter((page) => !one.found.includes(page)),
          found: one.found,
        },
  );
