import type { SlugSource } from "./anchors.ts";

/** Elements whose content is not text. */
const SILENT = /<(script|style|template|noscript|svg)\b[^>]*>[\s\S]*?(<\/\1\s*>|$)/gi;

const COMMENT =
  /<!--[\s\S]*?(?:-->|$)|<\?[\s\S]*?(?:\?>|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<![A-Za-z][^<>]*>/g;

/** The lookahead keeps what it found: without it, braces could be read in two ways each, and all ways be tried. */
const TAG =
  /<\/?([A-Za-z][\w.:-]*)((?:(?=(\s*\{[^{}]*\}|\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|\{[^{}]*\}|[^\s"'=<>`]+))?))\3)*)\s*\/?>/g;

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

/** Raw HTML up to its last `>`: behind it, a search for the end of each opening tag would find none. */
const upToLastTag = (html: string): string => html.slice(0, html.lastIndexOf(">") + 1);

/** Raw HTML without comments, scripts and styles; the number of lines stays. */
function withoutSilent(html: string): string {
  const tags = upToLastTag(html);
  let rest = html.slice(tags.length);
  const shown = tags.replace(SILENT, (text: string, _name: string, closing: string) => {
    if (closing === "") rest = lineBreaksOf(rest);
    return lineBreaksOf(text);
  });
  return (shown + rest).replace(COMMENT, lineBreaksOf);
}

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

const HEADING_TAG = /<(\/?)h([1-6])((?:\s[^>]*)?)>/gi;

/** The start of each heading, with its end tag: the next one of its level. */
function headingTags(
  html: string,
): { readonly open: RegExpExecArray; readonly end: RegExpExecArray }[] {
  const ends = new Map<string, RegExpExecArray>();
  const found = [...upToLastTag(html).matchAll(HEADING_TAG)].toReversed().flatMap((tag) => {
    const [, slash, level = ""] = tag;
    const end = ends.get(level);
    if (slash !== "") ends.set(level, tag);
    return slash !== "" || end === undefined ? [] : [{ open: tag, end }];
  });
  return found.toReversed();
}

/** Cuts raw HTML at its headings. */
export function htmlParts(html: string): HtmlPart[] {
  const clean = withoutSilent(html);
  const parts: HtmlPart[] = [];
  let [from, linesBefore] = [0, 0];
  const add = (end: number, heading: HtmlPart["heading"]): void => {
    const part = clean.slice(from, end);
    parts.push({ html: part, linesBefore, heading });
    from = end;
    linesBefore += lineBreaksOf(part).length;
  };
  for (const { open, end } of headingTags(clean)) {
    if (open.index < from) continue;
    if (open.index > from) add(open.index, null);
    const [tag, , level, attributes = ""] = open;
    const inner = clean.slice(open.index + tag.length, end.index);
    const explicitId = attribute(attributes, "id") || null;
    const heading = { depth: Number(level), text: inner.replace(TAG, ""), explicitId };
    add(end.index + end[0].length, heading);
  }
  if (from < clean.length) add(clean.length, null);
  return parts;
}
