import { access, mkdir, readFile } from "node:fs/promises";
import { describe, expect, it, vi } from "vitest";
import type { VitePressConfig } from "../../../src/adapters/vitepress/config.ts";
import siterag from "../../../src/adapters/vitepress/vitepress.ts";
import { NO_RESULTS } from "../../../src/adapters/site-results.ts";
import { addPageData } from "../../../src/adapters/vitepress/page-data.ts";
import { joinSite } from "../../../src/adapters/vitepress/join-site.ts";
import { addSearchPage } from "../../../src/adapters/vitepress/search-page.ts";
import { vitePressSite } from "./vitepress-site.ts";

const MOCK = { embedding: { provider: "mock" } } as const;
const FILES = {
  "guide/install.md": "# Install\n\nInstall the lamp with a package manager.\n",
  "guide/usage.md": "# Usage\n\nInstall the lamp, then turn it on.\n",
  "hidden.md": "---\nsearch: false\n---\n\n# Hidden\n\nNobody finds the lamp.\n",
};
const SCRIPT = ["script", { type: "module", src: "/siterag/search.js" }];

const pageData = (relativePath: string, frontmatter: Record<string, unknown> = {}) => ({
  relativePath,
  frontmatter,
});

describe("a build of a site", () => {
  it("gives each page its related pages, and what the site says itself", async () => {
    const rewrites = { map: { "guide/usage.md": "use.md" }, inv: { "use.md": "guide/usage.md" } };
    const own = vi.fn<() => Promise<object>>(() => Promise.resolve({ title: "Own" }));
    const { config } = await vitePressSite(FILES, { rewrites, transformPageData: own });
    await joinSite({ vitepress: config }, MOCK, false);
    expect(await config.transformPageData?.(pageData("use.md"), {})).toEqual({
      title: "Own",
      related: [{ title: "Install", url: "/guide/install.html" }],
    });
    expect(await config.transformPageData?.(pageData("guide/install.md"), {})).toEqual({
      title: "Own",
      related: [{ title: "Usage", url: "/use.html" }],
    });
    expect(own).toHaveBeenCalledTimes(2);
  });

  it("gives each page the pages of the last index that it makes too, where it reads the built site", async () => {
    const rewrites = { map: { "usage.md": "guide/use.md" }, inv: { "guide/use.md": "usage.md" } };
    const files = { "index.md": "", "usage.md": "", "über.md": "" };
    const { config } = await vitePressSite(files, { rewrites });
    const near = (page: string) => ({ page, url: `/docs/${page}`, title: page, score: 0.5 });
    const related = ["gone.html", "guide/use.html", "über.html", "index.html"].map(near);
    const pages = related.map(({ page, url }) => ({ page, url, related }));
    addPageData(config, { ...NO_RESULTS, pages, related: 2 });
    const links = ["guide/use.html", "über.html"].map((page) => ({
      title: page,
      url: `/docs/${page}`,
    }));
    for (const page of ["guide/use.md", "über.md", "index.md"]) {
      expect(await config.transformPageData?.(pageData(page), {})).toEqual({ related: links });
    }
  });

  it("marks pages that belong in no index in their HTML", async () => {
    const { config } = await vitePressSite(FILES);
    await joinSite({ vitepress: config }, MOCK, false);
    const frontmatter: Record<string, unknown> = { search: false, head: [["meta", {}]] };
    expect(await config.transformPageData?.(pageData("hidden.md", frontmatter), {})).toEqual({});
    const mark = ["meta", { name: "rag", content: "false" }];
    expect(frontmatter["head"]).toEqual([["meta", {}], mark]);
  });

  it.each([
    [{}, "/", 1],
    [{ content: { baseUrl: "https://docs.example.com/lamps/" } }, "/lamps/", 0],
  ])("asks for the place of a site with a relative base: %j", async (options, base, warnings) => {
    const { config, log } = await vitePressSite(FILES);
    const site = { ...config.site, base: "./" };
    const vite = { vitepress: { ...config, site } };
    const { searchPage } = await joinSite(vite, { ...MOCK, ...options }, false);
    expect(searchPage?.url).toBe(`${base}search.html`);
    expect(site.head).toEqual([["script", { type: "module", src: `${base}siterag/search.js` }]]);
    expect(log.filter((line) => line.includes("set content.baseUrl"))).toHaveLength(warnings);
  });

  it("is one for the bundles of browsers and of the server, and ends with the readers' index", async () => {
    const buildEnd = vi.fn<(config: VitePressConfig) => void>();
    const { config, log } = await vitePressSite(FILES, { buildEnd });
    const [plugin] = siterag(MOCK);
    const hook = plugin !== undefined && "config" in plugin ? plugin.config : null;
    const vite = { vitepress: config, build: { rolldownOptions: {} } };
    const both = await Promise.all([1, 2].map(async () => hook?.(vite, { command: "build" })));
    expect(both[0]).toEqual(both[1]);
    expect(both[0]).toMatchObject({
      build: { rolldownOptions: { input: { "search.md": `${config.srcDir}/search.md` } } },
    });
    expect(log.filter((line) => line.includes("siterag: indexed 2 pages"))).toHaveLength(1);
    expect(config.site.head).toEqual([SCRIPT]);
    expect(config.pages.filter((page) => page === "search.md")).toHaveLength(1);
    await mkdir(config.outDir, { recursive: true });
    await config.buildEnd?.(config);
    expect(buildEnd).toHaveBeenCalledExactlyOnceWith(config);
    expect(await readFile(`${config.outDir}/siterag/index.json`, "utf8")).toContain('"format"');
  });

  it("leaves the command line no text of pages that are left out", async () => {
    const dynamicRoutes = ["shown", "secret"].map((name) => ({
      path: `${name}.md`,
      route: "[name].md",
      content: `The ${name} lamp.`,
    }));
    const { config } = await vitePressSite({ "[name].md": "<!-- @content -->" }, { dynamicRoutes });
    const content = { exclude: ["secret.md"] };
    await joinSite({ vitepress: config }, { ...MOCK, content }, false);
    const options = await readFile(`${config.root}/../.siterag/options.json`, "utf8");
    expect(options).toContain("The shown lamp.");
    expect(options).not.toContain("The secret lamp.");
  });

  it("refuses a wrong option, and a Vite without VitePress", async () => {
    const { config } = await vitePressSite(FILES);
    const wrong = joinSite({ vitepress: config }, { content: { baseUrl: "" } }, false);
    await expect(wrong).rejects.toThrow("content.baseUrl");
    await expect(joinSite({}, MOCK, false)).rejects.toThrow("put siterag() into `vite.plugins`");
  });

  it("is left alone with SITERAG=off", async () => {
    vi.stubEnv("SITERAG", "off");
    const { config } = await vitePressSite(FILES);
    const { facts, hasSearch } = await joinSite({ vitepress: config }, MOCK, false);
    vi.unstubAllEnvs();
    expect({ hasSearch, related: facts.related }).toEqual({ hasSearch: false, related: 0 });
    expect(config).not.toHaveProperty("buildEnd");
    expect(config.site.head).toEqual([]);
    await expect(access(`${config.root}/../.siterag`)).rejects.toThrow("ENOENT");
  });
});

describe("a dev server", () => {
  it("has the search without a store, and goes on without it if an option is wrong", async () => {
    const { config } = await vitePressSite(FILES);
    const { dev, facts, hasSearch } = await joinSite({ vitepress: config }, MOCK, true);
    expect(new TextDecoder().decode((await dev?.file("index.json")) ?? undefined)).toContain(
      "format",
    );
    await dev?.close();
    expect({ hasSearch, isDev: facts.isDev }).toEqual({ hasSearch: true, isDev: true });
    expect(config).not.toHaveProperty("buildEnd");
    const { config: other, log } = await vitePressSite(FILES);
    const wrong = await joinSite({ vitepress: other }, { content: { baseUrl: "" } }, true);
    expect(wrong.hasSearch).toBe(false);
    expect(log).toEqual([expect.stringContaining("content.baseUrl")]);
    // The thread of the dev server loads all sources.
  }, 60_000);
});

describe("the search of a site", () => {
  const joined = async (
    themeConfig: object,
    search: "auto" | "replace" = "auto",
    alias: readonly object[] = [],
  ) => {
    const { config, log } = await vitePressSite(FILES);
    const site = { ...config.site, themeConfig };
    const vite = { vitepress: { ...config, site }, resolve: { alias } };
    const { hasSearch } = await joinSite(vite, { ...MOCK, build: { search } }, false);
    return { hasSearch, log: log.filter((line) => line.includes(" stays")) };
  };

  it.each([
    ["local", { search: { provider: "local" } }],
    ["algolia", { algolia: { appId: "x" } }],
  ])("stays if it is %s, with a warning", async (name, themeConfig) => {
    const { hasSearch, log } = await joined(themeConfig);
    expect(hasSearch).toBe(false);
    expect(log).toEqual([expect.stringContaining(`The search of themeConfig (${name}) stays`)]);
  });

  it("is replaced if the author says so", async () => {
    const { hasSearch, log } = await joined({ search: { provider: "local" } }, "replace");
    expect({ hasSearch, log }).toEqual({ hasSearch: true, log: [] });
  });

  it("stays if the site has a component of its own for it", async () => {
    const alias = [{ find: /^.*\/VPNavBarSearch\.vue$/, replacement: "/own.vue" }];
    const { hasSearch, log } = await joined({}, "auto", alias);
    expect(hasSearch).toBe(false);
    expect(log).toEqual([expect.stringContaining("resolve.alias")]);
  });
});

describe("the search page", () => {
  const add = (config: VitePressConfig) => addSearchPage(config, "/", { search: "Suche" });

  it("is a page of the site in no index and no sitemap", async () => {
    const sitemap: VitePressConfig["sitemap"] = {};
    const { config } = await vitePressSite(FILES, { cleanUrls: true, sitemap });
    const page = add(config);
    expect(page).toMatchObject({ url: "/search", file: `${config.srcDir}/search.md` });
    expect(page?.text).toContain("# Suche");
    expect(page?.text).toContain("noindex");
    const items = [{ url: "search" }, { url: "search/more" }];
    expect(await sitemap.transformItems?.(items)).toEqual([{ url: "search/more" }]);
  });

  it("is the site's own where there is one", async () => {
    const { config } = await vitePressSite({ "search.md": "" });
    expect(add(config)).toBeNull();
    const rewrites = { map: { "a.md": "search.md" }, inv: { "search.md": "a.md" } };
    const { config: other } = await vitePressSite({ "a.md": "" }, { rewrites });
    expect(add(other)).toBeNull();
  });
});
