import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { type Files, initialised, packageWith } from "./initialised.ts";

interface Case {
  readonly name: string;
  readonly files: Files;
  readonly content: Readonly<Record<string, unknown>>;
  readonly build: string;
  /** Settings that stand with a question. */
  readonly asked?: readonly string[];
}

/** A site whose settings are those of `content`, laid on the usual ones. */
const family =
  (usual: Readonly<Record<string, unknown>>, usualBuild: string) =>
  (
    name: string,
    files: Files,
    content: Readonly<Record<string, unknown>> = {},
    asked: readonly string[] = [],
    build: string = usualBuild,
  ): Case => ({ name, files, content: { ...usual, ...content }, asked, build });

const starlight = family(
  {
    root: "src/content/docs",
    baseUrl: "/",
    urlStyle: "directory",
    pathStyle: "starlight",
    slugger: "github",
    site: "dist",
  },
  "npx astro build",
);
const astro = family(
  {
    root: "src/pages",
    baseUrl: "/",
    urlStyle: "directory",
    pathStyle: "plain",
    slugger: "github",
    site: "dist",
  },
  "npx astro build",
);
const vitepress = family(
  {
    root: "docs",
    baseUrl: "/",
    urlStyle: "html",
    pathStyle: "plain",
    slugger: "vitepress",
    site: "docs/.vitepress/dist",
  },
  "npx vitepress build docs",
);
const docusaurus = family(
  {
    root: "docs",
    baseUrl: "/docs/",
    urlStyle: "clean",
    pathStyle: "docusaurus",
    slugger: "github",
    site: "build",
  },
  "npx docusaurus build",
);

/** A configuration of Starlight with these settings of Astro. */
const starlightConfig = (settings: string, theme = ""): string => `
  import starlight from "@astrojs/starlight";
  import { base } from "./site.js";
  export default defineConfig({ ${settings} integrations: [starlight({ title: "X", ${theme} })] });
`;
const STARLIGHT_PAGE = { "src/content/docs/index.md": "" };
const starlightFiles = (settings: string, theme?: string): Files => ({
  ...STARLIGHT_PAGE,
  "astro.config.mjs": starlightConfig(settings, theme),
});
const vitepressFiles = (settings: string): Files => ({
  "docs/index.md": "",
  "docs/.vitepress/config.ts": `export default defineConfig({ title: "X", ${settings} });`,
});
const docusaurusFiles = (settings: string): Files => ({
  "docs/a.md": "",
  "docusaurus.config.ts": `const config: Config = { title: "X", ${settings} };\nexport default config;`,
});

const GENERATORS: Readonly<Record<string, readonly Case[]>> = {
  Starlight: [
    starlight("by its packages", {
      ...STARLIGHT_PAGE,
      "package.json": packageWith(["astro", "@astrojs/starlight"]),
    }),
    starlight("no pages yet", { "package.json": packageWith(["@astrojs/starlight"]) }, {}, [
      "root",
    ]),
    starlight(
      "settings of its own",
      starlightFiles(
        'base: "/docs", trailingSlash: "never", outDir: "./build/", srcDir: "src", vite: { base: "/no/" },',
      ),
      { baseUrl: "/docs/", urlStyle: "clean", site: "build" },
    ),
    ...["file", "preserve"].map((format) =>
      starlight(
        `pages of the format ${format}`,
        starlightFiles(`build: { format: "${format}" },`),
        { urlStyle: "html" },
      ),
    ),
    starlight(
      "a constant of the script",
      {
        ...STARLIGHT_PAGE,
        "astro.config.ts": `const root = "/x/";\n${starlightConfig("base: root,")}`,
      },
      { baseUrl: "/x/" },
    ),
    ...[
      ["a variable", "base: BASE,"],
      ["an imported name", "base,"],
      ["the environment", 'base: process.env.BASE ?? "/",'],
      ["a template", "base: `/${version}/`,"],
      ["a condition", 'base: isLive ? "/a/" : "/b/",'],
      ["a call", 'base: withSlash("/a"),'],
      ["settings from elsewhere", "...shared,"],
    ].map(([from, settings]) =>
      starlight(
        `a base from ${from}`,
        starlightFiles(settings ?? ""),
        {},
        from === "settings from elsewhere" ? ["root", "baseUrl", "urlStyle", "site"] : ["baseUrl"],
      ),
    ),
    starlight(
      "a constant that is computed",
      {
        ...STARLIGHT_PAGE,
        "astro.config.ts": `const root = "/x/" + version;\n${starlightConfig("base: root,")}`,
      },
      {},
      ["baseUrl"],
    ),
    starlight(
      "settings that are computed",
      starlightFiles("srcDir: dir(), outDir: out, trailingSlash: slash, build: builds(),"),
      {},
      ["root", "urlStyle", "site"],
    ),
    starlight(
      "a server",
      starlightFiles('adapter: node({ mode: "standalone" }), output: "server",'),
      { site: "dist/client" },
      ["site"],
    ),
    starlight(
      "languages",
      starlightFiles(
        "",
        'locales: { root: { label: "English", lang: "en" }, fr: { label: "F" } },',
      ),
      { locales: { ".": "en" } },
    ),
    starlight(
      "languages in a constant",
      {
        ...STARLIGHT_PAGE,
        "astro.config.mjs": `export const locales = { root: { label: "English", lang: "en" } };
          ${starlightConfig("", "locales,")}`,
      },
      { locales: { ".": "en" } },
    ),
    starlight(
      "languages that all have a folder",
      starlightFiles(
        "",
        'defaultLocale: "en", locales: { en: { label: "E" }, fr: { label: "F" } },',
      ),
    ),
    starlight("languages from elsewhere", starlightFiles("", "locales,"), { locales: {} }, [
      "locales",
    ]),
    starlight(
      "a script of the package",
      {
        ...starlightFiles(""),
        "package.json": packageWith(["@astrojs/starlight"], {
          dev: "astro dev",
          site: "astro check && astro build",
        }),
        "pnpm-lock.yaml": "",
      },
      {},
      [],
      "pnpm run site",
    ),
  ],
  Astro: [
    astro("its pages", {
      "astro.config.mjs": "// base: '/old'\nexport default { integrations: [] };",
      "src/pages/a.md": "",
    }),
    astro(
      "a collection, whose addresses its pages decide",
      { "astro.config.mjs": "export default {}", "src/content/blog/a.md": "" },
      { root: "src/content", pathStyle: "starlight" },
      ["root"],
    ),
  ],
  VitePress: [
    vitepress("by its package", { "package.json": packageWith(["vitepress"]), "docs/a.md": "" }),
    vitepress("a folder of its configuration", {
      "docs/a.md": "",
      "docs/.vitepress/config/index.mts": "export default { title: 'X' }",
    }),
    vitepress(
      "in the folder itself",
      {
        ".vitepress/config.mts":
          'export default { srcDir: "./pages/", base: "/x/", cleanUrls: true, outDir: "./out" }',
        "pages/a.md": "",
      },
      { root: "pages", baseUrl: "/x/", urlStyle: "clean", site: "out" },
      [],
      "npx vitepress build",
    ),
    vitepress(
      "the folder in a script",
      {
        "package.json": packageWith(["vitepress"], { "docs:build": "vitepress build manual" }),
        "manual/index.md": "",
      },
      { root: "manual", site: "manual/.vitepress/dist" },
      [],
      "npm run docs:build",
    ),
    vitepress(
      "a configuration in the folder of a script",
      {
        "package.json": packageWith(["vitepress"], { build: "vitepress build ./manual --minify" }),
        "manual/.vitepress/config.ts": 'export default { base: "/m/" }',
      },
      { root: "manual", baseUrl: "/m/", site: "manual/.vitepress/dist" },
      [],
      "npm run build",
    ),
    vitepress(
      "a script with flags and without a folder",
      { "package.json": packageWith(["vitepress"], { build: "vitepress build --minify no" }) },
      {},
      ["root"],
      "npm run build",
    ),
    vitepress("built beside its folder", vitepressFiles('outDir: "../dist",'), { site: "dist" }),
    vitepress("rewrites", vitepressFiles('rewrites: { "a/:page": ":page" },'), {}, ["content"]),
    vitepress("rewrites by a function", vitepressFiles("rewrites(id) { return id; },"), {}, [
      "content",
    ]),
    vitepress("pages left out", vitepressFiles('srcExclude: ["**/README.md", "old/**"],'), {
      exclude: ["**/README.md", "old/**"],
    }),
    vitepress(
      "pages left out by code",
      vitepressFiles("srcExclude: [...drafts],"),
      { exclude: [] },
      ["exclude"],
    ),
    vitepress(
      "settings by code",
      vitepressFiles('base: process.env.BASE || "/", cleanUrls: isClean, srcDir: dir,'),
      {},
      ["root", "baseUrl", "urlStyle"],
    ),
    vitepress("no folder of pages", vitepressFiles('srcDir: "pages",'), { root: "docs/pages" }, [
      "root",
    ]),
    vitepress(
      "languages",
      vitepressFiles('locales: { root: { label: "English", lang: "en-US" }, de: { label: "D" } },'),
      { locales: { ".": "en-US" } },
    ),
    vitepress(
      "the language of the site as that of its root",
      vitepressFiles('lang: "en-GB", locales: { root: { label: "English" }, de: { label: "D" } },'),
      { locales: { ".": "en-GB" } },
    ),
    vitepress("the language of a site without others", vitepressFiles('lang: "en-GB",')),
    vitepress(
      "everything from elsewhere",
      { "docs/a.md": "", "docs/.vitepress/config.js": 'export { default } from "./shared.js";' },
      { exclude: [], locales: {} },
      ["content", "root", "exclude", "baseUrl", "urlStyle", "site", "locales"],
    ),
  ],
  Docusaurus: [
    docusaurus("by its package", { "package.json": packageWith(["@docusaurus/core"]) }, {}, [
      "root",
      "baseUrl",
    ]),
    docusaurus(
      "settings of its own",
      {
        ...docusaurusFiles(`baseUrl: "/p/", trailingSlash: true, presets: [["classic",
          { docs: { path: "manual", routeBasePath: "/" }, blog: { routeBasePath: "news" } }]],
          markdown: { mermaid: true, format: "detect" },`),
        "manual/a.md": "",
      },
      { root: "manual", baseUrl: "/p/", urlStyle: "directory", format: "detect" },
    ),
    docusaurus(
      "a usual configuration",
      docusaurusFiles(`url: "https://x.org", baseUrl: "/", future: { v4: true }, i18n: { defaultLocale: "en", locales: ["en"] },
        presets: [["classic", { docs: { sidebarPath: "./sidebars.ts", editUrl: "https://x.org/e/" },
          blog: { showReadingTime: true, feedOptions: { type: ["rss"], xslt: true } },
          theme: { customCss: "./src/css/custom.css" } } satisfies Preset.Options]],
        themeConfig: { navbar: { items: [{ to: "/blog", label: "Blog", docsPluginId: "x" }] },
          prism: { theme: prismThemes.github } } satisfies Preset.ThemeConfig,`),
    ),
    docusaurus(
      "docs of the plugin alone",
      docusaurusFiles(`baseUrl: "/", presets: [["classic", { docs: false }]],
        plugins: [["@docusaurus/plugin-content-docs", { path: "docs", routeBasePath: "help" }]],`),
      { baseUrl: "/help/" },
    ),
    docusaurus(
      "docs of another plugin too",
      docusaurusFiles(`baseUrl: "/", presets: [["classic", { docs: {} }]],
        plugins: [["@docusaurus/plugin-content-docs", { id: "community", path: "c", routeBasePath: "c" }]],`),
      {},
      ["content"],
    ),
    docusaurus(
      "a base in a template",
      docusaurusFiles("baseUrl: `/${process.env.VERSION}/`,"),
      {},
      ["baseUrl"],
    ),
    docusaurus(
      "settings by code",
      docusaurusFiles('baseUrl: "/", trailingSlash: slash, presets, markdown: { format },'),
      { format: "mdx" },
      ["root", "baseUrl", "urlStyle", "format"],
    ),
    ...["versions.json", "i18n/fr/code.json"].map((file) =>
      docusaurus(
        `with ${file} and a route of its own`,
        {
          ...docusaurusFiles(
            'baseUrl: "/", presets: [["classic", { docs: { routeBasePath: "/" } }]],',
          ),
          [file]: '["1.0"]',
        },
        { baseUrl: "/" },
        ["content"],
      ),
    ),
    docusaurus("no base at all", docusaurusFiles(""), {}, ["baseUrl"]),
    docusaurus(
      "a folder that is not there",
      docusaurusFiles('baseUrl: "/", presets: [["classic", { docs: { path: "../docs" } }]],'),
      { root: "../docs" },
      ["root"],
    ),
    ...["versions.json", "i18n/fr/code.json"].map((file) =>
      docusaurus(
        `with ${file}`,
        { ...docusaurusFiles('baseUrl: "/p/",'), [file]: '["1.0"]' },
        {
          root: ".",
          baseUrl: "/p/",
          include: [
            "docs/**/*.{md,mdx}",
            "versioned_docs/**/*.{md,mdx}",
            "i18n/*/docusaurus-plugin-content-docs/**/*.{md,mdx}",
          ],
        },
      ),
    ),
  ],
};

const ADAPTERS: ReadonlyMap<string, string> = new Map(
  ["Astro", "Starlight", "VitePress"].map((name) => [name, `siterag/${name.toLowerCase()}`]),
);

describe.each(Object.entries(GENERATORS))("init finds %s", (generator, cases) => {
  test.each(cases)("$name", async ({ files, content, build, asked = [] }) => {
    const found = await initialised(files);
    expect(found).toMatchObject({ generator, build, asked });
    expect(found.content).toEqual(content);
    expect(found.adapter).toBe(ADAPTERS.get(generator) ?? null);
  });
});

describe("without a known generator init", () => {
  const markdown = { urlStyle: "directory", pathStyle: "plain", slugger: "github" };

  test.each([
    ["takes a folder of Markdown", { "content/a.md": "" }, { root: "content", ...markdown }, []],
    ["asks for the folder of Markdown", {}, { root: "docs", ...markdown }, ["root"]],
    [
      "takes a folder of built HTML",
      { "docs/a.md": "", "dist/index.html": "" },
      { from: "html", site: "dist" },
      ["site"],
    ],
  ])("%s", async (_name, files, content, settings) => {
    const found = await initialised(files);
    expect(found).toMatchObject({ generator: null, foundIn: null, build: null });
    expect(found.content).toEqual({ ...content, baseUrl: "/" });
    expect(found.asked.filter((setting) => setting !== "content")).toEqual(settings);
    expect(found.asked.length).toBeGreaterThan(0);
  });
});

test("every question stands above its setting, with the value that is assumed", async () => {
  const { path } = await initialised(
    vitepressFiles('base: process.env.BASE || "/",\n rewrites, srcDir: "pages", locales: all,'),
  );
  await expect(await readFile(path, "utf8")).toMatchFileSnapshot(
    "../../../golden/cli/init-vitepress-config.txt",
  );
});
