import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { z } from "zod";
import { makeReadersIndex } from "../../src/publishing/make-readers-index.ts";
import { CHROMIUM_FLAGS } from "../../test/support/chromium-flags.ts";
import { docsSections } from "../../test/support/docs-sections.ts";
import { serveFolder } from "../../test/support/static-server.ts";
import { LIMIT, type Engine } from "./engines.ts";

const PAGE = `<!doctype html><title>Search</title><script type="module">
import { openReader } from "/dist/reader/index.js";
window.pages = async (queries, limit) => {
  const reader = await openReader("/index/");
  const answers = [];
  for (const query of queries) {
    const hits = await reader.search(query, { groupByPage: true, limit });
    answers.push(hits.map(({ page }) => page));
  }
  return answers;
};
</script>`;
const ANSWERS = z.array(z.array(z.string()));

/** The built reader in Chromium over the index that siterag publishes: what a site's reader is shown. */
export const inChromium: Engine = async ({ content, questions }) => {
  const home = mkdtempSync(join(tmpdir(), "siterag-relevance-"));
  await cp("dist", join(home, "dist"), { recursive: true });
  writeFileSync(join(home, "index.html"), PAGE);
  mkdirSync(join(home, "index"));
  const about = { provider: "none", model: null };
  const { files, manifest } = await makeReadersIndex(await docsSections(content), about);
  for (const { bytes, name } of [manifest, ...files])
    writeFileSync(join(home, "index", name), bytes);
  const server = await serveFolder(home);
  const executablePath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  try {
    const page = await browser.newPage();
    await page.goto(`${server.origin}/`);
    const queries = JSON.stringify(questions.map(({ query }) => query));
    return ANSWERS.parse(await page.evaluate(`pages(${queries}, ${LIMIT})`));
  } finally {
    await browser.close();
    await server.close();
    rmSync(home, { recursive: true, force: true });
  }
};
