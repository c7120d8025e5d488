import { win32 } from "node:path";
import { describe, expect, it } from "vitest";
import { foundInVitePress } from "../../../src/adapters/vitepress/found-site.ts";
import { vitePressSite } from "./vitepress-site.ts";

const SITE = { base: "/", lang: "en-US", head: [], locales: {} };

describe("what VitePress's configuration says", () => {
  it("is all that a site needs", async () => {
    const { config } = await vitePressSite({ "index.md": "" });
    expect(foundInVitePress(config)).toEqual({
      content: {
        root: ".",
        include: ["**/*.md", "!**/dist/**"],
        site: ".vitepress/dist",
        baseUrl: "/",
        urlStyle: "html",
        pathStyle: "plain",
        slugger: "vitepress",
        locales: {},
        paths: {},
        routes: {},
      },
    });
  });

  it("is on Windows what it is elsewhere", async () => {
    const { config } = await vitePressSite({ "index.md": "" });
    const root = "C:\\repo\\site";
    const places = { root, srcDir: "C:/repo/site/docs/src", outDir: "C:\\repo\\site\\out\\html" };
    const { content } = foundInVitePress({ ...config, ...places }, win32);
    expect(content).toMatchObject({ root: "docs/src", site: "out/html" });
    const same = foundInVitePress({ ...config, ...places, srcDir: root, outDir: root }, win32);
    expect(same.content).toMatchObject({ root: ".", site: "." });
  });

  it("names the folders, the addresses and the files that are no pages", async () => {
    const { config } = await vitePressSite({ "src/index.md": "" });
    const { content } = foundInVitePress({
      ...config,
      srcDir: `${config.root}/src`,
      outDir: `${config.root}/../public`,
      cleanUrls: true,
      site: { ...SITE, base: "/manual/" },
      userConfig: { srcExclude: ["parts/**"] },
    });
    expect(content).toMatchObject({
      root: "src",
      site: "../public",
      baseUrl: "/manual/",
      urlStyle: "clean",
      include: ["**/*.md", "!**/dist/**", "!parts/**"],
    });
  });

  it("says no base where VitePress's own is relative", async () => {
    const { config } = await vitePressSite({});
    const { content } = foundInVitePress({ ...config, site: { ...SITE, base: "./" } });
    expect(content).not.toHaveProperty("baseUrl");
  });
});

describe("the languages of a site", () => {
  const locales = { root: {}, fr: { lang: "fr-CA" }, ja: {} };

  it("are those of its locales", async () => {
    const { config } = await vitePressSite({});
    const { content } = foundInVitePress({ ...config, site: { ...SITE, locales } });
    expect(content?.locales).toEqual({ ".": "en-US", fr: "fr-CA", ja: "ja" });
  });

  it("are of no folder where there is only one", async () => {
    const { config } = await vitePressSite({});
    const only = { ...SITE, locales: { root: { lang: "cs" } } };
    expect(foundInVitePress({ ...config, site: only }).content?.locales).toEqual({});
  });

  it("follow the address of a page that rewrites take out of its folder", async () => {
    const map = { "en/a.md": "a.md", "b.md": "fr/b.md", "c.md": "c.md" };
    const { config } = await vitePressSite({}, { rewrites: { map, inv: {} } });
    const site = { ...SITE, locales: { ...locales, en: { lang: "en" } } };
    const { content } = foundInVitePress({ ...config, site });
    expect(content?.paths).toEqual({ "en/a.md": "a.md", "b.md": "fr/b.md" });
    expect(content?.locales).toMatchObject({ "en/a.md": "en-US", "b.md": "fr-CA" });
    expect(content?.locales).not.toHaveProperty("c.md");
  });
});

describe("dynamic routes", () => {
  const files = {
    "[name].md": "# {{ $params.name }}\n\n<!-- @content -->\n",
    "hidden/[id].md": "---\nsearch: false\n---\n\n# {{ $params.id }}\n",
  };
  const routes = [
    {
      path: "foo.md",
      route: "[name].md",
      params: { name: "foo", token: "unused" },
      content: "Text <!-- for nobody --> of `<!-- code -->`.",
    },
    { path: "hidden/1.md", route: "hidden/[id].md", params: { id: "1" } },
  ];
  const expected = {
    "foo.md": {
      file: "[name].md",
      params: { name: "foo" },
      content: "Text  of `<!-- code -->`.",
    },
  };

  it.each([
    ["1", { routes }],
    ["2", routes],
  ])("are pages in VitePress %s, without what no reader sees", async (_, dynamicRoutes) => {
    const { config } = await vitePressSite(files, { dynamicRoutes });
    expect(foundInVitePress(config).content?.routes).toEqual(expected);
  });
});
