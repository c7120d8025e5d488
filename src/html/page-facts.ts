import type { Element } from "hast";
import { withoutDeepTags } from "./deep-tags.ts";
import { elementsIn, hasClass, propertyOf } from "./elements.ts";
import { findingPage } from "./finding-page.ts";
import { mainContent } from "./main-content.ts";
import { pageTitle, type ParsedPage } from "./page-title.ts";
import { parseHtml } from "./parse-html.ts";
import type { LeftOut } from "./reading.ts";
import { saysNoIndex } from "./says-no-index.ts";
import { STARLIGHT_CONTENT } from "./selectors.ts";
import { tagsIn } from "./tags.ts";
import { withoutNoscript } from "./without-noscript.ts";

/** What a built page says about itself. */
export interface PageFacts {
  /** Null: the page belongs in the index. */
  readonly leftOut: LeftOut | null;
  /** The title that readers see; null if there is none. */
  readonly title: string | null;
  /** `lang` of the page. */
  readonly locale: string | null;
  readonly version: string | null;
  /** Address in `<link rel="canonical">`, as written. */
  readonly canonical: string | null;
  /** Whether `data-pagefind-body` marks the content; then pages of the site without it are left out. */
  readonly isMarked: boolean;
  /** The element that holds the page's own text; null if there is none. */
  readonly main: Element | null;
  /** The source of `main`: HTML. */
  readonly body: string;
  /** Every `id` of the page (and `name` of `<a>`), in document order. */
  readonly ids: ReadonlySet<string>;
}

/** Reads what a built page says about itself. Never throws: every text is HTML. */
export function pageFacts(source: string): PageFacts {
  const html = readable(source);
  const root = parseHtml(html);
  const elements = [...elementsIn(root, isInert)];
  const page = { elements, root, main: mainContent(root) };
  return {
    leftOut: whyLeftOut(page),
    title: pageTitle(page),
    locale: languageOf(page),
    version: versionOf(page),
    canonical: canonicalOf(page),
    isMarked: elements.some((element) => propertyOf(element, "dataPagefindBody") !== null),
    main: page.main,
    body: page.main === null ? "" : sourceOf(page.main, html),
    ids: idsOf(page),
  };
}

/** HTML that a parser can read, with the same offsets. */
function readable(source: string): string {
  const tags = tagsIn(source);
  const html = withoutNoscript(source, tags);
  return withoutDeepTags(html, html === source ? tags : tagsIn(html));
}

/** What is there for browsers without scripts, or for scripts alone. */
const isInert = ({ tagName }: Element): boolean => tagName === "noscript" || tagName === "template";

/** The source of an element; a `body` that is not written holds the whole file. */
function sourceOf({ position }: Element, html: string): string {
  const [start, end] = [position?.start.offset, position?.end.offset];
  return start === undefined || end === undefined ? html : html.slice(start, end);
}

function whyLeftOut({ elements, main }: ParsedPage): LeftOut | null {
  const metas = elements.filter(({ tagName }) => tagName === "meta");
  if (metas.some(isRedirect)) return "redirect";
  if (metas.some(isNoIndex)) return "noindex";
  if (isFallback(elements)) return "fallback copy";
  if (metas.some(isList)) return "index page";
  return main === null ? "no content" : findingPage(main);
}

/** Without an address, a page only loads itself again. */
const isRedirect = (meta: Element): boolean =>
  propertyOf(meta, "httpEquiv")?.toLowerCase() === "refresh" &&
  /url\s*=/i.test(propertyOf(meta, "content") ?? "");

/** Starlight shows a page that is not translated in the language that it has. */
function isFallback(elements: readonly Element[]): boolean {
  const shown = elements.find(({ tagName }) => tagName === "main");
  const [ofMain, ofPage] = [shown && propertyOf(shown, "lang"), languageOf({ elements })];
  const differs = Boolean(ofMain) && ofPage !== null && ofMain !== ofPage;
  return differs && elements.some((element) => hasClass(element, STARLIGHT_CONTENT));
}

/** How Docusaurus marks lists of pages, such as `blog_posts_list` and `blog_tags_posts`. */
const isList = (meta: Element): boolean =>
  propertyOf(meta, "name") === "docusaurus_tag" &&
  /^(?:blog|docs?)_.*(?:_list|_posts)$/.test(propertyOf(meta, "content") ?? "");

const isNoIndex = (meta: Element): boolean =>
  saysNoIndex(propertyOf(meta, "name"), propertyOf(meta, "content"));

const languageOf = ({ elements }: Pick<ParsedPage, "elements">): string | null => {
  const html = elements.find(({ tagName }) => tagName === "html");
  return (html === undefined ? null : propertyOf(html, "lang")) || null;
};

/** Docusaurus writes its version for DocSearch. */
const VERSION_NAMES: ReadonlySet<string> = new Set(["docsearch:version", "docusaurus_version"]);

function versionOf({ elements }: ParsedPage): string | null {
  const meta = elements.find(
    (one) => one.tagName === "meta" && VERSION_NAMES.has(propertyOf(one, "name") ?? ""),
  );
  const version = meta === undefined ? null : propertyOf(meta, "content");
  return version === null || version === "" || version === "current" ? null : version;
}

function canonicalOf({ elements }: ParsedPage): string | null {
  const link = elements.find(
    (one) => one.tagName === "link" && propertyOf(one, "rel")?.split(" ").includes("canonical"),
  );
  return link === undefined ? null : propertyOf(link, "href");
}

function idsOf({ elements }: ParsedPage): ReadonlySet<string> {
  const names = elements.flatMap((element) => {
    const name = element.tagName === "a" ? propertyOf(element, "name") : null;
    return [propertyOf(element, "id") ?? "", name ?? ""];
  });
  return new Set(names.filter((name) => name !== ""));
}
