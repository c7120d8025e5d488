import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeAdapterWorkshop, type AdapterWorkshop } from "./adapter-workshop.ts";
import { makeBareSite, makeMixedSite, makeServerSite, writeOptions } from "./edge-sites.ts";
import { fileOf, linksIn, relatedPart } from "./host-pages.ts";
import { run, type Output } from "./host-run.ts";
import { serveBuilt, type SiteServer } from "./host-server.ts";
import { ask, isDialogOpen, launchChromium, openPage } from "./reader.ts";

let workshop: AdapterWorkshop;
let browser: Browser;
beforeAll(async () => {
  [workshop, browser] = await Promise.all([makeAdapterWorkshop(), launchChromium()]);
});
afterAll(async () => {
  await browser.close();
  await workshop.remove();
});

const relatedOn = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(
    "[...document.querySelectorAll('.siterag-related a')].map((link) => link.getAttribute('href'))",
  );

const searchesOn = (page: Page): Promise<number> => page.locator("siterag-search").count();

describe("an Astro site with a server and view transitions", () => {
  let folder: string;
  let built: Output;
  let server: SiteServer;
  beforeAll(async () => {
    folder = await makeServerSite(workshop);
    built = await run("astro build", folder);
    server = await serveBuilt(join(folder, "dist/client"));
  });
  afterAll(() => server.close());

  it("says which pages it could not compare with HTML, and warns of nothing", () => {
    const log = built.stdout + built.stderr;
    expect(log).toMatch(/1 page without HTML: a server renders them on demand/u);
    expect(log).not.toMatch(/WARN.*siterag/u);
  });

  it("is verified where its HTML is, with the addresses that readers use", async () => {
    const { stdout } = await run("siterag verify --json || true", folder);
    const report: unknown = JSON.parse(stdout);
    expect(report).toMatchObject({
      site: expect.stringMatching(/dist\/client$/u),
      figures: { urls: { wrong: 1 }, anchors: { wrong: 0 }, missing: { wrong: 0 } },
      corrections: { urls: [] },
    });
    const { stdout: found } = await run("siterag search 'lamp answer' --json", folder);
    expect(found).not.toContain("/client/");
    const { stdout: oil } = await run("siterag search 'whale oil' --json", folder);
    expect(oil).toContain('"/manual/oil');
  });

  it("keeps one search that works, and the related pages of the page, from page to page", async () => {
    const { errors, page } = await openPage(browser, `${server.url}guide/install`);
    await page.evaluate("window.isSame = true");
    for (const address of ["reference/errors", "guide/install", "reference/errors"]) {
      await page.locator(`a[href="/manual/${address}"]`).first().click();
      await page.waitForURL(`**/${address}`);
      expect(await page.evaluate("window.isSame"), "the page was loaded anew").toBe(true);
      expect(await searchesOn(page)).toBe(1);
      const html = await readFile(join(folder, "dist/client", address, "index.html"), "utf8");
      expect(await relatedOn(page)).toEqual(linksIn(relatedPart(html)));
      for (const key of ["Control+k", "/"]) {
        await page.keyboard.press(key);
        await expect.poll(() => isDialogOpen(page)).toBe(true);
        expect(await page.locator("siterag-search dialog[open]").count()).toBe(1);
        await page.keyboard.press("Escape");
        await expect.poll(() => isDialogOpen(page)).toBe(false);
      }
      expect((await ask(page, "lamp signature")).length).toBeGreaterThan(0);
      await page.keyboard.press("Escape");
    }
    expect(errors).toEqual([]);
    await page.context().close();
  });
});

describe("a VitePress site without scripts, installed with pnpm, with a search of its own", () => {
  let folder: string;
  let dist: string;
  let server: SiteServer;
  const options = { embedding: { provider: "mock" }, content: { exclude: ["**/internal/**"] } };
  beforeAll(async () => {
    folder = await makeBareSite(workshop);
    dist = join(folder, "docs/.vitepress/dist");
    await writeOptions(folder, { ...options, build: { search: "replace" } });
    await run("vitepress build docs --mpa", folder);
    server = await serveBuilt(dist);
  });
  afterAll(() => server.close());

  it("has siterag's search alone, if it replaces the other one", async () => {
    const { errors, page } = await openPage(browser, `${server.url}guide/install.html`);
    expect(await searchesOn(page)).toBe(1);
    expect(await page.locator("#local-search, .VPLocalSearchBox").count()).toBe(0);
    const found = await ask(page, "lamp does not answer");
    expect(found.join()).toContain("/manual/handbook/errors.html#e101");
    expect((await relatedOn(page)).length).toBeGreaterThan(2);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it("has a page for all results", async () => {
    const { errors, page } = await openPage(browser, `${server.url}search.html?q=lamp`);
    await page.locator("siterag-search-page [part=page]").first().waitFor();
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it("has the words of the home page's frontmatter, and none that the page lacks", async () => {
    const { stdout } = await run("siterag verify --json", folder);
    const all = { share: 1, wrong: 0 };
    const report: unknown = JSON.parse(stdout);
    expect(report).toMatchObject({ figures: { missing: all, neverShown: all }, differing: [] });
    const { stdout: found } = await run("siterag search 'nobody hears' --json", folder);
    expect(found).toContain('"title": "Lantern Lamps from the command line"');
  });

  it("reads from right to left in Arabic", async () => {
    const { page } = await openPage(browser, `${server.url}ar/guide/install.html`);
    await ask(page, "الفانوس");
    const sides = await page.evaluate<Record<string, string>>(`(() => {
      const root = document.querySelector("siterag-search").shadowRoot;
      const direction = (one) => getComputedStyle(one).direction;
      return {
        field: direction(root.querySelector("[part=input]")),
        result: direction(root.querySelector("[part=page]")),
        related: direction(document.querySelector(".siterag-related a")),
      };
    })()`);
    expect(sides).toEqual({ field: "rtl", result: "rtl", related: "rtl" });
    await page.context().close();
  });

  it("keeps its own search, with one warning, unless siterag is to replace it", async () => {
    await writeOptions(folder, options);
    const { stdout, stderr } = await run("vitepress build docs", folder);
    expect(stdout + stderr).toMatch(/The search of themeConfig \(local\) stays/u);
    const html = await readFile(join(dist, "guide/install.html"), "utf8");
    expect(html).toContain('id="local-search"');
    expect(html).not.toContain("<siterag-search");
    expect(html).not.toContain("search.js");
    expect(linksIn(relatedPart(html)).length).toBeGreaterThan(2);
  });
});

describe("a VitePress site whose built pages are read, with HTML of another program", () => {
  let folder: string;
  let dist: string;
  let server: SiteServer;
  beforeAll(async () => {
    folder = await makeMixedSite(workshop);
    dist = join(folder, "docs/.vitepress/dist");
    await writeOptions(folder, { embedding: { provider: "mock" }, content: { from: "html" } });
    await run("vitepress build docs", folder);
    server = await serveBuilt(dist);
  });
  afterAll(() => server.close());

  it("opens pages of VitePress without loading the site anew, and leaves others to the browser", async () => {
    const { errors, page } = await openPage(browser, `${server.url}guide/install.html`);
    await page.evaluate("window.isSame = true");
    const choose = async (question: string, address: string): Promise<void> => {
      await ask(page, question);
      await page.locator(`siterag-search a[href*="${address}#"]`).first().click();
      await page.waitForURL(`**${address}#*`);
    };
    await choose("lamp does not answer", "/manual/handbook/errors.html");
    expect(await page.evaluate("window.isSame"), "the page was loaded anew").toBe(true);
    await choose("quokka", "/manual/api/");
    expect(await page.locator("h1").textContent()).toBe("Quokka");
    expect(await page.title()).toBe("Quokka");
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it("shows related pages of the last index, and none that this build does not make", async () => {
    const { stdout } = await run("siterag related guide/install.html --json", folder);
    expect(stdout).toContain("guide/parts.html");
    await rm(join(folder, "docs/guide/parts.md"));
    await run("vitepress build docs", folder);
    const html = await readFile(join(dist, "guide/install.html"), "utf8");
    const links = linksIn(relatedPart(html));
    expect(links.length).toBeGreaterThan(1);
    for (const link of links) {
      expect(await fileOf(dist, link.replace("/manual/", "")), link).not.toBeNull();
    }
  });
});
