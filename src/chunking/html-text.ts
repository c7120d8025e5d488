import type { SlugSource } from "./anchors.ts";
import { decodedMarkdown, decodedText } from "./character-references.ts";
import { withoutHidden } from "./hidden-html.ts";
import { countLineBreaks, lineBreaksOf } from "./line-breaks.ts";

/** Elements whose content is not text; Vue shows its own templates: slots, conditions, loops. */
const SILENT =
  /<(script|style|template(?![^<>]*\s(?:#|v-))|noscript|svg)\b[^>]*>[\s\S]*?(<\/\1\s*>|$)/gi;

const COMMENT =
  /<!--[\s\S]*?(?:-->|$)|<\?[\s\S]*?(?:\?>|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<![A-Za-z][^<>]*>/g;

/** An expression of JSX, with objects in lists in objects. */
const BRACES = String.raw`\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}`;

const VALUE = String.raw`(?:"[^"]*"|'[^']*'|${BRACES}|[^\s"'=<>\x60]+)`;

/**
 * Where an expression was template code, there is no value. The lookahead keeps what it found: without
 * it, braces could be read in two ways each, and all ways be tried.
 */
const TAG = new RegExp(
  String.raw`<\/?([A-Za-z][\w.:-]*)((?:(?=(\s*${BRACES}|\s+[^\s"'<>/=]+(?:\s*=(?:\s*${VALUE})?)?))\3)*)\s*\/?>`,
  "g",
);

/** Elements that do not separate the text before and after them into two words. */
const INLINE = new Set(
  (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q rp rt ruby s samp small " +
    "span strike strong sub sup time tt u var wbr " +
    "math mfrac mi mn mo mover mrow msqrt mstyle msub msubsup msup mtext munder munderover semantics"
  ).split(" "),
);

/** Whether a tag separates the text before and after it; one of a component does next to another tag. */
export const partsText = (name: string, isNextToTag: boolean): boolean =>
  isComponent(name) ? isNextToTag : name !== "" && !INLINE.has(name.toLowerCase());

const isComponent = (name: string): boolean => /^[A-Z]|\./.test(name);

/** Attributes that components show as a title, and those that they show as text. */
const TITLES = "title label heading header question summary".split(" ");
const TEXTS = "subtitle tagline description text badge answer caption alt".split(" ");

const VALUES: ReadonlyMap<string, RegExp> = new Map(
  [...TITLES, ...TEXTS, "id"].map((name) => [
    name,
    new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, "i"),
  ]),
);

const valueOfAttribute = (attributes: string, name: string): string => {
  const match = attributes === "" ? null : VALUES.get(name)?.exec(attributes);
  return match?.[1] ?? match?.[2] ?? "";
};

/** Visible text of the attributes of an element: the alternative text of an image, the title of a component. */
export function attributesText(name: string, valueOf: (attribute: string) => string): string {
  if (!isComponent(name)) return name.toLowerCase() === "img" ? valueOf("alt") : "";
  const shown = (names: readonly string[]): string[] =>
    names.flatMap((attribute) => valueOf(attribute).replace(/\s+/g, " ").trim() || []);
  const titles = shown(TITLES).map((title) => `**${title.replaceAll("*", "\\*")}**`);
  return [...titles, ...shown(TEXTS)].join(" ");
}

/** Raw HTML up to its last `>`: behind it, a search for the end of each opening tag would find none. */
const upToLastTag = (html: string): string => html.slice(0, html.lastIndexOf(">") + 1);

/** The end of a box, which Markdown reads as a line of the HTML above it. */
const CLOSING_MARKER = /^[ \t]*:{3,}[ \t]*$/gm;

/** Raw HTML without comments, scripts and styles; the number of lines stays. */
function withoutSilent(html: string): string {
  const tags = upToLastTag(html);
  let rest = html.slice(tags.length);
  const shown = tags.replace(SILENT, (text: string, _name: string, closing: string) => {
    if (closing === "") rest = lineBreaksOf(rest);
    return lineBreaksOf(text);
  });
  const text = (shown + rest).replace(COMMENT, lineBreaksOf).replace(CLOSING_MARKER, "");
  return withoutHidden(text);
}

/**
 * Visible text of raw HTML, as Markdown. Tags, comments, scripts and styles are dropped; the number
 * of lines stays.
 */
export function htmlText(html: string): string {
  const clean = withoutSilent(html);
  const text = clean.replace(TAG, (...match: string[]) => {
    const [tag = "", name = "", attributes = ""] = match;
    const shown = attributesText(name, (key) => valueOfAttribute(attributes, key));
    const [before, after] = neighbours(clean, Number(match.at(-2)), tag.length);
    const gap = shown !== "" || partsText(name, before === ">" || after === "<") ? " " : "";
    return (shown === "" ? gap : gap + shown + gap) + lineBreaksOf(tag);
  });
  return decodedMarkdown(text);
}

const neighbours = (text: string, start: number, length: number) =>
  [text[start - 1], text[start + length]] as const;

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
    linesBefore += countLineBreaks(part);
  };
  for (const { open, end } of headingTags(clean)) {
    if (open.index < from) continue;
    if (open.index > from) add(open.index, null);
    const [tag, , level, attributes = ""] = open;
    const inner = clean.slice(open.index + tag.length, end.index);
    const explicitId = valueOfAttribute(attributes, "id") || null;
    const text = decodedText(inner.replace(TAG, ""));
    const heading = { depth: Number(level), text, explicitId };
    add(end.index + end[0].length, heading);
  }
  if (from < clean.length) add(clean.length, null);
  return parts;
}
