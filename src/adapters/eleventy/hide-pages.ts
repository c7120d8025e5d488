import { isHidden } from "../../content/hidden-pages.ts";
import { marked } from "../hidden-mark.ts";
import type { EleventyConfig, IsHidden, TemplateData } from "./config.ts";

type HidingConfig = Pick<EleventyConfig, "addPreprocessor" | "addTransform" | "on">;

/**
 * Marks the HTML of pages whose data keep them out of every index (`draft: true`, `rag: false`): whoever reads the
 * built site does not see the data. Returns whether a page is one of them, by its address and the input path of its
 * template.
 */
export function hidePages(eleventy: HidingConfig): (url: string, inputPath: string) => boolean {
  const byTemplate = new Map<string, IsHidden>();
  const byPage = new Map<string, IsHidden>();
  // Each page of a pagination gets a copy of the data, and computes its own.
  const computed = (data: TemplateData): IsHidden => {
    const isHiddenFromSiterag = hides(data);
    // Because this reads the address, Eleventy computes that before.
    byPage.set(data.page.url || "", isHiddenFromSiterag);
    return isHiddenFromSiterag;
  };
  eleventy.on("eleventy.before", () => byPage.clear());
  eleventy.addPreprocessor("siterag", "*", (data) => {
    const isHiddenFromSiterag = hides(data);
    byTemplate.set(data.page.inputPath, isHiddenFromSiterag);
    data.page.isHiddenFromSiterag = isHiddenFromSiterag;
    if (COMPUTED.some((key) => key in data)) {
      const { page, ...others } = data.eleventyComputed ?? {};
      data.eleventyComputed = { ...others, page: { ...page, isHiddenFromSiterag: computed } };
    }
  });
  eleventy.addTransform("siterag", function (content) {
    const { isHiddenFromSiterag, outputPath } = this.page;
    const isPage = typeof content === "string" && /\.html?$/u.test(outputPath || "");
    return isPage && isHiddenFromSiterag?.() === true ? marked(content) : content;
  });
  return (url, inputPath) => (byPage.get(url) ?? byTemplate.get(inputPath))?.() === true;
}

/** Eleventy 4 has two names for it. */
const COMPUTED = ["eleventyComputed", "buildawesomeComputed"];

/** To be asked when a page is written: until then, Eleventy computes data. */
const hides =
  (data: TemplateData): IsHidden =>
  () =>
    isHidden({ data, unread: "" });
