import type { Element } from "hast";
import { classesOf, elementsIn, propertyOf } from "../../html/elements.ts";
import { isOut } from "../../html/what-is-out.ts";

const HEADING = /^h([1-6])$/;

/** The level of a heading; null for another element. */
export const headingDepth = ({ tagName }: Element): number | null => {
  const level = HEADING.exec(tagName)?.[1];
  return level === undefined ? null : Number(level);
};

/** The id of a heading: its own, one in it, or that of the section that it begins; null if it has none. */
export function headingId(heading: Element, around: readonly Element[]): string | null {
  const own = idOf(heading);
  if (own !== null) return own;
  for (const element of elementsIn(heading)) {
    const id = idOf(element) ?? (element.tagName === "a" ? propertyOf(element, "name") : null);
    if (id !== null && id !== "") return id;
  }
  return sectionId(heading, around);
}

const idOf = (element: Element): string | null => propertyOf(element, "id") || null;

function sectionId(heading: Element, around: readonly Element[]): string | null {
  let child = heading;
  for (const parent of around.toReversed()) {
    const first = parent.children.find((one) => one.type === "element" && !isTarget(one));
    if (first !== child) return null;
    if (isSection(parent)) return idOf(parent);
    child = parent;
  }
  return null;
}

/** Whether an element only marks a place. */
const isTarget = (element: Element): boolean =>
  isOut(element) ||
  ((element.tagName === "span" || element.tagName === "a") && element.children.length === 0);

const isSection = (element: Element): boolean =>
  element.tagName === "section" ||
  classesOf(element).some((name) => /^(?:section|sect\d|level\d)$/.test(name));
