import { isHidden } from "../../content/page-of-file.ts";
import type { EleventyConfig } from "./config.ts";

/**
 * Marks the HTML of pages whose data keep them out of every index (`draft: true`, `rag: false`): whoever reads the
 * built site does not see the data.
 */
export function hidePages(eleventy: EleventyConfig): void {
  const hidden = new Map<string, boolean>();
  eleventy.addPreprocessor("siterag", "*", function (data) {
    hidden.set(this.inputPath, isHidden({ data, unread: "" }));
  });
  eleventy.addTransform("siterag", function (content) {
    const { inputPath, outputPath } = this.page;
    const isPage = typeof content === "string" && /\.html?$/u.test(outputPath || "");
    return isPage && hidden.get(inputPath) === true ? marked(content) : content;
  });
}

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
