/** LanceDB's full-text index with its own settings: title, heading and text, any word of the question. */
import * as lancedb from "@lancedb/lancedb";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { firstPages } from "./first-pages.mjs";

const BOOSTS = { title: 3, heading: 5, text: 1 };

export async function rank({ sections, queries, limit }) {
  const home = mkdtempSync(join(tmpdir(), "siterag-lancedb-"));
  try {
    const db = await lancedb.connect(home);
    const table = await db.createTable(
      "sections",
      sections.map(({ heading, page, text, title }) => ({
        page,
        title,
        heading: heading ?? "",
        text,
      })),
    );
    for (const column of Object.keys(BOOSTS)) {
      await table.createIndex(column, { config: lancedb.Index.fts() });
    }
    const answers = [];
    for (const query of queries) {
      const columns = Object.entries(BOOSTS).map(([column, boost]) => [
        lancedb.Occur.Should,
        new lancedb.MatchQuery(query, column, { boost }),
      ]);
      const found = await table
        .query()
        .fullTextSearch(new lancedb.BooleanQuery(columns))
        .select(["page", "_score"])
        .limit(10 * limit)
        .toArray();
      answers.push(
        firstPages(
          found.map(({ page }) => page),
          limit,
        ),
      );
    }
    return answers;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
