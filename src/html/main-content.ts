import type { Element, Root } from "hast";
import { elementsIn, propertyOf, textIn } from "./elements.ts";
import { CONTENT_SELECTORS, type ElementLike } from "./selectors.ts";
import { isOut } from "./what-is-out.ts";

/**
 * The element that holds the page's own text: of the first kind that has words, the one with most.
 * Articles beside each other are cards or posts: then what holds them all.
 */
export function mainContent(root: Root): Element | null {
  const elements = [...elementsIn(root, isOut)].map((element) => ({
    element,
    ...elementLike(element),
  }));
  let card: Element | null = null;
  for (const { matches, sign } of CONTENT_SELECTORS) {
    if (sign === "body" && card !== null) return card;
    const candidates = elements.filter(matches).map(({ element }) => element);
    const found = longestOf(candidates);
    if (found === null) continue;
    if (sign !== "article" || areInside(found, candidates)) return found;
    card = found;
  }
  return null;
}

/** The element with most words; null if none has any. */
function longestOf(elements: readonly Element[]): Element | null {
  const [first, ...others] = elements.filter(hasWords);
  if (first === undefined || others.length === 0) return first ?? null;
  const measured = [first, ...others].map((element) => ({ element, length: wordsIn(element) }));
  return measured.reduce((longest, one) => (one.length > longest.length ? one : longest)).element;
}

const hasWords = (element: Element): boolean => /[\p{L}\p{N}]/u.test(textIn(element, isOut));

function areInside(outer: Element, elements: readonly Element[]): boolean {
  const inside = new Set([outer, ...elementsIn(outer)]);
  return elements.every((element) => inside.has(element));
}

/** An element of a tree, with the attributes that selectors name. */
export const elementLike = (element: Element): ElementLike => ({
  tagName: element.tagName,
  valueOf: (attribute) => propertyOf(element, PROPERTIES.get(attribute) ?? attribute),
});

/** The names in hast of attributes that have another one. */
const PROPERTIES: ReadonlyMap<string, string> = new Map([
  ["class", "className"],
  ["data-pagefind-body", "dataPagefindBody"],
]);

/** Letters and digits that readers see. */
const wordsIn = (element: Element): number =>
  textIn(element, isOut).replace(/[^\p{L}\p{N}]+/gu, "").length;
