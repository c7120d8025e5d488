import { describe, expect, it } from "vitest";
import { moduleSource, resultsPlugin } from "../../src/adapters/results-module.ts";
import type { SiteResults } from "../../src/adapters/site-results.ts";

const near = (title: string) => ({
  page: `${title}.md`,
  url: `/docs/${title}/`,
  title,
  score: 0.5,
});

const RESULTS: SiteResults = {
  pages: [
    { page: "index.mdx", url: "https://example.org/docs/", related: [near("home")] },
    { page: "guide/Install me.md", url: "/docs/guide/install-me/", related: [near("guide")] },
    { page: "Über.md", url: "/docs/%C3%BCber/", related: [near("about")] },
    { page: "built/index.html", url: "/elsewhere/built/", related: [near("built")] },
  ],
  baseUrl: "https://example.org/docs/",
  related: 3,
  search: "replace",
  answers: [{ query: "</script>", mode: "text", degraded: null, pending: 0, hits: [] }],
};

interface ResultsModule {
  readonly settings: unknown;
  readonly related: (page: string | undefined) => readonly { title: string }[];
  readonly answers: unknown;
}

function isResultsModule(value: object): value is ResultsModule {
  return "related" in value && "answers" in value;
}

async function loadModule(results = RESULTS): Promise<ResultsModule> {
  const source = encodeURIComponent(moduleSource(results));
  const loaded: object = await import(`data:text/javascript,${source}`);
  if (!isResultsModule(loaded)) throw new Error("The module exports something else.");
  return loaded;
}

describe("the module that pages import", () => {
  it.each([
    ["built", "built"],
    ["guide/Install me.md", "guide"],
    ["guide/Install me", "guide"],
    ["/docs/guide/install-me/", "guide"],
    ["docs/guide/install-me", "guide"],
    ["https://example.org/docs/guide/install-me/#usage", "guide"],
    ["guide/install-me", "guide"],
    ["/docs/%C3%BCber/", "about"],
    ["über", "about"],
    ["", "home"],
    ["index", "home"],
    ["/docs/", "home"],
    // Astro's home page with `build.format: "file"`.
    ["/docs/index.html", "home"],
    ["/docs/guide/install-me.html", "guide"],
  ])("finds the pages near %s", async (page, title) => {
    const { related } = await loadModule();
    expect(related(page).map((found) => found.title)).toEqual([title]);
  });

  it("takes no page for the home page, as rest parameters of Astro name it", async () => {
    const { related } = await loadModule();
    expect(related(undefined).map((found) => found.title)).toEqual(["home"]);
  });

  it("finds a page by its own path before another one by its URL", async () => {
    const pages = [
      { page: "a.md", url: "/b/", related: [near("of a")] },
      { page: "b.md", url: "/a/", related: [near("of b")] },
      { page: "c/a.md", url: "/b.md/", related: [near("of c")] },
    ];
    for (const order of [pages, pages.toReversed()]) {
      const { related } = await loadModule({ ...RESULTS, pages: order, baseUrl: "/" });
      const found = ["a", "b", "b.md", "a.md"].map((page) => related(page)[0]?.title);
      expect(found).toEqual(["of a", "of b", "of b", "of a"]);
    }
  });

  it("finds pages whose file names have a # or a ?, and no other page by them", async () => {
    const pages = [
      { page: "c/index.md", url: "/c/", related: [near("of c")] },
      { page: "c#.md", url: "/csharp/", related: [near("of c#")] },
      { page: "c?.md", url: "/question/", related: [near("of c?")] },
    ];
    const { related } = await loadModule({ ...RESULTS, pages, baseUrl: "/" });
    const found = ["/c/", "c", "c#.md", "c#", "/csharp/", "c?"].map((page) => related(page)[0]);
    expect(found.map((page) => page?.title)).toEqual([
      "of c",
      "of c",
      "of c#",
      "of c#",
      "of c#",
      "of c?",
    ]);
  });

  it.each(["nowhere", "constructor", "404", "%"])("has none for %s", async (page) => {
    expect((await loadModule()).related(page)).toEqual([]);
  });

  it("holds the answers, in a form that no HTML parser ends early", async () => {
    expect((await loadModule()).answers).toEqual(RESULTS.answers);
    expect(moduleSource(RESULTS)).not.toContain("</script>");
  });

  it("holds what the host shows", async () => {
    expect((await loadModule()).settings).toEqual({ related: 3, search: "replace" });
  });

  it("answers for its own name alone", () => {
    const plugin = resultsPlugin(() => RESULTS);
    const id = plugin.resolveId("virtual:siterag");
    expect(id).toBe("\0virtual:siterag");
    expect(plugin.load(id ?? "")).toBe(moduleSource(RESULTS));
    expect(plugin.resolveId("virtual:other")).toBeUndefined();
    expect(plugin.load("/src/page.ts")).toBeUndefined();
  });
});
