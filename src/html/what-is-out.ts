import type { Element } from "hast";
import { classesOf, hasClass, propertyOf, textIn } from "./elements.ts";

const namesIn = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/));

/** Elements whose text is no text of the page, or that browsers show nothing of. */
const OUT_TAGS = namesIn(
  "script style template noscript svg nav button select form iframe audio video canvas datalist rp",
);

/** Classes of what generators put into a page's content: links to headings, line numbers, and the like. */
const OUT_CLASSES = namesIn(
  `header-anchor sl-anchor-link hash-link headerlink anchor-link sr-only x:sr-only visually-hidden
  line-numbers-wrapper linenos lineno linenodiv lnt ln rouge-gutter
  theme-doc-breadcrumbs theme-doc-toc-mobile theme-doc-footer theme-doc-version-badge
  theme-doc-version-banner VPDocFooter nextra-breadcrumb md-source-file viewcode-link viewcode-back
  footnote-backref footnote-back reversefootnote data-footnote-backref backrefs`,
);

const OUT_ROLES = namesIn("navigation search");

/** Attributes by which authors keep an element out of every search. */
const OUT_ATTRIBUTES = ["dataPagefindIgnore", "dataSearchExclude", "dataFootnoteBackref"] as const;

declare module "hast" {
  interface Element {
    /** What `isOut` said: the title, the main content and the words of a page all ask. */
    isOut?: boolean;
  }
}

/** Whether an element, with all that is in it, is no part of the page's own text, or is hidden. */
export function isOut(element: Element): boolean {
  // A WeakMap would take several times as long as the decision.
  return (element.isOut ??= decide(element));
}

function decide(element: Element): boolean {
  const { tagName } = element;
  const role = propertyOf(element, "role") ?? "";
  if (OUT_TAGS.has(tagName)) return role !== "tab";
  if (
    OUT_ROLES.has(role) ||
    isWayBack(element, role) ||
    classesOf(element).some((name) => isOutClass(name, tagName))
  ) {
    return true;
  }
  if (tagName === "starlight-file-tree") return false;
  return (
    OUT_ATTRIBUTES.some((name) => propertyOf(element, name) !== null) ||
    isHidden(element, role) ||
    isBareLink(element)
  );
}

/** A link from a note back to the text. Sphinx makes one of the label of a citation, which is a word. */
const isWayBack = (element: Element, role: string): boolean =>
  (role === "doc-backlink" || hasClass(element, "fn-backref")) && !/\p{L}/u.test(textIn(element));

const isOutClass = (name: string, tagName: string): boolean =>
  OUT_CLASSES.has(name) ||
  name.startsWith("pagination-") ||
  (name === "lang" && tagName === "span");

/** A tab panel is one click away, and the title of an aside is hidden from screen readers alone. */
function isHidden(element: Element, role: string): boolean {
  if (role === "tabpanel") return false;
  const hidden = propertyOf(element, "hidden");
  if (hidden !== null && hidden !== "until-found") return true;
  if (/(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)/i.test(styleOf(element)))
    return true;
  if (element.tagName === "dialog") return propertyOf(element, "open") === null;
  const isAside = hasClass(element, "starlight-aside__title");
  return propertyOf(element, "ariaHidden") === "true" && !isAside;
}

const styleOf = (element: Element): string => propertyOf(element, "style") ?? "";

/** A link to a place of the same page that shows a sign such as `#` or `¶`, and no word. */
const isBareLink = (element: Element): boolean =>
  element.tagName === "a" &&
  propertyOf(element, "href")?.startsWith("#") === true &&
  /^(?:[^\p{L}\p{N}]{1,3}|↩\d*)$/u.test(textIn(element).trim());
