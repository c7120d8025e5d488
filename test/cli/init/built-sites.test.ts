import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { folderWith } from "../../support/temporary-folder.ts";
import { record } from "../recording.ts";
import { type Files, initialised, packageWith } from "./initialised.ts";

interface Case {
  readonly name: string;
  readonly files: Files;
  readonly site: string;
  readonly baseUrl: string;
  readonly build: string;
  /** Settings that stand with a question. */
  readonly asked?: readonly string[];
  readonly urlStyle?: string;
}

const site = (name: string, files: Files, found: Omit<Case, "name" | "files">): Case => ({
  name,
  files,
  ...found,
});

const lines = (...all: readonly string[]): string => `${all.join("\n")}\n`;

const ELEVENTY = { site: "_site", baseUrl: "/", build: "npx @11ty/eleventy" };
const HUGO = { site: "public", baseUrl: "/", build: "hugo" };
const MKDOCS = { site: "site", baseUrl: "/", build: "mkdocs build" };
const JEKYLL = { site: "_site", baseUrl: "/", build: "jekyll build" };
const MDBOOK = { site: "book", baseUrl: "/", build: "mdbook build" };
const NEXTRA = { site: "out", baseUrl: "/", build: "npx next build", urlStyle: "clean" };
const SPHINX = {
  site: "_build/html",
  baseUrl: "/",
  build: "sphinx-build -b html . _build/html",
};
const inDocs = (folder: string, html: string) => ({
  site: html,
  baseUrl: "/",
  build: `sphinx-build -b html ${folder} ${html}`,
});

const GENERATORS: Readonly<Record<string, readonly Case[]>> = {
  Eleventy: [
    site("by its package", { "package.json": packageWith(["@11ty/eleventy"]) }, ELEVENTY),
    site("without settings", { "eleventy.config.js": "export default () => {};" }, ELEVENTY),
    site(
      "folder and prefix in the object that it returns",
      {
        ".eleventy.js": `module.exports = function (config) {
          // return { pathPrefix: "/old/" };
          config.addPassthroughCopy({ "img": "assets" });
          return { dir: { input: "src", output: "./public/" }, pathPrefix: "docs" };
        };`,
      },
      { ...ELEVENTY, site: "public", baseUrl: "/docs/" },
    ),
    site(
      "folder set by a call",
      {
        "eleventy.config.mjs":
          'const OUT = "build";\nexport default (c) => { c.setOutputDirectory(OUT); };',
      },
      { ...ELEVENTY, site: "build" },
    ),
    site(
      "settings under a name of their own",
      {
        "eleventy.config.js":
          'export default (c) => { c.addPlugin(x); };\nexport const config = { pathPrefix: "/m/", dir: { output: "o" } };',
      },
      { ...ELEVENTY, site: "o", baseUrl: "/m/" },
    ),
    site(
      "flags in a script",
      {
        ".eleventy.js": 'module.exports = () => ({ dir: { output: "ignored" } });',
        "package.json": packageWith(["@11ty/eleventy"], {
          start: "eleventy --serve",
          site: "eleventy --input=src --output=www --pathprefix=/x/",
        }),
        "yarn.lock": "",
      },
      { site: "www", baseUrl: "/x/", build: "yarn run site" },
    ),
    site(
      "a configuration that a script names",
      {
        "config/site.js": 'export default () => ({ dir: { output: "www" } });',
        "package.json": packageWith(["@11ty/eleventy"], {
          build: "eleventy --config=config/site.js",
        }),
      },
      { ...ELEVENTY, site: "www", build: "npm run build" },
    ),
    site(
      "prefix and folder from the environment",
      {
        "eleventy.config.js":
          "const { OUT } = process.env;\nexport default () => ({ pathPrefix: process.env.BASE || '/', dir: { output: OUT } });",
      },
      { ...ELEVENTY, asked: ["site", "baseUrl"] },
    ),
    site(
      "two values of a flag",
      {
        "package.json": packageWith(["@11ty/eleventy"], {
          build: "eleventy --output=a",
          docs: "eleventy --output=b",
        }),
      },
      { ...ELEVENTY, build: "npm run build", asked: ["site"] },
    ),
    site(
      "a flag from a variable",
      { "package.json": packageWith(["@11ty/eleventy"], { build: "eleventy --output=$OUT" }) },
      { ...ELEVENTY, build: "npm run build", asked: ["site"] },
    ),
    site(
      "a configuration from elsewhere",
      { ".eleventy.js": 'module.exports = require("./config");' },
      { ...ELEVENTY, asked: ["site", "baseUrl"] },
    ),
  ],
  Hugo: [
    site("hugo.toml", { "hugo.toml": 'title = "X"' }, HUGO),
    site(
      "folder and address",
      { "hugo.toml": 'baseURL = "https://example.org/docs/"\npublishDir = "dist/"' },
      { ...HUGO, site: "dist", baseUrl: "/docs/" },
    ),
    site(
      "keys in other cases",
      { "hugo.yaml": "baseurl: /a\nPUBLISHDIR: out\n" },
      { ...HUGO, site: "out", baseUrl: "/a/" },
    ),
    site("JSON", { "hugo.json": '{ "baseURL": "https://example.org" }' }, HUGO),
    site(
      "config.toml with a key of Hugo",
      { "config.toml": 'baseURL = "https://example.org/x"\nlanguageCode = "en"' },
      { ...HUGO, baseUrl: "/x/" },
    ),
    site(
      "config.yaml with a section of Hugo",
      { "config.yaml": "title: X\nmarkup:\n  goldmark: {}\n" },
      HUGO,
    ),
    site("config.toml beside archetypes", { "config.toml": "", "archetypes/a.md": "" }, HUGO),
    site(
      "a folder of configurations",
      { "config/_default/hugo.toml": 'baseURL = "/m/"', "config/_default/menus.toml": "" },
      { ...HUGO, baseUrl: "/m/" },
    ),
    site(
      "a folder of configurations over the file beside it",
      {
        "hugo.toml": 'baseURL = "/no/"\npublishDir = "out"',
        "config/_default/hugo.yaml": "baseurl: /m",
      },
      { ...HUGO, site: "out", baseUrl: "/m/" },
    ),
    site(
      "a folder of configurations without the main one",
      { "config/_default/params.toml": "", "config/production/config.toml": 'baseURL = "/m"' },
      { ...HUGO, baseUrl: "/m/" },
    ),
    site(
      "another address in production",
      {
        "config/_default/config.toml": 'baseURL = "/"\npublishDir = "out"',
        "config/production/config.toml": 'baseURL = "https://example.org/live/"',
      },
      { ...HUGO, site: "out", baseUrl: "/live/" },
    ),
    site(
      "a script",
      { "hugo.toml": "", "package.json": packageWith([], { build: "hugo --minify" }) },
      { ...HUGO, build: "npm run build" },
    ),
    site(
      "languages with addresses of their own",
      { "hugo.toml": '[languages.fr]\nbaseURL = "https://example.fr/"' },
      { ...HUGO, asked: ["baseUrl"] },
    ),
    site(
      "a broken file",
      { "hugo.toml": 'baseURL = "https://exa' },
      { ...HUGO, asked: ["site", "baseUrl"] },
    ),
    site(
      "a broken file for production",
      { "hugo.toml": "", "config/production/hugo.toml": "= =" },
      { ...HUGO, asked: ["site", "baseUrl"] },
    ),
    site(
      "values that are no texts",
      { "hugo.toml": "baseURL = 1\npublishDir = []" },
      { ...HUGO, asked: ["site", "baseUrl"] },
    ),
  ],
  MkDocs: [
    site("without settings", { "mkdocs.yml": "site_name: X" }, MKDOCS),
    site(
      "folder and address",
      { "mkdocs.yaml": "site_url: https://example.org/en/latest/\nsite_dir: ./public\n" },
      { ...MKDOCS, site: "public", baseUrl: "/en/latest/" },
    ),
    site(
      "names of Python",
      {
        "mkdocs.yml": lines(
          "site_url: https://example.org/x",
          "markdown_extensions:",
          "  - pymdownx.emoji:",
          "      emoji_index: !!python/name:material.extensions.emoji.twemoji",
          "      options: !!python/object/apply:a.b { kwds: { c: d } }",
          "  - toc: { slugify: !!python/object/apply:pymdownx.slugs.slugify {} }",
        ),
      },
      { ...MKDOCS, baseUrl: "/x/" },
    ),
    site(
      "an address from the environment",
      { "mkdocs.yml": "site_url: !ENV SITE_URL" },
      { ...MKDOCS, asked: ["baseUrl"] },
    ),
    site(
      "an address from the environment with another one in its place",
      { "mkdocs.yml": 'site_url: !ENV [CI_URL, SITE_URL, "https://example.org/z/"]' },
      { ...MKDOCS, baseUrl: "/z/", asked: ["baseUrl"] },
    ),
    site(
      "a folder from the environment with another one in its place",
      { "mkdocs.yml": "site_dir: !ENV [OUT, ./out]" },
      { ...MKDOCS, site: "out", asked: ["site"] },
    ),
    site(
      "Read the Docs without an address",
      { "mkdocs.yml": "", ".readthedocs.yaml": "" },
      { ...MKDOCS, baseUrl: "/en/latest/", asked: ["baseUrl"] },
    ),
    site(
      "a file that it inherits",
      {
        "mkdocs.yml": "INHERIT: ./config/base.yml\nsite_dir: out\n",
        "config/base.yml": "site_url: https://example.org/b/\nsite_dir: no\n",
      },
      { ...MKDOCS, site: "out", baseUrl: "/b/" },
    ),
    site(
      "a file that it inherits and that is not there",
      { "mkdocs.yml": "INHERIT: ../base.yml" },
      { ...MKDOCS, asked: ["site", "baseUrl"] },
    ),
    site(
      "a file that inherits itself",
      { "mkdocs.yml": "INHERIT: mkdocs.yml\nsite_url: /c\n" },
      { ...MKDOCS, baseUrl: "/c/" },
    ),
    site(
      "a broken file",
      { "mkdocs.yml": "site_url: [a\nb: }" },
      { ...MKDOCS, asked: ["site", "baseUrl"] },
    ),
  ],
  Jekyll: [
    site("without settings", { "_config.yml": "" }, JEKYLL),
    site(
      "folder, base and bundler",
      {
        "_config.yml": 'url: "https://example.org"\nbaseurl: "/docs" # below\ndestination: out/\n',
        Gemfile: 'gem "jekyll"',
      },
      { site: "out", baseUrl: "/docs/", build: "bundle exec jekyll build" },
    ),
    site("an empty base", { "_config.yml": 'baseurl: ""' }, JEKYLL),
    site(
      "GitHub Pages without a base",
      { "_config.yml": "title: X", Gemfile: 'gem "github-pages", group: :jekyll_plugins' },
      { ...JEKYLL, build: "bundle exec jekyll build", asked: ["baseUrl"] },
    ),
    site("a broken file", { "_config.yml": "a: b: c" }, { ...JEKYLL, asked: ["site", "baseUrl"] }),
  ],
  mdBook: [
    site("without settings", { "book.toml": '[book]\ntitle = "X"' }, MDBOOK),
    site(
      "folder and address",
      {
        "book.toml": '[build]\nbuild-dir = "out"\n[output.html]\nsite-url = "/my-book/"',
      },
      { ...MDBOOK, site: "out", baseUrl: "/my-book/" },
    ),
    site(
      "several outputs",
      { "book.toml": "[output.html]\n[output.linkcheck]" },
      { ...MDBOOK, site: "book/html" },
    ),
    site("no HTML", { "book.toml": "[output.epub]" }, { ...MDBOOK, asked: ["site"] }),
    site("a broken file", { "book.toml": "[output" }, { ...MDBOOK, asked: ["site", "baseUrl"] }),
  ],
  Nextra: [
    site(
      "exported",
      {
        "next.config.mjs": `import nextra from "nextra";
          const withNextra = nextra({ search: true });
          export default withNextra({ output: "export", basePath: "/handbook", images: { unoptimized: true } });`,
      },
      { ...NEXTRA, baseUrl: "/handbook/" },
    ),
    site(
      "exported into another folder, with a slash",
      {
        "package.json": packageWith(["next", "nextra"], { build: "next build && pagefind" }),
        "pnpm-lock.yaml": "",
        "next.config.js":
          "module.exports = require('nextra')()({ output: 'export', distDir: 'build', trailingSlash: true })",
      },
      { site: "build", baseUrl: "/", build: "pnpm run build", urlStyle: "directory" },
    ),
    site(
      "with a server",
      { "next.config.ts": 'import nextra from "nextra";\nexport default nextra({})({});' },
      { ...NEXTRA, asked: ["site"] },
    ),
    site(
      "output and base from the environment",
      {
        "package.json": packageWith(["nextra"]),
        "next.config.js":
          "module.exports = withNextra({ output: process.env.CI ? 'export' : undefined, basePath: process.env.BASE, trailingSlash: isCi });",
      },
      { ...NEXTRA, asked: ["site", "baseUrl", "urlStyle"] },
    ),
  ],
  Sphinx: [
    site("in the folder itself", { "conf.py": 'project = "X"' }, SPHINX),
    site("in docs", { "docs/conf.py": "extensions = []" }, inDocs("docs", "docs/_build/html")),
    site("in doc", { "doc/conf.py": "extensions = []" }, inDocs("doc", "doc/_build/html")),
    site(
      "a separate source",
      { "docs/source/conf.py": "html_theme = 'furo'" },
      inDocs("docs/source", "docs/build/html"),
    ),
    site(
      "a Makefile beside the source",
      {
        "source/conf.py": "project: str = 'X'",
        Makefile: lines("SOURCEDIR     = source", "BUILDDIR      = out # here"),
      },
      inDocs("source", "out/html"),
    ),
    site(
      "a Makefile beside conf.py",
      { "docs/conf.py": "project = 'X'", "docs/Makefile": "BUILDDIR ?= ../build\r\n" },
      inDocs("docs", "build/html"),
    ),
    site(
      "a folder that make computes",
      { "conf.py": "project = 'X'", Makefile: "BUILDDIR = $(OUT)/x\n" },
      { ...SPHINX, asked: ["site"] },
    ),
    site(
      "an address",
      {
        "conf.py": "project = 'X'\nhtml_baseurl = 'https://example.org/en/stable/'  # canonical\n",
      },
      { ...SPHINX, baseUrl: "/en/stable/" },
    ),
    site(
      "an address from the environment",
      {
        "conf.py":
          'project = "X"\nhtml_baseurl = os.environ.get("READTHEDOCS_CANONICAL_URL", "/")\n',
      },
      { ...SPHINX, asked: ["baseUrl"] },
    ),
    site(
      "Read the Docs without an address",
      { "docs/conf.py": 'project = "X"', ".readthedocs.yml": "" },
      { ...inDocs("docs", "docs/_build/html"), baseUrl: "/en/latest/", asked: ["baseUrl"] },
    ),
    site(
      "an address by condition",
      {
        "conf.py": 'project = "X"\nif CI:\n  html_baseurl = "/a/"\nelse:\n  html_baseurl = "/b/"\n',
      },
      { ...SPHINX, asked: ["baseUrl"] },
    ),
  ],
};

describe.each(Object.entries(GENERATORS))("init finds %s", (generator, cases) => {
  test.each(cases)(
    "$name",
    async ({ files, site: folder, baseUrl, build, urlStyle, asked = [] }) => {
      expect(await initialised(files)).toMatchObject({
        generator,
        adapter: null,
        file: "siterag.config.mjs",
        content: {
          from: "html",
          site: folder,
          baseUrl,
          ...(urlStyle === undefined ? {} : { urlStyle }),
        },
        build,
        asked,
      });
    },
  );
});

describe("a configuration of the same name makes no site", () => {
  test.each([
    ["Zola", { "config.toml": 'base_url = "/x"\n[markdown]\nhighlight_code = true' }],
    ["Hexo", { "_config.yml": "url: /", "package.json": packageWith(["hexo"]) }],
    ["Jupyter Book", { "_config.yml": "title: X", "_toc.yml": "root: index" }],
    ["Next.js", { "next.config.js": "module.exports = {}", "package.json": packageWith(["next"]) }],
    ["pytest", { "docs/conf.py": "collect_ignore = []" }],
  ])("%s", async (_name, files) => {
    expect((await initialised(files)).generator).toBeNull();
  });
});

test.each([
  ["exclude", { "_config.yml": "exclude: [vendor]" }],
  ["exclude", { "_config.yml": "" }],
  ["exclude_patterns", { "conf.py": "project = 'X'", "package.json": "{}" }],
  [null, { "_config.yml": "exclude:\n  - siterag.*\n" }],
  [null, { "conf.py": "project = 'X'\nexclude_patterns = ['node_modules']", "package.json": "{}" }],
  [null, { "conf.py": "project = 'X'" }],
  [null, { "docs/conf.py": "project = 'X'", "package.json": "{}" }],
])("init advises to change %s for the files %j", async (setting, files) => {
  const { advice } = await initialised(files);
  expect(setting === null ? advice === null : advice?.includes(setting)).toBe(true);
  const { stdout } = await record(["init"], { cwd: await folderWith(files), useCases: {} });
  expect(stdout.includes(String(advice))).toBe(setting !== null);
});

test("the file says what was found, asks above each setting, and is short", async () => {
  const { path } = await initialised({ "mkdocs.yml": "site_url: !ENV SITE_URL" });
  await expect(await readFile(path, "utf8")).toMatchFileSnapshot(
    "../../../golden/cli/init-mkdocs-config.txt",
  );
});
