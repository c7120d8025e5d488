import { execFile } from "node:child_process";
import { readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeModel, TINY } from "./local/make-model.ts";
import { buildExample, copyExample, EXAMPLE, ROOT } from "../support/example-copy.ts";
import { CHROMIUM_FLAGS } from "../support/chromium-flags.ts";
import { serveFolder } from "../support/static-server.ts";
import type { StaticServer } from "../support/static-server.ts";

const runFile = promisify(execFile);

let folder: string;
let firstLog: string;
let server: StaticServer;
let browser: Browser;
let page: Page;
/** URL paths of all built pages but those for errors and for the search. */
let paths: string[];

const ownLines = (log: string): string[] =>
  log.split("\n").flatMap((line) => /\[siterag\] (.*)$/u.exec(line)?.[1]?.trim() ?? []);

async function htmlFilesOf(dist: string): Promise<string[]> {
  const files = await readdir(dist, { recursive: true });
  return files.filter((file) => file.endsWith("index.html")).sort();
}

const hrefsOf = (selector: string): Promise<string[]> =>
  page
    .locator(selector)
    .evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));

/** What is wrong with a link from the page that is open; null when it lands. */
async function problemOf(href: string): Promise<string | null> {
  const url = new URL(href, server.origin);
  const response = await page.goto(url.href);
  if (response !== null && !response.ok()) return `${href}: no such page`;
  const id = decodeURIComponent(url.hash.slice(1));
  const isThere = id === "" || (await page.locator(`[id="${id}"]`).count()) === 1;
  return isThere ? null : `${href}: no such anchor`;
}

beforeAll(async () => {
  folder = await copyExample();
  firstLog = await buildExample(folder);
  const files = await htmlFilesOf(join(folder, "dist"));
  paths = files
    .map((file) => `/${file.replaceAll("\\", "/").replace(/index\.html$/u, "")}`)
    .filter((path) => path !== "/search/");
  server = await serveFolder(join(folder, "dist"));
  const executablePath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
  browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  page = await browser.newPage();
});
afterAll(async () => {
  await browser.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

describe("the example, built by Astro", () => {
  it("says in four lines what was done", () => {
    expect(ownLines(firstLog)).toEqual([
      expect.stringMatching(/^\d+ texts/u),
      expect.stringMatching(/^indexed \d+ pages, \d+ chunks .*: \d+ (?:call|job)s?$/u),
      expect.stringMatching(/^answers to \d+ queries: \d+ embedded/u),
      expect.stringMatching(/^published \d+ pages .* in dist\/siterag: \d+ kB$/u),
    ]);
  });

  it("has no other search, and shows it in the looks of Starlight", async () => {
    const files = await readdir(join(folder, "dist"), { recursive: true });
    expect(files.filter((file) => file.includes("pagefind"))).toEqual([]);
    await page.goto(server.origin);
    const colours = await page.evaluate(`(() => {
      const { borderColor, color } = getComputedStyle(
        document.querySelector("siterag-search").shadowRoot.querySelector("[part=trigger]"),
      );
      const root = getComputedStyle(document.documentElement);
      const probe = document.body.appendChild(document.createElement("p"));
      probe.style.color = root.getPropertyValue("--sl-color-gray-5");
      return [borderColor === getComputedStyle(probe).color, color !== borderColor];
    })()`);
    expect(colours).toEqual([true, true]);
  });

  it("opens the section that a reader searches for, by keyboard alone, and marks the words", async () => {
    await page.goto(server.origin);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("another process is writing to the store");
    await page.locator("siterag-search [role=option]").first().waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL(/#another-process-is-writing-to-the-store$/u);
    await expect
      .poll(() => page.evaluate('CSS.highlights.get("siterag")?.size'))
      .toBeGreaterThan(0);
  });

  it("lists the results of a link to the search page", async () => {
    await page.goto(`${server.origin}/search/?q=duplicate+headings`);
    const first = page.locator("siterag-search-page [part=page]").first();
    expect(await first.getAttribute("href")).toContain(`${server.origin}/concepts/anchors/`);
  });

  it("shows related pages on every page, and each link lands", async () => {
    const sources = await readdir(join(EXAMPLE, "src/content/docs"), { recursive: true });
    const documents = paths.filter((path) => path !== "/answers/");
    expect(documents).toHaveLength(sources.filter((file) => /\.mdx?$/u.test(file)).length);
    const targets = new Set<string>();
    for (const path of documents) {
      await page.goto(server.origin + path);
      const links = await hrefsOf(".siterag-related a");
      expect(links.length, path).toBeGreaterThan(2);
      expect(links, path).not.toContain(path);
      for (const link of links) targets.add(link);
    }
    const problems = [];
    for (const target of targets) problems.push(await problemOf(target));
    expect(problems.filter((problem) => problem !== null)).toEqual([]);
  });

  it("shows answers to every listed query, and each link lands on its section", async () => {
    await page.goto(`${server.origin}/answers/`);
    const questions = await page.locator("section > h2").count();
    expect(questions).toBeGreaterThan(5);
    expect(await page.locator("section:has(.answers a)").count()).toBe(questions);
    const links = await hrefsOf(".answers a");
    expect(links.filter((link) => link.includes("#")).length).toBeGreaterThan(questions / 2);
    const problems = [];
    for (const link of new Set(links)) problems.push(await problemOf(link));
    expect(problems.filter((problem) => problem !== null)).toEqual([]);
  });

  it.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 390],
    ["dark", 390],
  ] as const)("fits the window, %s, %d pixels wide", async (colorScheme, width) => {
    const window = await browser.newPage({ colorScheme, viewport: { width, height: 844 } });
    for (const path of ["/answers/", "/guides/use-in-ci/"]) {
      await window.goto(server.origin + path);
      expect(await window.evaluate("document.documentElement.scrollWidth"), path).toBe(width);
    }
    await window.close();
  });

  it("tells TypeScript what the pages import, and fits Astro's own types", async () => {
    const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
    const { stdout } = await runFile(process.execPath, [tsc, "--noEmit", "-p", folder]);
    expect(stdout).toBe("");
  });

  it("finds the pages that answer readers' questions, nine of ten among the best five", async () => {
    const bin = join(ROOT, "dist/cli/bin.js");
    const argv = [bin, "check", "--min-recall", "0.9", "--json"];
    const { stdout } = await runFile(process.execPath, argv, { cwd: folder });
    expect(JSON.parse(stdout)).toMatchObject({ mode: "hybrid", k: 5, passed: true });
  });

  it("puts nothing of the store into the site", async () => {
    const files = await readdir(join(folder, "dist"), { recursive: true, withFileTypes: true });
    const texts = files.filter(
      (file) => file.isFile() && /\.(?:html|js|css|json|txt)$/u.test(file.name),
    );
    expect(texts.length).toBeGreaterThan(paths.length);
    for (const file of texts) {
      const text = await readFile(join(file.parentPath, file.name), "utf8");
      expect(text.includes(folder), file.name).toBe(false);
    }
  });

  it("makes no call in a second build, and builds the same pages", async () => {
    const pageOf = (): Promise<string> => readFile(join(folder, "dist/answers/index.html"), "utf8");
    const before = await pageOf();
    const lines = ownLines(await buildExample(folder));
    expect(lines).toEqual([
      expect.stringMatching(/^nothing to embed/u),
      expect.stringMatching(/^indexed .*: no call$/u),
      expect.stringMatching(/^answers .*: no call$/u),
      expect.stringMatching(/^published /u),
    ]);
    expect(await pageOf()).toBe(before);
  });
});

it("is built with a model on this machine as well, whose vectors relate pages and answer queries", async () => {
  await makeModel(join(folder, "model"), { ...TINY, seed: 1, words: [] });
  const runtime = join(ROOT, "test/e2e/local/node_modules/@huggingface");
  await symlink(runtime, join(folder, "node_modules/@huggingface"));
  const file = join(folder, "siterag.config.ts");
  const config = await readFile(file, "utf8");
  const local = 'provider: "local", model: "mine", localModelPath: "model", allowRemote: false,';
  await writeFile(file, config.replace('provider: "mock",', local));
  const lines = ownLines(await buildExample(folder));
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^The index was built with mock .* this run uses local mine /u),
      expect.stringMatching(/^\d+ texts → individual: \d+ calls, .*no batch jobs\)$/u),
      expect.stringMatching(/^\d+ texts embedded on this machine in /u),
      expect.stringMatching(/^indexed \d+ pages, \d+ chunks .* 0 pending\)/u),
      expect.stringMatching(/^answers to \d+ queries: \d+ embedded/u),
    ]),
  );
  expect(await readFile(join(folder, "dist/faq/index.html"), "utf8")).toContain("Related pages");
  await writeFile(file, config);
});

describe("when something is wrong", () => {
  it("builds the site without related pages when there can be no index", async () => {
    const site = await copyExample();
    await writeFile(join(site, ".siterag"), "a file where the store's folder should be");
    const log = await buildExample(site);
    expect(ownLines(log)).toEqual([
      expect.stringMatching(/options\.json cannot be written/u),
      expect.stringMatching(/^Indexing failed, so this build has no vectors of new texts/u),
      // Readers search by words.
      expect.stringMatching(/^published \d+ pages/u),
    ]);
    const html = await readFile(join(site, "dist/faq/index.html"), "utf8");
    expect(html).toContain("pagination-links");
    expect(html).not.toContain("Related pages");
    expect(await htmlFilesOf(join(site, "dist"))).toHaveLength(paths.length + 1);
    await rm(site, { recursive: true });
  });

  it("stops the build at a wrong configuration, naming key and file", async () => {
    const site = await copyExample();
    await writeFile(join(site, "siterag.config.ts"), "export default { serch: { limit: 3 } };\n");
    await expect(buildExample(site)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/siterag\.config\.ts: serch: unknown key.*search/u),
    });
    await rm(site, { recursive: true });
  });
});
