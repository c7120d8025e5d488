import type { SearchLabels } from "../../interface/labels.ts";
import { labelsOf } from "../../interface/translations.ts";
import { basePath } from "../base-path.ts";
import type { SiteResults } from "../site-results.ts";
import type { EleventyConfig, TemplateContext } from "./config.ts";
import { relatedList, searchBox, searchPage, type SiteMarkup } from "./markup.ts";
import { relatedTo } from "./related-pages.ts";

/** The part of Eleventy's configuration that knows what templates can use. */
type TemplateConfig = Pick<
  EleventyConfig,
  "addAsyncFilter" | "addGlobalData" | "addShortcode" | "getFilter" | "pathPrefix"
>;

/**
 * Gives templates what they can show: shortcodes, the filter `related` and the data `siterag`.
 * @param shows whether a page of the results may be shown, by its address: asked when a page is rendered
 */
export function addParts(
  eleventy: TemplateConfig,
  results: () => SiteResults,
  shows: (url: string) => boolean,
): void {
  const site = (): SiteMarkup => ({
    base: basePath(eleventy.pathPrefix),
    // The plugin for that adds such a filter. It puts the path prefix before what has it already, too.
    isPrefixed: eleventy.getFilter("htmlBaseUrl") !== undefined,
  });
  eleventy.addShortcode("siteragSearch", function (page, language) {
    const labels = labelsFor(this, language);
    return results().search === "off" ? "" : searchBox(site(), labels, textOrNull(page));
  });
  eleventy.addShortcode("siteragSearchPage", function (language) {
    return results().search === "off" ? "" : searchPage(site(), labelsFor(this, language));
  });
  eleventy.addShortcode("siteragRelated", function (heading, language) {
    const { related } = results();
    const url = textOrNull(this.page?.url);
    if (related === 0 || url === null) return "";
    const { relatedPages } = labelsFor(this, language);
    const pages = relatedTo(results(), url, shows, related);
    return relatedList(site(), pages, textOrNull(heading) ?? relatedPages);
  });
  // A site may have a filter of this name.
  if (eleventy.getFilter("related") === undefined) {
    eleventy.addAsyncFilter("related", async (url, limit) =>
      relatedTo(
        results(),
        textOrNull(url) ?? "",
        shows,
        typeof limit === "number" ? limit : undefined,
      ),
    );
  }
  eleventy.addGlobalData("siterag", () => ({
    answers: results().answers.map((answer) => ({
      ...answer,
      // Eleventy reads data before it knows the pages of the site.
      get hits() {
        return answer.hits.filter(({ url }) => shows(url));
      },
    })),
  }));
}

const textOrNull = (value: unknown): string | null =>
  typeof value === "string" && value !== "" ? value : null;

/** The labels in the language that is given, else in that of the page. */
const labelsFor = ({ ctx, page }: TemplateContext, language: unknown): SearchLabels =>
  labelsOf(textOrNull(language) ?? textOrNull(page?.lang) ?? languageIn(ctx) ?? "en");

/** `lang` in the data of a page. */
function languageIn(ctx: object = {}): string | null {
  if ("lang" in ctx) return textOrNull(ctx.lang);
  // In Liquid, data are behind a function.
  const read: unknown = "getSync" in ctx ? ctx.getSync : undefined;
  if (typeof read !== "function") return null;
  const value: unknown = read.call(ctx, ["lang"]);
  return textOrNull(value);
}
