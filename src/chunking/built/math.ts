import type { Element } from "hast";
import {
  childrenOf,
  classesOf,
  elementsIn,
  hasClass,
  propertyOf,
  textIn,
} from "../../html/elements.ts";
import { isOut } from "../../html/what-is-out.ts";

/** A formula as TeX, or as the text that it shows. */
export interface Formula {
  readonly source: string;
  readonly isTex: boolean;
  readonly isBlock: boolean;
}

/** The signs around TeX that scripts look for. */
const SIGNS = [
  ["\\(", "\\)"],
  ["\\[", "\\]"],
  ["$$", "$$"],
  ["$", "$"],
] as const;

const MATH_TAGS: ReadonlySet<string> = new Set(["script", "math", "mjx-container"]);

const MATH_CLASSES: ReadonlySet<string> = new Set([
  "math",
  "arithmatex",
  "katex",
  "katex-display",
  "MathJax_Display",
]);

const known = new WeakMap<Element, Formula | null>();

/** The formula that an element shows; null if it shows none. */
export function formulaOf(element: Element): Formula | null {
  if (!mayBeFormula(element)) return null;
  const found = known.get(element);
  if (found !== undefined) return found;
  const formula = element.tagName === "script" ? formulaOfScript(element) : formulaIn(element);
  known.set(element, formula);
  return formula;
}

const mayBeFormula = (element: Element): boolean =>
  MATH_TAGS.has(element.tagName) || classesOf(element).some((name) => MATH_CLASSES.has(name));

function formulaIn(element: Element): Formula | null {
  const isBlock = isDisplayed(element);
  const source = texBetweenSigns(ownText(element));
  if (source !== null) return { source, isTex: true, isBlock };
  const { tex, math } = partsOf(element);
  if (tex !== null) return { source: textIn(tex).trim(), isTex: true, isBlock };
  return math === null ? null : { source: textIn(math).trim(), isTex: false, isBlock };
}

/** The text that is directly in an element. */
const ownText = ({ children }: Element): string =>
  children.map((child) => (child.type === "text" ? child.value : "")).join("");

/** The number that Sphinx gives a formula. */
const isNumber = (element: Element): boolean => hasClass(element, "eqno");

export function numberOfFormula(element: Element): string {
  const number = element.children.find((child) => child.type === "element" && isNumber(child));
  return number === undefined ? "" : textIn(number, isOut).trim();
}

/** TeX without the signs around it; null if there are none. */
function texBetweenSigns(written: string): string | null {
  const text = written.trim();
  const found = SIGNS.find(([open, close]) => text.startsWith(open) && text.endsWith(close));
  if (found === undefined || text.length < 2 * found[0].length) return null;
  return text.slice(found[0].length, -found[1].length).trim();
}

/** A paragraph that is a formula on its own: its TeX; null if it is something else. */
export const texOfText = (text: string): string | null =>
  /^\s*(?:\\\[|\$\$)/.test(text) ? texBetweenSigns(text) : null;

/** Jekyll writes formulas as scripts for MathJax. */
function formulaOfScript(element: Element): Formula | null {
  const type = propertyOf(element, "type") ?? "";
  if (!type.startsWith("math/tex")) return null;
  const source = textIn(element).replace(/^\s*%\s*<!\[CDATA\[|%\s*\]\]>\s*$/g, "");
  return { source: source.trim(), isTex: true, isBlock: type.includes("mode=display") };
}

const isDisplayed = (element: Element): boolean =>
  element.tagName === "div" ||
  classesOf(element).some((name) => /display/i.test(name)) ||
  propertyOf(element, "display") === "true" ||
  propertyOf(element, "display") === "block" ||
  childrenOf(element).some(
    (child) =>
      child.type === "element" &&
      child.tagName === "math" &&
      propertyOf(child, "display") === "block",
  );

/** Most elements that are searched for the TeX of a formula. */
const MOST_SEARCHED = 5000;

/** The TeX in a formula, and its MathML, which has each sign once. */
function partsOf(element: Element): {
  readonly tex: Element | null;
  readonly math: Element | null;
} {
  let math = element.tagName === "math" ? element : null;
  let count = 0;
  for (const one of elementsIn(element)) {
    if (one.tagName === "math") math ??= one;
    const isTex = propertyOf(one, "encoding") === "application/x-tex";
    if (isTex && one.tagName === "annotation") return { tex: one, math };
    if ((count += 1) > MOST_SEARCHED) break;
  }
  return { tex: null, math };
}
