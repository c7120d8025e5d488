/** Pagefind over pages made of the sections, asked through its own script as a browser runs it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { close, createIndex } from "pagefind";
import { fetchFromDisk, pageHtml } from "../../pagefind-page.mjs";

export async function rank({ sections, queries, limit }) {
  const home = mkdtempSync(join(tmpdir(), "siterag-pagefind-"));
  try {
    const { index } = await createIndex({ forceLanguage: "en" });
    const pages = Map.groupBy(sections, ({ page }) => page);
    const ids = [...pages.keys()];
    for (const [at, id] of ids.entries()) {
      await index.addHTMLFile({ url: `/${at}/`, content: pageHtml(pages.get(id)) });
    }
    await index.writeFiles({ outputPath: home });
    fetchFromDisk();
    const pagefind = await import(pathToFileURL(join(home, "pagefind.js")).href);
    await pagefind.options({ basePath: `${home}/`, baseUrl: "/" });
    await pagefind.init();
    const answers = [];
    for (const query of queries) {
      const { results } = await pagefind.search(query);
      const found = await Promise.all(results.slice(0, limit).map((result) => result.data()));
      answers.push(found.map(({ raw_url: url }) => ids[Number(url.split("/")[1])]));
    }
    return answers;
  } finally {
    await close();
    rmSync(home, { recursive: true, force: true });
  }
}
