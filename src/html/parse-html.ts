import type { Element, Root } from "hast";
import { fromHtml } from "hast-util-from-html";
import { elementsIn, textIn } from "./elements.ts";
import { isOut } from "./what-is-out.ts";

/** The tree of a whole HTML document, as browsers build it. Never throws: every text is HTML. */
export function parseHtml(html: string): Root {
  const root = fromHtml(html);
  showAccordions(root);
  return root;
}

/** Buttons are out; but a heading that is nothing but one is the title of a part that it opens. */
function showAccordions(root: Root): void {
  for (const heading of elementsIn(root)) {
    if (!/^h[1-6]$/.test(heading.tagName)) continue;
    const buttons = [...elementsIn(heading)].filter(isButton);
    if (buttons.length === 0) continue;
    const rest = textIn(heading, (element) => isButton(element) || isOut(element));
    if (/[\p{L}\p{N}]/u.test(rest)) continue;
    for (const button of buttons) button.tagName = "span";
  }
}

const isButton = ({ tagName }: Element): boolean => tagName === "button";
