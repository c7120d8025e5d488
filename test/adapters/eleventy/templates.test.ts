import { describe, expect, it } from "vitest";
import type { EleventyConfig, TemplateContext } from "../../../src/adapters/eleventy/config.ts";
import { addParts } from "../../../src/adapters/eleventy/parts.ts";
import { NO_RESULTS, type SiteResults } from "../../../src/adapters/site-results.ts";
import type { Hit, SearchAnswer } from "../../../src/words/hits.ts";
import { labelsOf } from "../../../src/interface/translations.ts";

const near = (url: string, title: string) => ({ page: `${title}.html`, url, title, score: 0.9 });
const RESULTS: SiteResults = {
  ...NO_RESULTS,
  pages: [
    {
      page: "guide/index.html",
      url: "/docs/guide/",
      related: [near("/docs/a%20b/", 'Salt & "pepper"'), near("/docs/c/", "<C>")],
    },
    { page: "überblick.html", url: "/docs/%C3%BCberblick", related: [near("/docs/c/", "C")] },
  ],
  baseUrl: "/docs/",
  related: 5,
  search: "auto",
};

const HIT: Hit = {
  ...near("/docs/c/", "C"),
  headings: ["C"],
  text: "Words.",
  snippet: { text: "Words.", marks: [] },
  scores: { vector: null, text: null },
};
const ANSWER: SearchAnswer = {
  query: "words",
  mode: "text",
  degraded: null,
  pending: 0,
  hits: [HIT],
};

/** What Eleventy has of the plugin. */
function templates(
  results: SiteResults,
  filters: readonly string[] = [],
  pathPrefix = "/docs/",
  shows: (url: string) => boolean = () => true,
) {
  const shortcodes = new Map<string, Parameters<EleventyConfig["addShortcode"]>[1]>();
  const added = new Map<string, Parameters<EleventyConfig["addAsyncFilter"]>[1]>();
  const data = new Map<string, () => unknown>();
  addParts(
    {
      pathPrefix,
      addShortcode: (name, shortcode) => shortcodes.set(name, shortcode),
      addAsyncFilter: (name, filter) => added.set(name, filter),
      addGlobalData: (name, value) => data.set(name, value),
      getFilter: (name) => filters.find((one) => one === name),
    },
    () => results,
    shows,
  );
  const show = (name: string, context: TemplateContext = {}, ...given: readonly unknown[]) =>
    shortcodes.get(name)?.call(context, ...given);
  return { show, filter: added.get("related"), data };
}

const GUIDE = { page: { url: "/guide/" } };

describe("the parts of a page made with Eleventy", () => {
  it("are the search box with its script, at the path prefix", () => {
    const { show } = templates(RESULTS);
    expect(show("siteragSearch", GUIDE, "/search/")).toBe(
      '<siterag-search page="/docs/search/"></siterag-search><script type="module" src="/docs/siterag/search.js"></script>',
    );
    expect(show("siteragSearch", GUIDE, "/docs/search/")).toContain('page="/docs/search/"');
    expect(show("siteragSearch", GUIDE)).toContain("<siterag-search></siterag-search>");
    expect(show("siteragSearchPage", GUIDE)).toContain(
      "<siterag-search-page></siterag-search-page>",
    );
  });

  it("leave the path prefix to the plugin for that, in links and scripts alone", () => {
    const { show } = templates(RESULTS, ["htmlBaseUrl"]);
    expect(show("siteragSearch", GUIDE, "/search/")).toMatch(
      /page="\/docs\/search\/".* src="\/siterag\/search\.js"/u,
    );
    expect(show("siteragRelated", GUIDE)).toContain('<a href="/c/">');
  });

  it("are the related pages, whose titles are text", () => {
    expect(templates(RESULTS).show("siteragRelated", GUIDE, "Read <on>")).toBe(
      '<link rel="stylesheet" href="/docs/siterag/related-pages.css">' +
        '<nav class="siterag-related" aria-label="Read &lt;on&gt;"><h2>Read &lt;on&gt;</h2>' +
        '<ul><li><a href="/docs/a%20b/">Salt &amp; &quot;pepper&quot;</a></li>' +
        '<li><a href="/docs/c/">&lt;C&gt;</a></li></ul></nav>',
    );
  });

  it.each([
    ["data of the page", { ctx: { lang: "de" } }],
    ["the i18n plugin", { ctx: { lang: "fr" }, page: { url: "/guide/", lang: "de" } }],
    [
      "data in Liquid",
      { ctx: { getSync: ([key]: readonly string[]) => (key === "lang" ? "de" : undefined) } },
    ],
  ])("speak the language that %s name", (_, context) => {
    const { show } = templates(RESULTS);
    const { relatedPages, search } = labelsOf("de");
    expect(show("siteragRelated", { ...GUIDE, ...context })).toContain(`<h2>${relatedPages}</h2>`);
    expect(show("siteragSearch", context)).toContain(`&quot;search&quot;:&quot;${search}&quot;`);
  });

  it("are hidden or missing where there is nothing to show", () => {
    const hidden = '<nav class="siterag-related" hidden></nav>';
    expect(templates(RESULTS).show("siteragRelated", { page: { url: "/other/" } })).toBe(hidden);
    expect(templates(RESULTS).show("siteragRelated", { page: { url: false } })).toBe("");
    const { show } = templates(NO_RESULTS);
    const parts = ["siteragSearch", "siteragSearchPage", "siteragRelated"];
    expect(parts.map((name) => show(name, GUIDE))).toEqual(["", "", ""]);
  });

  it("are data without the path prefix, by any spelling of the address", async () => {
    const { filter } = templates(RESULTS);
    const addresses = ["/guide/", "/docs/guide/", "/guide/index.html", "/guide/#top"];
    for (const url of addresses) {
      expect(await filter?.(url, 1), url).toEqual([
        { score: 0.9, title: 'Salt & "pepper"', url: "/a%20b/" },
      ]);
    }
    expect(await filter?.("/überblick.html")).toHaveLength(1);
    expect(await filter?.(undefined)).toEqual([]);
  });

  it("take no name of the site", () => {
    expect(templates(RESULTS, ["related"]).filter).toBeUndefined();
  });

  it("name no page that the last index has and this build lacks", async () => {
    const hit = (url: string) => ({ ...HIT, url });
    const answers = [{ ...ANSWER, hits: [hit("/docs/c/#quokka"), hit("/docs/guide/#words")] }];
    const made = new Set<string>();
    const { data, filter, show } = templates({ ...RESULTS, answers }, [], "/docs/", (url) =>
      made.has(url),
    );
    const shown: unknown = data.get("siterag")?.();
    made.add("/docs/a%20b/").add("/docs/guide/#words");
    expect(show("siteragRelated", GUIDE)).not.toContain("/docs/c/");
    expect(await filter?.("/guide/", 1)).toMatchObject([{ url: "/a%20b/" }]);
    expect(shown).toMatchObject({
      answers: [{ query: "words", hits: [hit("/docs/guide/#words")] }],
    });
  });

  it("have the answers as data", () => {
    expect(templates(RESULTS).data.get("siterag")?.()).toEqual({ answers: [] });
  });
});
