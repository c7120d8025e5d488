import type { Element } from "hast";
import { classesOf, propertyOf, textIn } from "../../html/elements.ts";

const REFERENCE_CLASSES: ReadonlySet<string> = new Set(["footnote-ref", "footnote-reference"]);

const LABEL = /^\[?([\p{L}\p{N}-]{1,40})\]?$/u;

/** The label of the footnote to which an element refers; null if it is something else. */
export function footnoteLabel(element: Element): string | null {
  const isReference =
    propertyOf(element, "role") === "doc-noteref" ||
    propertyOf(element, "dataFootnoteRef") !== null ||
    classesOf(element).some((name) => REFERENCE_CLASSES.has(name)) ||
    propertyOf(element, "rel") === "footnote";
  if (isReference) return labelIn(textIn(element));
  const isTarget = NOTE_ID.test((propertyOf(element, "href") ?? "").replace(/^#/, ""));
  return isTarget && /^\s*\[?\d+\]?\s*$/.test(textIn(element)) ? labelIn(textIn(element)) : null;
}

/** The ids of footnotes. */
const NOTE_ID = /^(?:(?:user-content-)?fn[:-]?|footnote-)[\w-]+$/;

/** A label without brackets; null if a text is none. */
export const labelIn = (text: string): string | null => LABEL.exec(text.trim())?.[1] ?? null;

/** Whether an item of a list is a footnote. */
export const isFootnoteItem = (element: Element): boolean =>
  element.tagName === "li" && NOTE_ID.test(propertyOf(element, "id") ?? "");

/** A footnote that is an element of its own, as Sphinx and mdBook write it: its label. */
export function footnoteOf(element: Element): string | null {
  const classes = classesOf(element);
  const isSphinx = propertyOf(element, "role") === "doc-footnote" || isDocutils(element, classes);
  const isMdBook = element.tagName === "div" && classes.includes("footnote-definition");
  if (!isSphinx && !isMdBook) return null;
  const label = element.children.find((child) => child.type === "element");
  return label === undefined ? null : labelIn(textIn(label));
}

const isDocutils = ({ tagName }: Element, classes: readonly string[]): boolean =>
  tagName === "aside" && classes.includes("footnote") && classes.includes("brackets");
