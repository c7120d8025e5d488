import { saysNoIndex } from "./says-no-index.ts";
import {
  isIndexOfWords,
  isSearchField,
  SEARCH_ELEMENT,
  wordsIn,
  WORDS_ABOUT_SEARCH,
  type FindingPage,
} from "./finding-page.ts";
import { CONTENT_SELECTORS, STARLIGHT_CONTENT } from "./selectors.ts";
import { stableHtml } from "./stable-html.ts";
import { attributesOf, tagsIn, type Tag } from "./tags.ts";

/** What a scan finds in a built page, without a parse. */
export interface PageScan {
  /** The HTML without what never counts: an equal one makes an equal page. */
  readonly stable: string;
  /** Why the page says that it is left out; null: it does not. */
  readonly leftOut: "redirect" | "noindex" | "fallback copy" | FindingPage | null;
  /** Whether `data-pagefind-body` marks the content. */
  readonly isMarked: boolean;
  /** Address in `<link rel="canonical">`, as written. */
  readonly canonical: string | null;
  /** Version and text of the main content; null if it has no words. Equal for two addresses of a page. */
  readonly sameness: string | null;
}

/** Scans a built page. `pageFacts`, which parses it, says the same of every page that is well-formed. */
export function scanPage(html: string): PageScan {
  const stable = stableHtml(html);
  const tags = tagsIn(stable);
  const named = (wanted: string): ReadTag[] =>
    tags.filter(({ isEnd, name }) => name === wanted && !isEnd).map((tag) => readTag(stable, tag));
  const metas = named("meta");
  const canonical = named("link").find(({ valueOf }) =>
    valueOf("rel")?.toLowerCase().split(/\s+/).includes("canonical"),
  );
  const languageOf = (name: string): string | null => named(name)[0]?.valueOf("lang") || null;
  const [ofPage, ofMain] = [languageOf("html"), languageOf("main")];
  const differs = ofPage !== null && ofMain !== null && ofPage !== ofMain;
  const isFallback = differs && stable.includes(STARLIGHT_CONTENT);
  const main = mainOf(stable, tags);
  return {
    stable,
    leftOut: whyLeftOut(metas, isFallback) ?? findingPage(stable, tags, main),
    isMarked: isMarked(stable, tags),
    canonical: canonical?.valueOf("href") ?? null,
    sameness: samenessOf(stable, tags, metas, main),
  };
}

interface ReadTag {
  readonly tag: Tag;
  readonly tagName: string;
  readonly valueOf: (attribute: string) => string | null;
}

function readTag(html: string, tag: Tag): ReadTag {
  const attributes = attributesOf(html, tag);
  return { tag, tagName: tag.name, valueOf: (attribute) => attributes.get(attribute) ?? null };
}

function whyLeftOut(metas: readonly ReadTag[], isFallback: boolean): PageScan["leftOut"] {
  const refreshes = metas.filter(({ valueOf }) => /^refresh$/i.test(valueOf("http-equiv") ?? ""));
  if (refreshes.some(({ valueOf }) => /url\s*=/i.test(valueOf("content") ?? ""))) return "redirect";
  if (metas.some(({ valueOf }) => saysNoIndex(valueOf("name"), valueOf("content")))) {
    return "noindex";
  }
  return isFallback ? "fallback copy" : null;
}

const MARK = "data-pagefind-body";

const isMarked = (html: string, tags: readonly Tag[]): boolean =>
  html.includes(MARK) &&
  tags.some((tag) => isSigned(html, tag, MARK) && attributesOf(html, tag).has(MARK));

const VERSION = /^(?:docsearch:version|docusaurus_version)$/;

function samenessOf(
  html: string,
  tags: readonly Tag[],
  metas: readonly ReadTag[],
  main: MainText | null,
): string | null {
  if (main === null) return null;
  const version = metas.find(({ valueOf }) => VERSION.test(valueOf("name") ?? ""));
  const headings = tags.flatMap((tag, at) => (isBegin(tag, "h1") ? textAt(html, tags, at) : []));
  return JSON.stringify([version?.valueOf("content") ?? "", headings, main.text]);
}

/** The main content. */
interface MainText {
  /** The place of its first tag in the list; -1: the page does not write its body. */
  readonly at: number;
  /** Hidden parts included. */
  readonly text: string;
}

/** The main content; null if it has no words. */
function mainOf(html: string, tags: readonly Tag[]): MainText | null {
  let card: MainText | null = null;
  for (const { matches, sign } of CONTENT_SELECTORS) {
    if (sign === "body" && card !== null) return card;
    if (!html.includes(sign)) continue;
    const places = tags.flatMap((tag, at) =>
      isSigned(html, tag, sign) && matches(readTag(html, tag)) ? [at] : [],
    );
    const texts = places
      .map((at) => ({ at, text: textAt(html, tags, at) }))
      .filter(({ text }) => hasWords(text));
    const [longest] = texts.toSorted((one, other) => other.text.length - one.text.length);
    if (longest === undefined) continue;
    if (sign !== "article" || areInside(tags, longest.at, places)) return longest;
    card = longest;
  }
  // A page need not write its body.
  const whole = tags.some((tag) => isBegin(tag, "body")) ? "" : textAt(html, tags, -1);
  return hasWords(whole) ? { at: -1, text: whole } : null;
}

/** Whether the element that the tag at a place of the list begins holds the others. */
function areInside(tags: readonly Tag[], outer: number, places: readonly number[]): boolean {
  const end = endOf(tags, outer);
  return places.every((at) => at >= outer && (tags[at]?.start ?? 0) < end);
}

/** What `findingPage` of a parsed page says. */
function findingPage(
  html: string,
  tags: readonly Tag[],
  main: MainText | null,
): FindingPage | null {
  const begin = tags[main?.at ?? -1];
  if (main === null || begin === undefined) return null;
  const end = endOf(tags, main.at);
  const has = (sign: string, isWanted: (tag: ReadTag) => boolean): boolean =>
    html.includes(sign) &&
    tags.some(
      (tag) =>
        tag.start > begin.start &&
        tag.start < end &&
        isSigned(html, tag, sign) &&
        isWanted(readTag(html, tag)),
    );
  if (has("indextable", isIndexOfWords)) return "index page";
  const isSearch =
    begin.name !== "body" && (has("input", isSearchField) || has(SEARCH_ELEMENT, isSearchField));
  return isSearch && wordsIn(main.text) <= WORDS_ABOUT_SEARCH ? "search page" : null;
}

/** Where the end tag of the element is that the tag at a place of the list begins. */
function endOf(tags: readonly Tag[], at: number): number {
  let depth = 0;
  for (const { isEnd, name, start } of tags.slice(at)) {
    if (name === tags[at]?.name) depth += isEnd ? -1 : 1;
    if (depth === 0) return start;
  }
  return Infinity;
}

const hasWords = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);

const isBegin = ({ isEnd, name }: Tag, wanted: string): boolean => !isEnd && name === wanted;

const isSigned = (html: string, { end, isEnd, start }: Tag, sign: string): boolean =>
  !isEnd && html.slice(start, end).includes(sign);

/**
 * The text of the element that the tag at a place of the list begins; of all at -1. Only compared:
 * references stay as they are.
 */
function textAt(html: string, tags: readonly Tag[], at: number): string {
  const begin = tags[at];
  const parts: string[] = [];
  let [from, depth] = [begin?.end ?? 0, 1];
  for (let next = at + 1; next < tags.length; next += 1) {
    const tag = tags[next];
    if (tag === undefined) break;
    parts.push(html.slice(from, tag.start));
    from = tag.end;
    if (tag.name === begin?.name) depth += tag.isEnd ? -1 : 1;
    if (depth === 0) return parts.join("").trim();
  }
  return (parts.join("") + html.slice(from)).trim();
}
