import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { configSchema } from "../../src/providers/load-config.ts";
import type { ResolvedConfig } from "../../src/config/schema.ts";
import { indexSite } from "../../src/indexing/index-site.ts";
import { publishIndex } from "../../src/publishing/publish-index.ts";
import type { FileSource } from "../../src/reader/file-source.ts";
import { openReader, type SiteReader } from "../../src/reader/open-reader.ts";
import { checkPublished } from "../../src/searching/check-published.ts";
import { checkQuestions } from "../../src/searching/check.ts";
import { readQuestions } from "../../src/searching/questions.ts";
import { hitsByWords, searchPublished } from "../../src/searching/search-published.ts";
import { searchAll } from "../../src/searching/search.ts";
import { section } from "../publishing/sections.ts";
import { GARDEN, indexOf, memoryFiles } from "../reader/published-site.ts";
import type { SearchAnswer } from "../../src/words/hits.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const EXAMPLE = join(import.meta.dirname, "../../example-site");
const QUESTIONS = join(EXAMPLE, "siterag.questions.yaml");

let folder = "";
let config: ResolvedConfig;
let out: string;
let questions: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "siterag-published-"));
  config = configSchema.parse({
    embedding: { provider: "none" },
    content: { root: join(EXAMPLE, "src/content/docs"), pathStyle: "starlight" },
    search: { questions: QUESTIONS },
    store: { uri: join(folder, "db") },
  });
  out = join(folder, "published");
  await indexSite({ config });
  await publishIndex({ config, out });
  questions = (await readQuestions(QUESTIONS)).map(({ question }) => question);
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

test("all golden questions have the same first ten hits over the store and over the files", async () => {
  expect(questions.length).toBeGreaterThan(10);
  const reader = await openReader(out);
  for (const groupByPage of [false, true]) {
    const stored = await searchAll({ config, queries: questions, mode: "text", groupByPage });
    const published = await searchPublished({ from: out, queries: questions, groupByPage });
    expect(published).toEqual(stored.map(asPublished));
    for (const { query, hits } of stored) {
      const found = await reader.search(query, { limit: 10, groupByPage });
      expect(
        found.map(({ score, url }) => [url, score]),
        query,
      ).toEqual(hits.map(({ score, url }) => [url, score]));
      expect(hits, query).not.toEqual([]);
    }
  }
}, 120_000);

/** Where each further section may need a request, a page lists three of them. */
const asPublished = ({ hits, ...answer }: SearchAnswer): SearchAnswer => ({
  ...answer,
  hits: hits.map(({ others, ...hit }) =>
    others === undefined ? hit : { ...hit, others: others.slice(0, 3) },
  ),
});

test("checking the files finds what checking the store by words finds", async () => {
  const { modes, ...stored } = await checkQuestions({ config, mode: "text", k: 5 });
  const published = await checkPublished({ from: out, file: QUESTIONS, k: 5 });
  expect(published).toEqual({ ...stored, modes: { hybrid: null, vector: null, text: modes.text } });
});

test("the message for a place without an index names the place and what writes one", async () => {
  const from = join(out, "nothing");
  await expect(searchPublished({ from, queries: ["a"] })).rejects.toMatchObject({
    code: "INDEX_MISSING",
    message: `There is no search index in ${from}: it has no file index.json. \`siterag publish --out\` writes it.`,
  });
});

test.each([
  ["searching", searchPublished],
  [
    "checking",
    ({ from, signal }: Interrupted) => checkPublished({ from, signal, file: QUESTIONS }),
  ],
])("%s files of a server that gives no answer ends with the signal", async (_, use) => {
  const asked = Promise.withResolvers<void>();
  const server = createServer(() => asked.resolve()).listen(0, "127.0.0.1");
  onTestFinished(() => server.closeAllConnections());
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const stop = new AbortController();
  const found = use({ from: `http://127.0.0.1:${port}/`, queries: ["a"], signal: stop.signal });
  await asked.promise;
  stop.abort(new Error("interrupted"));
  await expect(found).rejects.toThrow("interrupted");
});

interface Interrupted {
  readonly from: string;
  readonly queries: readonly string[];
  readonly signal: AbortSignal;
}

/** Ends the process where LanceDB, Arrow, or the reader of configurations is loaded. */
const FORBID = `
import { registerHooks } from "node:module";
const forbidden = /lancedb|apache-arrow|load-config|open-store/;
registerHooks({
  resolve(name, context, next) {
    if (forbidden.test(name)) { console.error("loaded " + name); process.exit(99); }
    return next(name, context);
  },
});`;

async function runWithout(cwd: string, argv: readonly string[]): Promise<string> {
  const hook = join(cwd, "forbid.mjs");
  await writeFile(hook, FORBID);
  const bin = join(import.meta.dirname, "../../src/cli/bin.ts");
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ["--import", hook, bin, ...argv], { cwd });
  return stdout;
}

test("searching and checking published files loads neither LanceDB nor a configuration", async () => {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, ".siteragrc"), "broken: [");
  const argv = ["--published", out, "--json"];
  const found: unknown = JSON.parse(await runWithout(cwd, ["search", "cache", ...argv]));
  expect(found).toMatchObject({ mode: "text", degraded: null });
  expect(JSON.stringify(found)).toContain("/concepts/fingerprints-and-cache/#the-cache");
  const checked = await runWithout(cwd, ["check", QUESTIONS, "--min-recall", "0.5", ...argv]);
  expect(JSON.parse(checked)).toMatchObject({ mode: "text", passed: true });
  await expect(runWithout(cwd, ["search", "cache"])).rejects.toMatchObject({ code: 99 });
});

test.each([
  ["by section", false],
  ["by page", true],
])("a build that takes the place of the searched one answers whole: %s", async (_, groupByPage) => {
  const source = memoryFiles(await indexOf(GARDEN));
  const words = await openReader(source);
  await words.inNewestBuild((build) => build.rank("roses pruning"));
  const first = section({ page: "a.md", text: "Roses are in front." });
  const newer = await indexOf([first, ...GARDEN]);
  source.files.clear();
  for (const { name, bytes } of [newer.manifest, ...newer.files]) source.files.set(name, bytes);
  const listing = { limit: 1, groupByPage, mostOthers: 0, signal: undefined };
  const hits = await hitsByWords(words, { query: "roses pruning", filter: {}, ...listing });
  expect(hits).toMatchObject([{ page: "roses.md", url: "/roses/#pruning" }]);
  expect(hits[0]?.text).toContain("secateurs");
});

/** So much text that each page has a file of its own. */
const textOf = (page: string): string => `Roses. ${`Soil of ${page}. `.repeat(500)}`;

test.each([
  ["together", 5, 5],
  ["a bounded number at once", 50, 32],
])("the texts of all pages of an answer are read %s", async (_, count, atOnce) => {
  const pages = Array.from({ length: count }, (__, at) => `${at + 100}.md`);
  const sections = pages.map((page) => section({ page, text: textOf(page) }));
  const source = memoryFiles(await indexOf(sections));
  let reading = 0;
  let most = 0;
  let naming = 0;
  let named = 0;
  const slow: FileSource = {
    async read(name) {
      reading += 1;
      most = Math.max(most, reading);
      await setImmediate();
      reading -= 1;
      return source.read(name);
    },
  };
  for (const groupByPage of [true, false]) {
    [most, named] = [0, 0];
    const listing = { limit: count, groupByPage, mostOthers: 3, signal: undefined };
    const reader = await openReader(slow);
    const words: SiteReader = {
      ...reader,
      inNewestBuild: (use) =>
        reader.inNewestBuild((build) =>
          use({
            ...build,
            async sections(numbers) {
              naming += numbers.length;
              named = Math.max(named, naming);
              const facts = await build.sections(numbers);
              naming -= numbers.length;
              return facts;
            },
          }),
        ),
    };
    const hits = await hitsByWords(words, { query: "roses", filter: {}, ...listing });
    expect(hits.map(({ page }) => page)).toEqual(pages);
    expect([most, named]).toEqual([atOnce, atOnce]);
  }
});

test("of pages with the same URL, only the text of the best one is read", async () => {
  const pages = ["a.md", "b.md", "c.md"];
  const url = "/roses/";
  const sections = pages.map((page) => section({ page, url, text: textOf(page) }));
  const source = memoryFiles(await indexOf(sections));
  const words = await openReader(source);
  const listing = { limit: 3, groupByPage: true, mostOthers: 3, signal: undefined };
  await words.inNewestBuild((build) => build.rank("roses"));
  const before = source.asked.length;
  const hits = await hitsByWords(words, { query: "roses", filter: {}, ...listing });
  expect(hits.map(({ page }) => page)).toEqual(["a.md"]);
  expect(source.asked.length - before).toBe(1);
});
