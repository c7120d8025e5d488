import type { Element } from "hast";
import { elementsIn, textIn } from "./elements.ts";
import { elementLike } from "./main-content.ts";
import type { ElementLike } from "./selectors.ts";
import { isOut } from "./what-is-out.ts";

/** What a page that only helps to find other pages is. */
export type FindingPage = "search page" | "index page";

/** A page with a search field and more words than these has something to say of its own. */
export const WORDS_ABOUT_SEARCH = 40;

/**
 * Whether the main content of a page holds no text of its own: a search field, or Sphinx's index of
 * words or of modules. A `body` may hold the field of every page.
 */
export function findingPage(main: Element): FindingPage | null {
  const elements = [...elementsIn(main)].map(elementLike);
  if (elements.some(isIndexOfWords)) return "index page";
  const isSearch = main.tagName !== "body" && elements.some(isSearchField);
  return isSearch && wordsIn(textIn(main, isOut)) <= WORDS_ABOUT_SEARCH ? "search page" : null;
}

/** Whether an element is Sphinx's index of words or of modules. */
export const isIndexOfWords = ({ tagName, valueOf }: ElementLike): boolean =>
  tagName === "table" && /(?:^|\s)(?:gen)?indextable(?:\s|$)/.test(valueOf("class") ?? "");

/** Whether an element asks a question: a field of a form, or siterag's list of results with its field. */
export const isSearchField = ({ tagName, valueOf }: ElementLike): boolean =>
  tagName === SEARCH_ELEMENT ||
  (tagName === "input" && (valueOf("type") === "search" || valueOf("name") === "q"));

/** The element of the interface for a page of results. */
export const SEARCH_ELEMENT = "siterag-search-page";

export const wordsIn = (text: string): number => text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
