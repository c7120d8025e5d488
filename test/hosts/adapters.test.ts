import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { namedFiles, readManifest } from "../../src/reader/manifest.ts";
import { ADAPTER_SITES, BASE, COMMON_PAGES } from "./adapter-sites.ts";
import { makeAdapterWorkshop, type AdapterWorkshop } from "./adapter-workshop.ts";
import { bytesOf, contentsBelow, fileOf, linksIn, relatedPart } from "./host-pages.ts";
import { filesOf, run, type Output } from "./host-run.ts";
import { serveBuilt, serveDev, type SiteServer } from "./host-server.ts";
import {
  ask,
  axeFindings,
  chooseByArrows,
  fitsWidth,
  hasSearchFocus,
  isDialogOpen,
  isInView,
  launchChromium,
  markedWords,
  openPage,
  tabToSearch,
} from "./reader.ts";

/** Every word that no reader may find begins so. */
const CANARY = /quokka\w*/gu;
/** It has the form of a key of the Gemini API, and is none. */
const SECRET = `AIza${"Sy0fNobody".repeat(4).slice(0, 35)}`;
const HIDDEN = { GEMINI_API_KEY: SECRET, OPENAI_API_KEY: `sk-${SECRET}` };
const SECTION = "e101-the-lamp-does-not-answer";

let workshop: AdapterWorkshop;
let browser: Browser;
beforeAll(async () => {
  [workshop, browser] = await Promise.all([makeAdapterWorkshop(), launchChromium()]);
});
afterAll(async () => {
  await browser.close();
  await workshop.remove();
});

describe.each(ADAPTER_SITES)("a site with one line for siterag, built with $name", (site) => {
  let folder: string;
  let built: string;
  let own: string;
  let first: Output;
  let server: SiteServer;

  const build = (): Promise<Output> => run(site.build, folder, HIDDEN);

  /** Replaces what the configuration hands to siterag, until the end of the test. */
  async function withOptions(options: object): Promise<void> {
    const file = join(folder, "siterag-options.mjs");
    const before = await readFile(file, "utf8");
    await writeFile(file, `export default ${JSON.stringify(options)};\n`);
    onTestFinished(() => writeFile(file, before));
  }

  beforeAll(async () => {
    folder = await workshop.makeSite(site);
    built = join(folder, site.built);
    own = join(built, "siterag");
    first = await build();
    server = await serveBuilt(built);
  });
  afterAll(() => server.close());

  it("says in a few lines what was done, and warns of nothing", () => {
    const log = first.stdout + first.stderr;
    const lines = log.split("\n").filter((line) => line.includes("siterag"));
    expect(lines.filter((line) => /indexed \d+ pages/iu.test(line))).toHaveLength(1);
    expect(lines.length, log).toBeLessThan(8);
    expect(warningsIn(first)).toEqual([]);
  });

  it("has every address and anchor, and no word is missing", async () => {
    const { stdout } = await run(`siterag verify --site ${site.built} --json`, folder);
    const all = { share: 1, wrong: 0 };
    const report: unknown = JSON.parse(stdout);
    expect(report).toMatchObject({
      pages: COMMON_PAGES.length + site.own.length,
      figures: { urls: all, anchors: all, missing: all, neverShown: all },
      differing: [],
    });
  });

  it("makes no call and writes nothing when it is built again", async () => {
    const stored = await filesOf(join(folder, ".siterag"));
    const published = await contentsOf([own]);
    expect(stored.size).toBeGreaterThan(3);
    const { stdout, stderr } = await build();
    expect(stdout + stderr).toMatch(/: no call/u);
    expect(await filesOf(join(folder, ".siterag"))).toEqual(stored);
    expect(await contentsOf([own])).toEqual(published);
  });

  it("shows related pages that exist below each page", async () => {
    const { arabic, errors, headings, install } = site.pages;
    // There are two pages in Arabic: they are related to each other.
    for (const [address, least] of [
      [arabic, 1],
      [errors, 3],
      [headings, 3],
      [install, 3],
    ] as const) {
      const html = (await fileOf(built, address)) ?? "";
      const links = linksIn(relatedPart(html));
      expect(links.length, address).toBeGreaterThanOrEqual(least);
      for (const link of links) {
        expect(`${link}/`.startsWith(BASE), link).toBe(true);
        expect(await fileOf(built, link.slice(BASE.length)), link).not.toBeNull();
      }
      expect(bytesOf(html, relatedPart(html)), address).toBeLessThan(2048);
    }
  });

  it("has an index for readers with its scripts", async () => {
    const manifest = readManifest(await readFile(join(own, "index.json")));
    const names = [...(await contentsOf([own])).keys()].map((path) => path.slice(own.length + 1));
    expect(names).toEqual(expect.arrayContaining([...namedFiles(manifest), "search.js"]));
  });

  it("keeps hidden pages, comments and keys out of all that siterag writes", async () => {
    const output = JSON.stringify(first);
    expect(output).not.toContain(SECRET);
    expect(output.match(CANARY)).toBeNull();
    for await (const { content, path } of contentsBelow([join(folder, ".siterag"), own])) {
      expect(content.match(CANARY), path).toBeNull();
    }
    for await (const { content, path } of contentsBelow([folder])) {
      expect(content.includes(SECRET), path).toBe(false);
      expect(relatedPart(content).match(CANARY), path).toBeNull();
    }
  });

  it("is searched by keyboard alone", async () => {
    const { errors, page } = await openPage(browser, server.url + site.pages.install);
    const found = await ask(page, "lamp does not answer");
    const section = `${BASE}${site.pages.errors}#${SECTION}`;
    expect(found.map((url) => url.slice(new URL(url).origin.length))).toContain(section);
    await chooseByArrows(page, section);
    expect(await markedWords(page)).toEqual(expect.arrayContaining(["lamp", "answer"]));
    expect(await isInView(page, SECTION)).toBe(true);
    expect(await isDialogOpen(page)).toBe(false);
    await tabToSearch(page);
    await page.keyboard.press("Enter");
    await expect.poll(() => isDialogOpen(page)).toBe(true);
    await page.keyboard.press("Escape");
    await expect.poll(() => isDialogOpen(page)).toBe(false);
    expect(await hasSearchFocus(page)).toBe(true);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it("has no search page in its sitemap", async () => {
    const sitemap = await readFile(join(built, "sitemap-0.xml"), "utf8").catch(() => null);
    expect(sitemap === null).toBe(site.name !== "Starlight");
    expect(sitemap ?? "").not.toMatch(/search\/?</u);
    expect(sitemap ?? "install").toContain("install");
  });

  it("has a page for all results", async () => {
    const url = `${server.url}${site.pages.search}?q=brightness`;
    const { errors, page } = await openPage(browser, url);
    await page.locator("siterag-search-page [part=page]").first().waitFor();
    expect(await page.locator("siterag-search-page [part=input]").inputValue()).toBe("brightness");
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it.each([
    ["light", "install", 1280],
    ["dark", "install", 1280],
    ["light", "arabic", 360],
    ["dark", "arabic", 360],
    ["dark", "search", 360],
  ] as const)(
    "shows search and related pages that axe finds nothing in: %s, %s, %i px",
    async (colorScheme, address, width) => {
      const viewport = { width, height: 740 };
      const url = server.url + site.pages[address];
      const { errors, page } = await openPage(browser, url, { colorScheme, viewport });
      expect(await axeFindings(page)).toEqual([]);
      await ask(page, address === "arabic" ? "الفانوس" : "lamp");
      expect(await axeFindings(page)).toEqual([]);
      expect(await fitsWidth(page)).toBe(true);
      expect(errors).toEqual([]);
      await page.context().close();
    },
  );

  it("is searched in the dev server, with what was just written", async () => {
    const dev = await serveDev(site.dev, folder, site.pages.install);
    onTestFinished(dev.close);
    const stored = await filesOf(join(folder, ".siterag"));
    const { errors, page } = await openPage(browser, dev.url + site.pages.install);
    // The page is loaded once more when its related pages are known.
    await page.locator(".siterag-related a").nth(2).waitFor();
    await ask(page, "lamp does not answer");
    await chooseByArrows(page, `#${SECTION}`);
    expect(await markedWords(page)).toContain("answer");
    const file = join(folder, site.content, "guide/usage.md");
    const before = await readFile(file, "utf8");
    onTestFinished(() => writeFile(file, before));
    await writeFile(file, `${before}\n## Moths\n\nHippopotamuses like lamps.\n`);
    await expect
      .poll(() => foundOn(dev.url + site.pages.install, "hippopotamuses"), { timeout: 60_000 })
      .toContainEqual(expect.stringMatching(/usage.*#moths$/u));
    expect(errors).toEqual([]);
    expect(await filesOf(join(folder, ".siterag"))).toEqual(stored);
    expect(dev.log()).not.toContain(SECRET);
  });

  /** What a reader finds who opens the page now. */
  async function foundOn(url: string, question: string): Promise<readonly string[]> {
    const { page } = await openPage(browser, url);
    page.setDefaultTimeout(5000);
    try {
      return await ask(page, question);
    } catch {
      return [];
    } finally {
      await page.context().close();
    }
  }

  describe("whose service does not answer", () => {
    const nobody = { GOOGLE_GEMINI_BASE_URL: "http://127.0.0.1:59999", ...HIDDEN };
    const options = {
      embedding: { provider: "gemini" },
      calls: { maxRetries: 0, timeoutMs: 2000 },
      content: { exclude: ["**/internal/**"] },
      store: { uri: "./unreached/db" },
    };

    it("is built with one warning", async () => {
      await withOptions(options);
      const warnings = warningsIn(await run(site.build, folder, nobody));
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).not.toContain(SECRET);
      expect(await fileOf(built, site.pages.install)).toContain("siterag-search");
    });

    it("is not built if the build is strict", async () => {
      await withOptions({ ...options, build: { strict: true } });
      await expect(run(site.build, folder, nobody)).rejects.toThrow(/siterag/u);
    });

    it("is built without siterag if that is off", async () => {
      await withOptions({ ...options, build: { strict: true } });
      await run(site.build, folder, { ...nobody, SITERAG: "off" });
      const html = await fileOf(built, site.pages.install);
      expect(html).toContain("Compare the fingerprint");
      expect(html).not.toContain("<siterag-search");
      expect(relatedPart(html ?? "")).toBe("");
    });
  });
});

/** What siterag warns of: Astro names the level, VitePress and Eleventy print warnings elsewhere. */
const warningsIn = ({ stderr, stdout }: Output): string[] => [
  ...(stdout + stderr).split("\n").filter((line) => /warn.*siterag/iu.test(line)),
  ...stderr.split("\n").filter((line) => /^(?:\[11ty\] )?siterag/u.test(line)),
];

/** Files below folders by path, with their contents. */
async function contentsOf(folders: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for await (const { content, path } of contentsBelow(folders)) files.set(path, content);
  return files;
}
