/** An earlier build of siterag: its own chunks, its own store, the pages that its search lists. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** What an earlier build knows of `content`. */
const KEYS = ["root", "include", "exclude", "baseUrl", "urlStyle", "pathStyle", "slugger"];

/** Lists the pages for each question; `options.build` is the folder of the build, `options.mode` how. */
export async function rank({ content, queries, limit, options }) {
  const { indexSite, loadConfig, searchAll } = await import(
    pathToFileURL(join(options.build, "index.js")).href
  );
  const home = mkdtempSync(join(tmpdir(), "siterag-earlier-"));
  try {
    const overrides = {
      content: Object.fromEntries(KEYS.map((key) => [key, content[key]])),
      embedding: { provider: "mock" },
      store: { uri: join(home, "db") },
    };
    const { config } = await loadConfig({ cwd: home, overrides });
    await indexSite({ config });
    const { mode } = options;
    const answers = await searchAll({ config, queries, mode, limit, groupByPage: true });
    return answers.map(({ hits }) => hits.map(({ page }) => page));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
