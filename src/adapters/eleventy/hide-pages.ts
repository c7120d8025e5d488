import { isHidden } from "../../content/hidden-pages.ts";
import { marked } from "../hidden-mark.ts";
import type { EleventyConfig, TemplateData } from "./config.ts";

type HidingConfig = Pick<EleventyConfig, "addPreprocessor" | "addTransform">;

/**
 * Marks the HTML of pages whose data keep them out of every index (`draft: true`, `rag: false`): whoever reads the
 * built site does not see the data. Returns whether a template, by its input path, makes such pages.
 */
export function hidePages(eleventy: HidingConfig): (inputPath: string) => boolean {
  const hidden = new Map<string, () => boolean>();
  eleventy.addPreprocessor("siterag", "*", (data) => {
    const isHiddenFromSiterag = hides(data);
    hidden.set(data.page.inputPath, isHiddenFromSiterag);
    data.page.isHiddenFromSiterag = isHiddenFromSiterag;
    // Each page of a pagination gets a copy of the data, and computes its own.
    if (COMPUTED.some((key) => key in data)) {
      const { page, ...others } = data.eleventyComputed ?? {};
      data.eleventyComputed = { ...others, page: { ...page, isHiddenFromSiterag: hides } };
    }
  });
  eleventy.addTransform("siterag", function (content) {
    const { isHiddenFromSiterag, outputPath } = this.page;
    const isPage = typeof content === "string" && /\.html?$/u.test(outputPath || "");
    return isPage && isHiddenFromSiterag?.() === true ? marked(content) : content;
  });
  return (inputPath) => hidden.get(inputPath)?.() === true;
}

/** Eleventy 4 has two names for it. */
const COMPUTED = ["eleventyComputed", "buildawesomeComputed"];

/** To be asked when a page is written: until then, Eleventy computes data. */
const hides = (data: TemplateData) => (): boolean => isHidden({ data, unread: "" });
