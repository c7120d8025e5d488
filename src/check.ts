import type { ResolvedConfig } from "./config/schema.ts";
import type { EmbeddingClient } from "./embedding/client.ts";
import { qualityAt, recallAt } from "./ranking/recall.ts";
import type { Quality } from "./ranking/recall.ts";
import { searchAll } from "./search.ts";
import { findPage } from "./searching/find-page.ts";
import { readQuestions } from "./searching/questions.ts";
import { withReader } from "./store/index-reader.ts";
import type { SearchMode } from "./types.ts";

export interface CheckOptions {
  /** With absolute paths, as `loadConfig` gives it. */
  readonly config: ResolvedConfig;
  /** Absolute path of the questions. Default: `search.questions`. */
  readonly file?: string;
  /** The mode whose misses are listed. Default: `search.mode`. */
  readonly mode?: SearchMode;
  /** Pages of an answer that count, 1 to 100: its hits grouped by page. Default 5. */
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
  /** The same questions in every mode, for comparison. */
  readonly modes: Readonly<Record<SearchMode, Quality>>;
  /** Why answers were poorer than asked for, or null. */
  readonly degraded: string | null;
  readonly misses: readonly Miss[];
}

/**
 * Asks the index every question of a file and compares the hits with the expected pages.
 * Throws USAGE for a file that is not one of questions, INDEX_MISSING, and PAGE_UNKNOWN for an
 * expected page that the index does not hold.
 */
export async function checkQuestions(options: CheckOptions): Promise<CheckReport> {
  const { config, k = 5, mode = config.search.mode, file = config.search.questions } = options;
  const questions = await readQuestions(file);
  const expected = await withReader(config.store, async (reader) => {
    const pages = await reader.pages();
    return questions.map((question) => question.pages.map((page) => findPage(pages, page)));
  });
  const asked = questions.map(({ question }) => question);
  const ask = async (one: SearchMode) => {
    const answers = await searchAll({
      ...options,
      queries: asked,
      mode: one,
      limit: k,
      groupByPage: true,
    });
    const found = answers.map(({ hits }) => hits.map(({ page }) => page));
    const ranked = found.map((pages, at) => ({ expected: expected[at] ?? [], found: pages }));
    const degraded = answers.find((answer) => answer.degraded !== null)?.degraded ?? null;
    return { ranked, degraded, quality: qualityAt(k, ranked) };
  };
  const all = { hybrid: await ask("hybrid"), vector: await ask("vector"), text: await ask("text") };
  const { ranked, degraded, quality } = all[mode];
  const misses = ranked.flatMap((one, at) =>
    recallAt(k, one) === 1
      ? []
      : [
          {
            question: asked[at] ?? "",
            missing: one.expected.filter((page) => !one.found.includes(page)),
            found: one.found,
          },
        ],
  );
  const modes = {
    hybrid: all.hybrid.quality,
    vector: all.vector.quality,
    text: all.text.quality,
  };
  return { file, questions: asked.length, mode, k, ...quality, modes, degraded, misses };
}
