import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { indexSite } from "../../src/indexing/index-site.ts";
import { configSchema } from "../../src/providers/load-config.ts";
import { memorySource } from "../../src/ranking/memory-source.ts";
import { readQuestion } from "../../src/ranking/question.ts";
import { rankPages } from "../../src/ranking/rank-pages.ts";
import { rankSections } from "../../src/ranking/rank-sections.ts";
import { indexSections } from "../../src/ranking/section-index.ts";
import { WEIGHTS, type RankingWeights } from "../../src/ranking/weights.ts";
import { searchAll } from "../../src/searching/search.ts";
import { LIMIT, type Engine } from "./engines.ts";

/** The side by words with any weights, over an index in memory. */
export const textInMemory =
  (weights: RankingWeights = WEIGHTS): Engine =>
  async ({ questions, sections }) => {
    const source = memorySource(indexSections(sections, weights));
    const ids = [...new Set(sections.map(({ page }) => page))];
    const numbers = new Map(ids.map((id, at) => [id, at]));
    const pageOf = (section: number): number => numbers.get(sections[section]?.page ?? "") ?? 0;
    const pages = { pageOf, isAllowed: () => true };
    const answers: string[][] = [];
    for (const { query } of questions) {
      const ranked = await rankSections(readQuestion(query), source, pages, undefined, weights);
      const best = rankPages(ranked, pageOf, weights).slice(0, LIMIT);
      answers.push(best.map(({ page }) => ids[page] ?? ""));
    }
    return answers;
  };

/** The whole product over a store, vectors by the mock provider. */
export const search =
  (mode: "text" | "hybrid"): Engine =>
  async ({ content, questions }) => {
    const home = mkdtempSync(join(tmpdir(), "siterag-relevance-"));
    try {
      const store = { uri: join(home, "db") };
      const config = configSchema.parse({ content, embedding: { provider: "mock" }, store });
      await indexSite({ config });
      const queries = questions.map(({ query }) => query);
      const answers = await searchAll({ config, queries, mode, limit: LIMIT, groupByPage: true });
      return answers.map(({ hits }) => hits.map(({ page }) => page));
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  };
