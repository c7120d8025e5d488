import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  foundInAstro,
  languageFolders,
  pageEnd,
  type AstroConfig,
} from "../../../src/adapters/astro/site.ts";

const STARLIGHT = { integrations: [{ name: "@astrojs/starlight" }] };
const SHOWS_BLOG = 'const posts = await getCollection("blog"); await render(post);';

/** A site with these files, configured as Astro fills it in where a user sets nothing. */
async function siteWith(
  files: Readonly<Record<string, string>>,
  settings: Partial<AstroConfig> = {},
): Promise<AstroConfig> {
  const root = await mkdtemp(join(tmpdir(), "siterag-astro-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), text);
  }
  const url = pathToFileURL(`${root}/`);
  return {
    root: url,
    srcDir: new URL("src/", url),
    outDir: new URL("dist/", url),
    base: "/",
    trailingSlash: "ignore",
    build: { format: "directory", client: new URL("dist/client/", url) },
    integrations: [],
    ...settings,
  };
}

describe("what Astro's configuration says", () => {
  it("is all that a Starlight site needs", async () => {
    const site = await siteWith({ "src/content/docs/index.md": "" }, { base: "/manual" });
    expect(foundInAstro({ ...site, ...STARLIGHT })).toEqual({
      content: {
        from: "source",
        root: "src/content/docs",
        include: ["**/[^_]*.{md,mdx,markdown}"],
        site: "dist",
        baseUrl: "/manual/",
        urlStyle: "directory",
        pathStyle: "starlight",
        slugger: "github",
        locales: {},
      },
    });
  });

  it("is enough to read collections that a page of the site shows, and pages in Markdown", async () => {
    const site = await siteWith({
      "src/content/blog/one.md": "",
      "src/content/authors/ada.md": "",
      "src/pages/posts/[...slug].astro": SHOWS_BLOG,
      "src/pages/posts/[...page].astro": 'paginate(await getCollection("blog"))',
      "src/pages/about.md": "",
    });
    expect(foundInAstro(site).content).toMatchObject({
      from: "source",
      root: "src",
      include: [
        "content/blog/**/*.{md,mdx,markdown}",
        "pages/**/*.{md,mdx,markdown}",
        "!pages/**/_*",
        "!pages/**/_*/**",
      ],
      paths: { "content/blog": "posts", pages: "" },
      pathStyle: "starlight",
    });
  });

  it.each([
    'getCollection("blog", ({ data }) => !data.draft)',
    'getCollection("blog", ({ data }) => import.meta.env.PROD ? data.draft !== true : true)',
    '(await getCollection("blog")).filter((post) => !post.data.draft)',
  ])("knows drafts, so %s hides none of its own", async (posts) => {
    const page = `const posts = ${posts}; await render(post);`;
    const site = await siteWith({
      "src/content/blog/one.md": "",
      "src/pages/[...slug].astro": page,
    });
    expect(foundInAstro(site).content).toMatchObject({ from: "source" });
  });

  it("leaves file names as they are where all Markdown is among the pages", async () => {
    const site = await siteWith({ "src/pages/guide/Install.md": "" });
    expect(foundInAstro(site).content).toMatchObject({
      from: "source",
      pathStyle: "plain",
      paths: { pages: "" },
    });
  });

  it.each([
    ["no page shows a collection", { "src/content/blog/one.md": "", "src/pages/index.astro": "" }],
    [
      "two pages show a collection",
      {
        "src/content/blog/one.md": "",
        "src/pages/a/[slug].astro": SHOWS_BLOG,
        "src/pages/b/[slug].astro": SHOWS_BLOG,
      },
    ],
    [
      "a page shows several collections",
      {
        "src/content/blog/one.md": "",
        "src/pages/[...slug].astro": `${SHOWS_BLOG} getCollection("news")`,
      },
    ],
    [
      "the folder of a page depends on the entry",
      { "src/content/blog/one.md": "", "src/pages/[lang]/[slug].astro": SHOWS_BLOG },
    ],
    [
      "a page asks for some entries",
      {
        "src/content/blog/one.md": "",
        "src/pages/[...slug].astro":
          'getCollection("blog", ({ data }) => data.audience !== "staff"); render(post);',
      },
    ],
    [
      "a page leaves entries out",
      {
        "src/content/blog/one.md": "",
        "src/pages/[...slug].astro": `${SHOWS_BLOG} posts.filter(isPublic);`,
      },
    ],
    ["a collection has no folder", { "src/pages/[...slug].astro": SHOWS_BLOG }],
  ])("does not tell all addresses where %s: siterag reads the built pages", async (_, files) => {
    const site = await siteWith(files);
    expect(foundInAstro(site).content).toMatchObject({ from: "html" });
  });

  it("does not tell where the pages of a Starlight site without their folder come from", async () => {
    const site = await siteWith({ "src/content.config.ts": "" }, STARLIGHT);
    expect(foundInAstro(site).content).toMatchObject({ from: "html" });
  });

  it("moves with the folders of the site", async () => {
    const site = await siteWith({ "site/content/docs/index.md": "" }, STARLIGHT);
    const moved = {
      ...site,
      srcDir: new URL("site/", site.root),
      outDir: new URL("../public/", site.root),
    };
    expect(foundInAstro(moved).content).toMatchObject({
      root: "site/content/docs",
      site: "../public",
    });
  });

  it.each([
    ["directory", "ignore", "directory", "/"],
    ["directory", "always", "directory", "/"],
    ["directory", "never", "clean", ""],
    ["file", "ignore", "html", ".html"],
    ["preserve", "ignore", "html", ".html"],
  ] as const)("%s, trailing slash %s: %s", async (format, trailingSlash, urlStyle, end) => {
    const { build, ...others } = await siteWith({}, { trailingSlash });
    const site = { ...others, build: { ...build, format } };
    expect(foundInAstro(site).content).toMatchObject({ urlStyle });
    expect(pageEnd(site)).toBe(end);
  });
});

describe("the languages of a site", () => {
  const locales = ["en", { path: "pt", codes: ["pt-BR", "pt"] }] as const;
  const unprefixed = { defaultLocale: "en", locales, routing: { prefixDefaultLocale: false } };

  it("have folders, but for the main one", () => {
    expect(languageFolders(unprefixed)).toEqual([
      { folder: "", language: "en" },
      { folder: "pt", language: "pt-BR" },
    ]);
  });

  it("all have folders where the main one is prefixed", () => {
    const prefixed = { ...unprefixed, routing: { prefixDefaultLocale: true } };
    expect(languageFolders(prefixed).map(({ folder }) => folder)).toEqual(["en", "pt"]);
  });

  it("are those of the folders' pages", async () => {
    const site = await siteWith({}, { i18n: unprefixed });
    expect(foundInAstro(site).content).toMatchObject({
      locales: { ".": "en", pt: "pt-BR" },
    });
  });
});
