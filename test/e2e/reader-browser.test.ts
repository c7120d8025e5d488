import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { makeReadersIndex } from "../../src/publishing/make-readers-index.ts";
import type { IndexedSection } from "../../src/ranking/section.ts";
import { openReader } from "../../src/reader/index.ts";
import { readQuestions } from "../../src/searching/questions.ts";
import { docsSections } from "../support/docs-sections.ts";
import { EXAMPLE, ROOT } from "../support/example-copy.ts";
import { openInFirefox, type OpenPage } from "../support/firefox.ts";
import { CHROMIUM_FLAGS } from "../support/chromium-flags.ts";
import { serveFolder, type StaticServer } from "../support/static-server.ts";

/** A folder with sets of documentation and questions, as `npm run bench:reader` takes it. */
const DOCS_SETS = process.env["SITERAG_DOCS_SETS"];

/** A page that imports the reader as a module, and what a test asks it. */
const PAGE = `<!doctype html><title>Search</title><script type="module">
import { openReader } from "/dist/reader/index.js";
window.answers = async (place, asked, ways) => {
  const reader = await openReader(place);
  const answers = [];
  for (const query of asked) {
    for (const way of ways) {
      const hits = await reader.search(query, way);
      answers.push(hits.map(({ score, snippet, url }) => [url, score, snippet.text]));
    }
  }
  return JSON.stringify(answers);
};
window.failure = (place) => openReader(place).then(() => "none", String);
</script>`;

async function openInChromium(executablePath: string, url: string): Promise<OpenPage> {
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  const page = await browser.newPage();
  await page.goto(url);
  return {
    evaluate: async (expression) => String(await page.evaluate(expression)),
    close: () => browser.close(),
  };
}

const BROWSERS = [
  ["Chromium", process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium", openInChromium],
  ["Firefox", process.env["FIREFOX_PATH"] ?? "/usr/bin/firefox-esr", openInFirefox],
] as const;

/** A site in a folder of its own, with what its readers ask. */
interface Site {
  readonly name: string;
  readonly questions: readonly string[];
}

const QUESTIONS = z.array(z.object({ set: z.string(), query: z.string() }));
const SETS = z.record(z.string(), z.record(z.string(), z.unknown()));

/** Options that change the order or the list. */
const WAYS = [{}, { groupByPage: true }, { isTyping: true }] as const;

let folder: string;
let server: StaticServer;
const sites: Site[] = [];

async function publish(name: string, sections: readonly IndexedSection[]): Promise<void> {
  const { files, manifest } = await makeReadersIndex(sections, { provider: "none", model: null });
  await mkdir(join(folder, name));
  for (const file of [...files, manifest])
    await writeFile(join(folder, name, file.name), file.bytes);
}

async function publishSets(docs: string): Promise<void> {
  const read = async (file: string): Promise<unknown> =>
    JSON.parse(await readFile(join(docs, file), "utf8"));
  const asked = QUESTIONS.parse(await read("questions.json"));
  for (const [name, settings] of Object.entries(SETS.parse(await read("sets.json")))) {
    await publish(name, await docsSections({ root: join(docs, name), ...settings }));
    const own = asked.filter(({ set }) => set === name);
    sites.push({ name, questions: own.map(({ query }) => query) });
  }
}

/** The first ten in Node over the folder: URLs and scores to the last place. */
async function answersInNode({ name, questions }: Site): Promise<unknown> {
  const reader = await openReader(join(folder, name));
  const answers = [];
  for (const query of questions) {
    for (const way of WAYS) {
      const hits = await reader.search(query, way);
      answers.push(hits.map(({ score, snippet, url }) => [url, score, snippet.text]));
    }
  }
  return answers;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "siterag-reader-"));
  await cp(join(ROOT, "dist"), join(folder, "dist"), { recursive: true });
  await writeFile(join(folder, "index.html"), PAGE);
  const content = { urlStyle: "directory", pathStyle: "starlight", slugger: "github" };
  await publish(
    "example",
    await docsSections({ root: join(EXAMPLE, "src/content/docs"), ...content }),
  );
  const golden = await readQuestions(join(EXAMPLE, "siterag.questions.yaml"));
  sites.push({ name: "example", questions: golden.map(({ question }) => question) });
  if (DOCS_SETS !== undefined) await publishSets(DOCS_SETS);
  server = await serveFolder(folder);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

describe.each(BROWSERS.filter(([, path]) => existsSync(path)))("%s", (_, path, openPage) => {
  let page: OpenPage;
  beforeAll(async () => {
    page = await openPage(path, `${server.origin}/`);
  });
  afterAll(() => page.close());

  it("finds the same first ten as Node over the same files, for every question", async () => {
    for (const site of sites) {
      const expected = await answersInNode(site);
      expect(expected, site.name).toHaveLength(site.questions.length * WAYS.length);
      const asked = [`${site.name}/`, site.questions, WAYS].map((part) => JSON.stringify(part));
      const answers: unknown = JSON.parse(await page.evaluate(`answers(${asked.join(", ")})`));
      expect(answers, site.name).toEqual(expected);
    }
  });

  it("says so where there is no index", async () => {
    expect(await page.evaluate('failure("nowhere/")')).toContain(
      "There is no search index in nowhere/",
    );
  });
});
