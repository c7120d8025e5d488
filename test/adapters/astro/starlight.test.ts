import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import type { SiteragIntegration } from "../../../src/adapters/astro/integration.ts";
import type { AstroConfig } from "../../../src/adapters/astro/site.ts";
import type {
  StarlightChanges,
  StarlightConfig,
} from "../../../src/adapters/astro/starlight-slots.ts";
import siterag from "../../../src/adapters/astro/starlight.ts";
import { ENGLISH } from "../../../src/interface/labels.ts";
import type { SiteragConfig } from "../../../src/providers/load-config.ts";

interface Route {
  readonly pattern: string;
}

/** What the plugin does to a site with these files, by the hooks that Starlight and Astro call. */
async function setUp(
  config: StarlightConfig = {},
  options: SiteragConfig = {},
  files: Readonly<Record<string, string>> = {},
) {
  const folder = await mkdtemp(join(tmpdir(), "siterag-starlight-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const all = { "package.json": "{}", "src/content/docs/index.md": "# Home\n", ...files };
  for (const [file, text] of Object.entries(all)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  const root = pathToFileURL(`${folder}/`);
  const astroConfig: AstroConfig = {
    root,
    srcDir: new URL("src/", root),
    outDir: new URL("dist/", root),
    base: "/manual",
    trailingSlash: "ignore",
    build: { format: "directory", client: new URL("dist/client/", root) },
    integrations: [{ name: "@astrojs/starlight" }],
  };
  const warnings: string[] = [];
  const logger = { info: () => undefined, warn: (line: string) => void warnings.push(line) };
  const integrations: SiteragIntegration[] = [];
  const updated: Partial<StarlightChanges>[] = [];
  await siterag(options).hooks["config:setup"]({
    config,
    astroConfig,
    logger,
    updateConfig: (changes) => void updated.push(changes),
    addIntegration: (integration) => void integrations.push(integration),
  });
  const routes: Route[] = [];
  const sources = new Map<string, string | undefined>();
  for (const { hooks } of integrations) {
    await hooks["astro:config:setup"]({
      command: "build",
      config: astroConfig,
      logger,
      injectRoute: (route) => void routes.push(route),
      updateConfig: ({ vite }) => {
        for (const { name, load, resolveId } of vite.plugins.filter(isModule)) {
          sources.set(name, load(resolveId(`virtual:${name}`) ?? ""));
        }
      },
    });
  }
  return {
    updated: updated[0] ?? {},
    warnings,
    routes: routes.map(({ pattern }) => pattern),
    sources,
  };
}

interface ModulePlugin {
  readonly name: string;
  readonly load: (id: string) => string | undefined;
  readonly resolveId: (id: string) => string | undefined;
}

const isModule = (plugin: object): plugin is ModulePlugin => "load" in plugin;

const SEARCH = "siterag/components/Search.astro";
const PAGINATION = "siterag/components/starlight/Pagination.astro";

describe("the plugin for Starlight", () => {
  it("gives a site its search, its search page and its related pages", async () => {
    const { updated, warnings, routes, sources } = await setUp({ customCss: ["./own.css"] });
    expect(updated).toEqual({
      components: { Search: SEARCH, Pagination: PAGINATION },
      customCss: ["siterag/components/starlight.css", "./own.css"],
      pagefind: false,
    });
    expect(routes).toEqual(["search"]);
    expect(sources.get("siterag/astro")).toContain(
      '{"index":"/manual/siterag/","pages":["/manual/search/"]}',
    );
    expect(sources.get("siterag/starlight")).toContain("@astrojs/starlight/components/Pagination");
    expect(warnings).toEqual([]);
  });

  it("has a search page for each language", async () => {
    const { routes } = await setUp({ locales: { root: {}, ja: {} } });
    expect(routes).toEqual(["search", "ja/search"]);
  });

  it("leaves components alone that the site has replaced, and says how to use its own", async () => {
    const components = { Search: "./Mine.astro", Pagination: "./Own.astro", Hero: "./Hero.astro" };
    const { updated, warnings, routes } = await setUp({ components });
    expect(updated.components).toEqual(components);
    expect(updated.pagefind).toBeUndefined();
    expect(routes).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(/\.\/Mine\.astro.* components\.Search .*build\.search to "replace"/u),
      expect.stringMatching(/components\.Pagination .*\.\/Own\.astro.*<RelatedPages \/>/u),
    ]);
  });

  it("says nothing of components of the site that use those of siterag", async () => {
    const components = { Search: "./src/Mine.astro", Pagination: "./src/Own.astro" };
    const files = {
      "src/Mine.astro":
        '---\nimport Search from "siterag/components/Search.astro";\n---\n<Search />',
      "src/Own.astro":
        '---\nimport Near from "siterag/components/RelatedPages.astro";\n---\n<Near />',
    };
    const { updated, warnings, routes } = await setUp({ components }, {}, files);
    expect(updated).toMatchObject({ components, pagefind: false });
    expect(routes).toEqual(["search"]);
    expect(warnings).toEqual([]);
  });

  it("keeps other components of the site", async () => {
    const { updated } = await setUp({ components: { Hero: "./Hero.astro" } });
    expect(updated.components).toEqual({
      Hero: "./Hero.astro",
      Search: SEARCH,
      Pagination: PAGINATION,
    });
  });

  it("replaces the site's search if it is told to", async () => {
    const components = { Search: "./Mine.astro" };
    const { updated, warnings } = await setUp({ components }, { build: { search: "replace" } });
    expect(updated).toMatchObject({ components: { Search: SEARCH }, pagefind: false });
    expect(warnings).toEqual([]);
  });

  it("leaves Starlight's search and the footer alone if they are off", async () => {
    const { updated, routes } = await setUp({}, { build: { search: "off", related: 0 } });
    expect(updated.components).toEqual({});
    expect(updated).not.toHaveProperty("pagefind");
    expect(routes).toEqual([]);
  });

  it("takes these settings from the site's file too", async () => {
    const files = { "siterag.config.json": '{ "build": { "related": 0 } }' };
    const { updated } = await setUp({}, {}, files);
    expect(updated.components).toEqual({ Search: SEARCH });
  });

  it.each(["src/pages/search.astro", "src/content/docs/search/index.mdx"])(
    "adds no search page where the site has %s",
    async (file) => {
      const { routes, warnings } = await setUp({}, {}, { [file]: "" });
      expect(routes).toEqual([]);
      expect(warnings).toEqual([expect.stringContaining(file.slice(4))]);
    },
  );

  it("leaves a wrong configuration to the build, which says what is wrong", async () => {
    const { updated, warnings } = await setUp({}, {}, { "siterag.config.json": '{ "serch": {} }' });
    expect(updated.components).toMatchObject({ Search: SEARCH });
    expect(warnings).toEqual([]);
  });

  it("hands its texts to Starlight, in each language, under names of its own", async () => {
    const injected: Record<string, Record<string, string>> = {};
    await siterag().hooks["i18n:setup"]({
      injectTranslations: (translations) => void Object.assign(injected, translations),
    });
    const names = Object.keys(ENGLISH).map((name) => `siterag.${name}`);
    for (const texts of Object.values(injected)) expect(Object.keys(texts)).toEqual(names);
    expect(injected["en"]).toMatchObject({ "siterag.relatedPages": ENGLISH.relatedPages });
  });
});
