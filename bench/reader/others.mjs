/**
 * What other searches send for the same pages and questions, and the size of siterag's own script. Runs as a
 * process of its own: reads a task as JSON from a file, prints the figures as JSON.
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import MiniSearch from "minisearch";
import { close, createIndex } from "pagefind";
import { rolldown } from "rolldown";
import { fetchFromDisk, pageHtml } from "../pagefind-page.mjs";

const VISIBLE = 5;
/** Bytes of the files that Pagefind's script asks for; its own are compressed, scripts are not. */
function countFetches() {
  const counted = { bytes: 0, requests: 0 };
  fetchFromDisk((bytes) => {
    counted.bytes += gzipSync(bytes).length;
    counted.requests += 1;
  });
  return counted;
}

async function measurePagefind({ questions, sections }) {
  const home = mkdtempSync(join(tmpdir(), "siterag-pagefind-"));
  try {
    const { index } = await createIndex({ forceLanguage: "en" });
    const pages = [...Map.groupBy(sections, ({ page }) => page).values()];
    for (const [at, own] of pages.entries()) {
      await index.addHTMLFile({ url: `/${at}/`, content: pageHtml(own) });
    }
    await index.writeFiles({ outputPath: home });
    const script = join(home, "pagefind.js");
    const first = [];
    for (const [at, query] of questions.entries()) {
      const counted = countFetches();
      const pagefind = await import(`${pathToFileURL(script).href}?${at}`);
      await pagefind.options({ basePath: `${home}/`, baseUrl: "/" });
      await pagefind.init();
      const { results } = await pagefind.search(query);
      await Promise.all(results.slice(0, VISIBLE).map((result) => result.data()));
      first.push(counted.bytes);
      await pagefind.destroy();
    }
    return {
      first,
      script: gzipSync(readFileSync(script)).length,
      wasm: statSync(join(home, "wasm.en.pagefind")).size,
    };
  } finally {
    await close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** The whole index with the settings of VitePress's local search, which is sent before the first letter. */
function measureMiniSearch({ sections }) {
  const ids = new Set();
  const isNew = ({ id }) => !ids.has(id) && ids.add(id);
  const index = new MiniSearch({
    fields: ["title", "titles", "text"],
    storeFields: ["title", "titles"],
  });
  index.addAll(
    sections
      .map(({ heading, text, title, trail, url }) => ({
        id: url + (heading ?? "") + trail.join("/"),
        title: heading ?? title,
        titles: heading === null ? [] : [title, ...trail],
        text,
      }))
      .filter(isNew),
  );
  return gzipSync(JSON.stringify(index)).length;
}

/** Bundled and minified as the package's own build does it. */
async function measureScript(entry) {
  const built = await rolldown({ input: entry });
  const { output } = await built.generate({ format: "esm", minify: true });
  await built.close();
  return gzipSync(output[0].code).length;
}

const task = JSON.parse(readFileSync(process.argv[2], "utf8"));
const script = await measureScript(task.entry);
const sites = [];
for (const site of task.sites) {
  sites.push({ pagefind: await measurePagefind(site), miniSearch: measureMiniSearch(site) });
}
process.stdout.write(`${JSON.stringify({ script, sites })}\n`);
