/** Makes an element. Texts become text nodes: nothing in them is read as HTML. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

/** A drawing of 20 × 20 in lines of the text's colour, hidden from screen readers. */
export function icon(path: string): SVGElement {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 20 20");
  drawing.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  drawing.append(line);
  return drawing;
}

export const MAGNIFIER =
  "M13.4 13.4 17.5 17.5M15 8.75a6.25 6.25 0 1 1-12.5 0 6.25 6.25 0 0 1 12.5 0Z";
export const CROSS = "M5 5 15 15M15 5 5 15";
export const PAGE = "M5 2.5h6.5L15.5 6.5v11h-10.5ZM11.5 2.5v4h4";
export const HEADING = "M7.5 3 6 17M14 3l-1.500 14M3.500 7.500h14M2.500 12.500h14";

/** A style sheet for many shadow roots. Pages whose policy forbids inline styles allow it. */
export function styleSheet(css: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}
