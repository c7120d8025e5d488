/** The class of what holds a page's own text in Starlight. */
export const STARLIGHT_CONTENT = "sl-markdown-content";

/** What may hold a page's own text, by class, id, attribute or tag; the surest sign first. */
const SELECTORS = [
  `.${STARLIGHT_CONTENT}`,
  // It may have the next one in it.
  ".VPHome",
  ".vp-doc",
  ".VPPage",
  ".theme-doc-markdown",
  // Docusaurus shows date and authors of a post above it.
  "#__blog-post-container",
  ".md-content__inner",
  "[data-pagefind-body]",
  "article",
  "main",
  "[role=main]",
  "body",
] as const;

/** An element as a tree or a source has it. */
export interface ElementLike {
  readonly tagName: string;
  /** The value of an attribute: `""` for a flag, null if there is none. */
  readonly valueOf: (attribute: string) => string | null;
}

/** One of the selectors. */
export interface ContentSelector {
  /** What a source has that has such an element. */
  readonly sign: string;
  readonly matches: (element: ElementLike) => boolean;
}

export const CONTENT_SELECTORS: readonly ContentSelector[] = SELECTORS.map((selector) => {
  const [sign = ""] = /[\w-]+(?=\]?$)/.exec(selector) ?? [];
  return { sign, matches: (element) => isMatch(element, selector, sign) };
});

function isMatch({ tagName, valueOf }: ElementLike, selector: string, sign: string): boolean {
  if (selector.startsWith(".")) {
    const classes = valueOf("class");
    return classes?.includes(sign) === true && classes.split(/\s+/).includes(sign);
  }
  if (selector.startsWith("#")) return valueOf("id") === sign;
  if (selector === "[role=main]") return valueOf("role") === sign;
  return selector.startsWith("[") ? valueOf(sign) !== null : tagName === sign;
}
