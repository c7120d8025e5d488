import { dirname } from "node:path";
import { openReader } from "../reader/open-reader.ts";
import { qualityAt, recallAt } from "../ranking/recall.ts";
import { pageUrl } from "../words/page-url.ts";
import { missOf, type CheckReport } from "./check-report.ts";
import { findPage } from "./find-page.ts";
import { readQuestions } from "./questions.ts";
import { asOurs } from "./reader-failures.ts";
import { hitsByWords } from "./search-published.ts";

/** What to ask a published readers' index. */
export interface CheckPublishedOptions {
  /** Absolute folder, or an address. */
  readonly from: string;
  /** Absolute path of the questions. */
  readonly file: string;
  /** How many pages of each answer count, 1 to 100. Default 5. */
  readonly k?: number;
  readonly signal?: AbortSignal;
}

/** The same as `checkQuestions`, by words alone: without configuration, store or LanceDB. */
export async function checkPublished(options: CheckPublishedOptions): Promise<CheckReport> {
  const { from, file, k = 5, signal } = options;
  const listed = await readQuestions(file);
  const words = await asOurs(openReader(from, { signal }));
  const pages = new Map(
    (await asOurs(words.pages(signal))).map(({ id, ...page }) => [
      id,
      { ...page, url: pageUrl(page.url) },
    ]),
  );
  const asked = listed.map(({ question, pages: wanted }) => ({
    question,
    expected: wanted.map((page) => findPage(pages, page, dirname(file))),
  }));
  const ranked = await Array.fromAsync(asked, async ({ question, expected }) => {
    signal?.throwIfAborted();
    const listing = { limit: k, groupByPage: true, mostOthers: 0, signal };
    const hits = await asOurs(hitsByWords(words, { query: question, filter: {}, ...listing }));
    return { question, expected, found: hits.map(({ page }) => page) };
  });
  const text = qualityAt(k, ranked);
  const misses = ranked.filter((one) => recallAt(k, one) < 1).map(missOf);
  const modes = { hybrid: null, vector: null, text };
  const shared = { file, questions: listed.length, mode: "text", k } as const;
  return { ...shared, ...text, modes, degraded: null, misses };
}
