import type { Heading, Nodes } from "mdast";
import type { Page } from "../words/types.ts";
import { findExplicitId, type SlugSource } from "./anchors.ts";
import { plainOf, withoutInvisible } from "./character-references.ts";
import { endOf, startOf } from "./columns.ts";
import { onOneLine } from "./inline-text.ts";
import { expressionText } from "./jsx-text.ts";

/** Where the text of a heading ends in the source, and the id that the author wrote behind it. */
export function endOfHeading(
  heading: Heading,
  source: string,
  host: Page["host"],
): { readonly end: number; readonly explicitId: string | null } {
  const [start, last] = [startOf(heading), heading.children.at(-1)];
  const end = last === undefined ? start : endOf(last);
  const found = findExplicitId(source.slice(start, end), host);
  if (found === null) return { end, explicitId: null };
  return { end: start + found.offset, explicitId: found.id };
}

/** How running text and images of a heading become plain text. */
interface Reading {
  /** @param written Markdown. */
  readonly text: (written: string) => string;
  readonly showsImages: boolean;
}

/** Text and code of a heading, without the markup around them and without its attribute list. */
function headingText(heading: Heading, source: string, host: Page["host"], reading: Reading) {
  const { end } = endOfHeading(heading, source, host);
  const textOf = (node: Nodes): string => {
    if (startOf(node) >= end) return "";
    if (node.type === "text") {
      const written = source.slice(startOf(node), Math.min(endOf(node), end));
      return reading.text(written.replace(/\n[ \t>]*/g, "\n"));
    }
    if (node.type === "inlineCode" || node.type === "inlineMath") return node.value;
    if (node.type === "image" || node.type === "imageReference")
      return reading.showsImages ? (node.alt ?? "") : "";
    if (node.type === "mdxTextExpression") return expressionText(node.value);
    if (node.type === "footnoteReference" || !("children" in node)) return "";
    return node.children.map(textOf).join("");
  };
  return textOf(heading);
}

const PLAIN: Reading = { text: (written) => plainOf(written, true), showsImages: true };

/** A heading as one line of plain text, without markup and without its attribute list. */
export function plainHeading(heading: Heading, source: string, host: Page["host"]): string {
  const text = withoutInvisible(headingText(heading, source, host, PLAIN));
  return onOneLine(text.normalize("NFC"));
}

/** Emoji shortcodes, which VitePress's slugger skips. */
const SHORTCODE = /(?<=^|\s):[a-z+-][a-z0-9_+-]*:(?=$|\s)/g;

/** Hyphens that Astro replaces by dashes, which its slugger drops. */
const DASHES = /-{2,}/g;

/** What the host's slugger gets for a heading. */
export function slugSource(
  heading: Heading,
  source: string,
  { slugger, host }: Pick<Page, "slugger" | "host">,
): SlugSource {
  const isVitePress = slugger === "vitepress";
  const change = (text: string): string => (host === "astro" ? text.replace(DASHES, "") : text);
  // VitePress's slugger gets character references as they are written.
  const text = (written: string): string => plainOf(written, !isVitePress, change);
  const shown = headingText(heading, source, host, { text, showsImages: false });
  const { explicitId } = endOfHeading(heading, source, host);
  return { text: isVitePress ? shown.replace(SHORTCODE, "") : shown, explicitId };
}
