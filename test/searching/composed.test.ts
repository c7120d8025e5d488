import { expect, test } from "vitest";
import { indexSite } from "../../src/indexing/index-site.ts";
import { searchAll } from "../../src/searching/search.ts";
import { docsSite } from "../support/docs-site.ts";

test("words are found however page and query compose their characters", async () => {
  const pages = {
    "fr.md": "# Guide\n\nLe résumé est enregistré.",
    "ko.md": "# 안내\n\n서버 오류가 납니다.",
    "vi.md": "# Hướng dẫn\n\nbệnh viện",
  };
  const decomposed = Object.entries(pages).map(([id, text]) => [id, text.normalize("NFD")]);
  const { config } = await docsSite(Object.fromEntries(decomposed));
  await indexSite({ config });
  const written = ["résumé", "서버", "bệnh"];
  const queries = ["resume", ...written, ...written.map((word) => word.normalize("NFD"))];
  const answers = await searchAll({ config, queries, mode: "text" });
  expect(answers.map(({ hits }) => hits.map(({ page }) => page).join())).toEqual([
    "fr.md",
    "fr.md",
    "ko.md",
    "vi.md",
    "fr.md",
    "ko.md",
    "vi.md",
  ]);
});
