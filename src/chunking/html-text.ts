import type { SlugSource } from "./anchors.ts";

/** Elements whose content is not text. */
const SILENT = /<(script|style|template|noscript|svg)\b[^>]*>[\s\S]*?(?:<\/\1\s*>|$)/gi;

const COMMENT =
  /<!--[\s\S]*?(?:-->|$)|<\?[\s\S]*?(?:\?>|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<![A-Za-z][^>]*>/g;

const TAG =
  /<\/?([A-Za-z][\w.:-]*)((?:\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|\{[^{}]*\}|[^\s"'=<>`]+))?|\s*\{[^{}]*\})*)\s*\/?>/g;

/** Elements that do not separate the text before and after them into two words. */
const INLINE = new Set(
  "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q rp rt ruby s samp small span strike strong sub sup time tt u var wbr".split(
    " ",
  ),
);

/** Only the line feeds of a text. */
export const lineBreaksOf = (text: string): string => text.replace(/[^\n]+/g, "");

const attribute = (attributes: string, name: string): string => {
  const match = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, "i").exec(
    attributes,
  );
  return match?.[1] ?? match?.[2] ?? "";
};

/** Visible text of one tag: the alternative text of an image, the title of a component. */
function tagText(name: string, attributes: string): string {
  if (name.toLowerCase() === "img") return ` ${attribute(attributes, "alt")} `;
  if (/^[A-Z]/.test(name))
    return componentTitle(attribute(attributes, "title") || attribute(attributes, "label"));
  return INLINE.has(name.toLowerCase()) ? "" : " ";
}

/** A component's title in bold, or an empty string if it is blank. */
export const componentTitle = (title: string): string =>
  title.trim() === "" ? "" : `**${title.trim().replaceAll("*", "\\*")}**`;

/** Raw HTML without comments, scripts and styles; the number of lines stays. */
const withoutSilent = (html: string): string =>
  html.replace(SILENT, lineBreaksOf).replace(COMMENT, lineBreaksOf);

/**
 * Visible text of raw HTML. Tags, comments, scripts and styles are dropped; character references
 * and the number of lines stay.
 */
export function htmlText(html: string): string {
  return withoutSilent(html).replace(TAG, (tag: string, name: string, attributes: string) => {
    const text = tagText(name, attributes);
    return text.includes("\n") ? text : text + lineBreaksOf(tag);
  });
}

export type HtmlHeading = SlugSource & { readonly depth: number };

/** A passage of raw HTML: a whole heading, or the content between two headings. */
export interface HtmlPart {
  /** The HTML, without comments, scripts and styles. */
  readonly html: string;
  /** Number of lines before it. */
  readonly linesBefore: number;
  readonly heading: HtmlHeading | null;
}

const HEADING = /<h([1-6])((?:\s[^>]*)?)>([\s\S]*?)<\/h\1\s*>/gi;

/** Cuts raw HTML at its headings. */
export function htmlParts(html: string): HtmlPart[] {
  const clean = withoutSilent(html);
  const parts: HtmlPart[] = [];
  let from = 0;
  const add = (end: number, heading: HtmlPart["heading"]): void => {
    const linesBefore = lineBreaksOf(clean.slice(0, from)).length;
    parts.push({ html: clean.slice(from, end), linesBefore, heading });
    from = end;
  };
  for (const match of clean.matchAll(HEADING)) {
    const [whole, depth = "", attributes = "", inner = ""] = match;
    if (match.index > from) add(match.index, null);
    const explicitId = attribute(attributes, "id") || null;
    const heading = { depth: Number(depth), text: inner.replace(TAG, ""), explicitId };
    add(match.index + whole.length, heading);
  }
  if (from < clean.length) add(clean.length, null);
  return parts;
}
