import { hash } from "node:crypto";
import { appendFile, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { ROOT } from "../support/example-copy.ts";
import { BASE } from "./adapter-sites.ts";
import { makeAdapterWorkshop, type AdapterWorkshop } from "./adapter-workshop.ts";
import { bytesOf, fileOf, linksIn, relatedPart, scriptsWith } from "./host-pages.ts";
import { run, type Output } from "./host-run.ts";
import { serveBuilt, type SiteServer } from "./host-server.ts";
import {
  ask,
  axeFindings,
  chooseByArrows,
  fitsWidth,
  markedWords,
  launchChromium,
  openPage,
  waitUntil,
} from "./reader.ts";
import { storedRows, tableFiles } from "./stored-rows.ts";

const FASTER = { SITE_FASTER: "1" };

let workshop: AdapterWorkshop;
let browser: Browser;
beforeAll(async () => {
  [workshop, browser] = await Promise.all([makeAdapterWorkshop(), launchChromium()]);
});
afterAll(async () => {
  await browser.close();
  await workshop.remove();
});

async function makeSite(): Promise<string> {
  const folder = await workshop.makeStarter("docusaurus");
  await cp(join(ROOT, "fixtures/sites/docusaurus-parts"), folder, { recursive: true });
  return folder;
}

const REFERENCE = `<!doctype html><html lang="en"><title>Gears</title>
<main><h1 id="gears">Gears</h1><p>The gears of a clockwork lantern are of brass.</p></main></html>`;

const linksAmong = (data: string): string[] =>
  [...data.matchAll(/"url":"([^"]*)"/gu)].map(([, url = ""]) => url);

const hashOf = (text: string): string =>
  `'sha256-${hash("sha256", text, { outputEncoding: "base64" })}'`;

const logOf = ({ stderr, stdout }: Output): string => stdout + stderr;

describe("a Docusaurus site with versions, languages and several docs", () => {
  let folder: string;
  let built: string;
  let first: Output;
  let server: SiteServer;

  beforeAll(async () => {
    folder = await makeSite();
    built = join(folder, "build");
    first = await run("docusaurus build", folder, FASTER);
    server = await serveBuilt(built);
  });
  afterAll(() => server.close());

  /** What a reader of a page finds, as addresses below the base. */
  async function foundFrom(address: string, question: string): Promise<readonly string[]> {
    const { errors, page } = await openPage(browser, server.url + address);
    const hits = await ask(page, question);
    expect(errors).toEqual([]);
    await page.context().close();
    return hits.map((url) => new URL(url).pathname.slice(BASE.length));
  }

  it("indexes each language by itself, and warns of nothing", () => {
    expect(logOf(first).match(/siterag: indexed 7 pages/gu)).toHaveLength(2);
    expect(logOf(first)).not.toMatch(/warn.*siterag/iu);
  });

  it("has every address, anchor and word", async () => {
    const { stdout } = await run("siterag verify --json", folder);
    const all = { share: 1, wrong: 0 };
    const report: unknown = JSON.parse(stdout);
    expect(report).toMatchObject({
      pages: 7,
      figures: { urls: all, anchors: all, missing: all, neverShown: all },
      differing: [],
    });
  });

  it("searches the version of the page, and what has no version", async () => {
    const old = await foundFrom("docs/1.0/intro/", "install the lantern");
    expect(old[0]).toBe("docs/1.0/intro/");
    const others = (address: string): boolean => !/^(?:docs\/1\.0|community)\//u.test(address);
    expect(old.filter(others)).toEqual([]);
    expect(await foundFrom("docs/1.0/intro/", "keepers night")).toContain("community/team/");
    const newest = await foundFrom("community/team/", "trim a wick");
    expect(newest).toContain("docs/wicks/");
    expect(newest.filter((address) => /^docs\/(?:1\.0|next)\//u.test(address))).toEqual([]);
  });

  it("relates pages of one version, and puts a page's own links alone into its script", async () => {
    const html = (await fileOf(built, "docs/1.0/intro/")) ?? "";
    const links = linksIn(relatedPart(html));
    expect(links.length).toBeGreaterThan(0);
    expect(links.every((link) => link.startsWith(`${BASE}docs/1.0/`))).toBe(true);
    const source = '"source":"@site/versioned_docs/version-1.0/intro.md"';
    const [script = "", ...others] = await scriptsWith(join(built, "assets"), source);
    expect(others).toEqual([]);
    const [data = ""] = /"siterag":\[.*?\]/u.exec(script) ?? [];
    expect(linksAmong(data)).toEqual(links);
    const added = bytesOf(html, relatedPart(html)) + bytesOf(script, data);
    expect(added).toBeLessThan(2048);
    const scripts = [...html.matchAll(/src=["']?([^"'\s>]*\/main\.[^"'\s>]*\.js)/gu)];
    const main = await readFile(join(built, scripts[0]?.[1]?.slice(BASE.length) ?? ""), "utf8");
    expect(main).toContain('"siterag":{"default":{"pages":7}}');
    expect(main).not.toMatch(/Trim a wick|embedding|\bmock\b/u);
  });

  it("speaks Arabic from right to left, without a finding of axe", async () => {
    const viewport = { width: 360, height: 740 };
    const { errors, page } = await openPage(browser, `${server.url}ar/docs/intro/`, { viewport });
    const hits = await ask(page, "الفانوس");
    expect(new URL(hits[0] ?? "").pathname).toBe(`${BASE}ar/docs/intro/`);
    expect(await page.locator("siterag-search [part=dialog]").getAttribute("aria-label")).toBe(
      "بحث",
    );
    expect(await axeFindings(page)).toEqual([]);
    expect(await fitsWidth(page)).toBe(true);
    const direction = await page.evaluate<string>(
      `getComputedStyle(document.querySelector("siterag-search").shadowRoot.querySelector("[part=input]")).direction`,
    );
    expect(direction).toBe("rtl");
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it("is searched by keyboard under a policy that allows the site's files and Docusaurus's own parts", async () => {
    const html = (await fileOf(built, "docs/intro/")) ?? "";
    // Its colours, and the drawings that it shows elsewhere.
    const inline = [...html.matchAll(/<script>(.*?)<\/script>| style="([^"]*)"/gsu)];
    expect(inline.map(([text]) => text).join("")).not.toContain("siterag");
    const hashes = inline.map(([, script, style]) => hashOf(script ?? style ?? "")).join(" ");
    const policy = `default-src 'self'; img-src 'self' data:; script-src 'self' ${hashes}; style-src 'self' 'unsafe-hashes' ${hashes}`;
    const context = await browser.newContext();
    await context.addInitScript(`window.refused = [];
      addEventListener("securitypolicyviolation", ({ blockedURI, effectiveDirective, sample, sourceFile }) =>
        refused.push([effectiveDirective, blockedURI, sourceFile, sample].join(" ")));`);
    const page = await context.newPage();
    await page.route("**/docs/**/", async (route) => {
      const response = await route.fetch();
      const headers = { ...response.headers(), "content-security-policy": policy };
      await route.fulfill({ response, headers });
    });
    await page.goto(`${server.url}docs/intro/`);
    await waitUntil(page, "document.querySelector('siterag-search')?.shadowRoot != null");
    const hits = await ask(page, "trim a wick");
    expect(hits.map((url) => new URL(url).pathname)).toContain(`${BASE}docs/wicks/`);
    await chooseByArrows(page, "docs/wicks/#trim-a-wick");
    expect(await markedWords(page)).toContain("trim");
    expect(await page.evaluate("refused")).toEqual([]);
    await context.close();
  });

  it("is indexed by a command of Docusaurus, which writes no row if nothing has changed", async () => {
    const stored = await tableFiles(folder);
    const output = await run("docusaurus siterag --batching-strategy individual", folder, FASTER);
    expect(logOf(output).match(/no call/gu)).toHaveLength(2);
    expect(await tableFiles(folder)).toEqual(stored);
  });

  it.each([
    ["one language", "ar", {}, "chunks_ar", "i18n/ar/docusaurus-plugin-content-docs/version-2.0"],
    [
      "the released versions",
      "en",
      { SITE_ONLY: "2.0,1.0" },
      "chunks_only-2.0-1.0",
      "versioned_docs/version-2.0",
    ],
  ])(
    "keeps all other rows when it builds %s alone, and writes none when nothing has changed",
    async (_, locale, only, index, pages) => {
      const before = await storedRows(folder);
      const options = await readFile(join(folder, ".siterag/options.json"), "utf8");
      await appendFile(join(folder, pages, "intro.md"), "\nOne more sentence.\n");
      const part = `docusaurus build --locale ${locale} --out-dir part`;
      await run(part, folder, { ...FASTER, ...only });
      const after = await storedRows(folder);
      expect(after).toEqual({ ...before, [index]: after[index] });
      expect(after[index]).not.toEqual(before[index]);
      expect(await readFile(join(folder, ".siterag/options.json"), "utf8")).toBe(options);
      const stored = await tableFiles(folder);
      for (const again of [part, `docusaurus siterag --locale ${locale}`]) {
        const output = await run(again, folder, { ...FASTER, ...only });
        expect(logOf(output).match(/no call/gu)).toHaveLength(1);
        expect(await tableFiles(folder)).toEqual(stored);
      }
    },
  );

  it("reads built pages, without those that belong in no index, and opens each where it is", async () => {
    const file = join(folder, "docusaurus.config.mjs");
    const text = await readFile(file, "utf8");
    onTestFinished(() => writeFile(file, text));
    await writeFile(file, text.replace('provider: "mock" }', '$& , content: { from: "html" }'));
    await mkdir(join(folder, "static/reference"), { recursive: true });
    await writeFile(join(folder, "static/reference/index.html"), REFERENCE);
    await run("docusaurus build --locale en --out-dir part", folder, FASTER);
    const { chunks } = await storedRows(folder);
    const addresses = chunks?.map(({ url }) => url.slice(BASE.length));
    expect(addresses).toContain("shop/");
    expect(addresses).toContain("docs/wicks/");
    expect(addresses?.filter((address) => address.includes("secret"))).toEqual([]);
    await run("docusaurus build --locale en --out-dir part", folder, FASTER);
    const html = (await fileOf(join(folder, "part"), "docs/intro/")) ?? "";
    expect(linksIn(relatedPart(html)).length).toBeGreaterThan(0);
    const part = await serveBuilt(join(folder, "part"));
    onTestFinished(() => part.close());
    const { page } = await openPage(browser, `${part.url}shop/`);
    const hits = await ask(page, "gears of brass");
    expect(hits.map((url) => new URL(url).pathname)).toContain(`${BASE}reference/`);
    await page.locator('siterag-search a[role=option][href*="/reference/"]').first().click();
    // Docusaurus' router does not know it.
    await waitUntil(page, "document.querySelector('h1').textContent === 'Gears'");
    await page.context().close();
  });

  it("hands its words and its components to the site", async () => {
    await run("docusaurus write-translations --locale ar", folder, FASTER);
    const code = await readFile(join(folder, "i18n/ar/code.json"), "utf8");
    expect(JSON.parse(code)).toMatchObject({ "theme.siterag.search": { message: "بحث" } });
    const swizzle = "docusaurus swizzle siterag SearchBar --eject --javascript";
    await run(swizzle, folder, FASTER);
    const own = await readFile(join(folder, "src/theme/SearchBar/index.js"), "utf8");
    expect(own).toContain("siterag/docusaurus/client");
    expect(own).not.toContain("../");
    await run("docusaurus swizzle siterag DocItem/Footer --eject --javascript --danger", folder);
    await run("docusaurus build --locale en --out-dir part", folder, { SITERAG: "off", ...FASTER });
    expect(await fileOf(join(folder, "part"), "docs/intro/")).not.toContain("search.js");
  });
});

describe("a Docusaurus site with Algolia's search, built with webpack", () => {
  it("keeps that search, with one warning, and has related pages", async () => {
    const folder = await makeSite();
    const output = await run("docusaurus build --locale en", folder, { SITE_ALGOLIA: "1" });
    expect(logOf(output).match(/search of this site \(Algolia\) stays/gu)).toHaveLength(1);
    const html = (await fileOf(join(folder, "build"), "docs/intro/")) ?? "";
    expect(html).toContain("DocSearch");
    expect(html).not.toContain("siterag-search");
    expect(html).not.toContain("search.js");
    expect(linksIn(relatedPart(html)).length).toBeGreaterThan(0);
  });

  it("is refused if an option is wrong, with the key that was meant", async () => {
    const folder = await makeSite();
    const file = join(folder, "docusaurus.config.mjs");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace('provider: "mock"', 'modle: "x", provider: "mock"'));
    await expect(run("docusaurus siterag", folder)).rejects.toThrow(
      /embedding\.modle: unknown key/u,
    );
    await writeFile(file, text.replace("themeConfig: {", "themeConfig: { siterag: { page: 1 },"));
    await expect(run("docusaurus siterag", folder)).rejects.toThrow(/themeConfig\.siterag/u);
  });
});
