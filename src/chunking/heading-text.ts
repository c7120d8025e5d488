import type { Heading, Nodes } from "mdast";
import type { SluggerName } from "../words/types.ts";
import { findExplicitId } from "./anchors.ts";
import { expressionText } from "./source-edits.ts";

/** Text and code of a heading, without the markup around them. */
function textOf(node: Nodes, withImages: boolean): string {
  if (node.type === "text" || node.type === "inlineCode" || node.type === "inlineMath")
    return node.value;
  if (node.type === "image" || node.type === "imageReference")
    return withImages ? (node.alt ?? "") : "";
  if (node.type === "mdxTextExpression") return expressionText(node.value);
  if (node.type === "footnoteReference") return "";
  if (!("children" in node)) return "";
  return node.children.map((child) => textOf(child, withImages)).join("");
}

/** Emoji shortcodes, which VitePress's slugger skips. */
const SHORTCODE = /(?<=^|\s):[a-z+-][a-z0-9_+-]*:(?=$|\s)/g;

const withoutId = (text: string): string => {
  const found = findExplicitId(text);
  return found === null ? text : text.slice(0, found.offset);
};

/** A heading as one line of plain text, without markup and without its explicit id. */
export function plainHeading(heading: Heading): string {
  return withoutId(textOf(heading, true)).replace(/\s+/g, " ").trim();
}

/** The text that the host's slugger gets for a heading. */
export function slugText(heading: Heading, slugger: SluggerName): string {
  if (slugger !== "vitepress") return withoutId(textOf(heading, false));
  return withoutId(textOf(heading, true)).replace(SHORTCODE, "");
}
