import type { Element, Root } from "hast";
import { elementsIn, propertyOf, textIn } from "./elements.ts";
import { isOut } from "./what-is-out.ts";

/** A page, and what it holds. */
export interface ParsedPage {
  readonly root: Root;
  /** All elements but those for browsers without scripts, or for scripts alone. */
  readonly elements: readonly Element[];
  readonly main: Element | null;
}

/**
 * The title that readers see: Starlight's, an `h1` of the main content, or else the only `h1` of the
 * page; without one, `<title>` without the name of the site.
 */
export function pageTitle({ elements, main, root }: ParsedPage): string | null {
  const headings = pageHeadings(root, elements);
  const top = headings.find((heading) => propertyOf(heading, "id") === "_top");
  const sure = shownIn(top) || shownIn(main === null ? undefined : firstH1(main));
  if (sure !== "") return sure;
  const only = headings.length === 1 ? shownIn(headings[0]) : "";
  const { title, site } = titleInHead(elements);
  // An `h1` outside the main content may be the name of the site: then titles end with it.
  const short = withoutSite(title, site || only);
  return (only !== "" && short === title ? only : short) || null;
}

const shownIn = (heading: Element | undefined): string =>
  heading === undefined ? "" : plain(textIn(heading, isOut));

/** The `h1` of the page but those of the site's header. */
function pageHeadings(root: Root, elements: readonly Element[]): Element[] {
  if (!elements.some(isH1)) return [];
  const outside = [...elementsIn(root, (one) => isOut(one) || one.tagName === "header")];
  const mains = elements.filter(({ tagName }) => tagName === "main");
  const inside = mains.flatMap((main) => [...elementsIn(main, isOut)]);
  return [...new Set([...outside, ...inside])].filter(isH1);
}

function firstH1(main: Element): Element | undefined {
  for (const element of elementsIn(main, isOut)) if (isH1(element)) return element;
  return undefined;
}

const isH1 = ({ tagName }: Element): boolean => tagName === "h1";

/** Signs between the title of a page and the name of its site. */
const SEPARATOR = /\s+[|–—·•:«»-]\s+/;

/** The written title, or the one for social networks if it is its beginning; and the name of the site. */
function titleInHead(elements: readonly Element[]): {
  readonly title: string;
  readonly site: string;
} {
  const metaOf = (name: string): string => {
    const found = elements.find((one) => one.tagName === "meta" && isNamed(one, name));
    return found === undefined ? "" : plain(propertyOf(found, "content") ?? "");
  };
  const inHead = elements.find(({ tagName }) => tagName === "title");
  const written = inHead === undefined ? "" : plain(textIn(inHead));
  const social = metaOf("og:title");
  const isShorter = social !== "" && LEADING.test(written.slice(social.length));
  const title = written.startsWith(social) && isShorter ? social : written || social;
  return { title, site: metaOf("og:site_name") };
}

const isNamed = (meta: Element, name: string): boolean =>
  propertyOf(meta, "property") === name || propertyOf(meta, "name") === name;

/** Cuts the site's name off, at either end. */
function withoutSite(title: string, site: string): string {
  const parts = title.split(SEPARATOR);
  if (site === "" || parts.length < 2) return title;
  if (parts.at(-1) === site) return title.slice(0, title.lastIndexOf(site)).replace(TRAILING, "");
  if (parts[0] === site) return title.slice(site.length).replace(LEADING, "");
  return title;
}

const TRAILING = /\s+[|–—·•:«»-]\s*$/;
const LEADING = /^\s*[|–—·•:«»-]\s+/;

const plain = (text: string): string => text.replace(/\s+/g, " ").trim();
