import { isHidden } from "../../content/page-of-file.ts";
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

const MARK = '<meta name="rag" content="false">';

/** The start of a tag, but for its name: a value may have the sign that ends the tag. */
const ATTRIBUTES = String.raw`(?:\s(?:[^>"']|"[^"]*"|'[^']*')*)?>`;

/** Where a mark belongs; a page need not write its head. */
const PLACES = ["<head", "<html", "<!doctype"].map((tag) => new RegExp(tag + ATTRIBUTES, "iu"));

/** The HTML with the mark, which belongs into its head. */
export function marked(html: string): string {
  const shown = html.replaceAll(/<!--.*?-->/gsu, (comment) => " ".repeat(comment.length));
  const place = PLACES.map((tag) => tag.exec(shown)).find((found) => found !== null);
  const at = place === undefined || place === null ? 0 : place.index + place[0].length;
  return html.slice(0, at) + MARK + html.slice(at);
}
