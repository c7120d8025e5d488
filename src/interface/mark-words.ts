import { marksIn } from "../ranking/snippet.ts";
import { styleSheet } from "./elements.ts";

const NAME = "siterag";
const HEADINGS = "h1, h2, h3, h4, h5, h6";
const BLOCKS = `${HEADINGS}, p, li, dt, dd, td, th, pre, blockquote, figcaption, summary, div`;
/** Docusaurus ends headings with a link that shows an invisible letter. */
const SKIPPED = "script, style, template, nav, footer, .hash-link, [hidden], [aria-hidden=true]";

/** A CSS highlight changes nothing in the page: no node, no event, no layout. */
const CSS_TEXT = `::highlight(${NAME}) { background-color: var(--siterag-mark, rgb(255 193 7 / 45%)); }`;

/** Marks the words of a question in the section of a heading, or at the beginning of the page. */
export function markWords(query: string, id: string): void {
  if (typeof Highlight === "undefined") return;
  if (!CSS.highlights.has(NAME)) document.adoptedStyleSheets.push(styleSheet(CSS_TEXT));
  const ranges = blocksOfSection(id).flatMap((block) => rangesIn(block, query));
  CSS.highlights.set(NAME, new Highlight(...ranges));
}

/** The texts of a section, those of one block together: a word may lie in several elements. */
function blocksOfSection(id: string): Text[][] {
  const main = document.querySelector("main, article, [role=main]") ?? document.body;
  const target = document.getElementById(id) ?? main.querySelector("h1");
  const start = target?.closest(HEADINGS) ?? target?.querySelector(HEADINGS) ?? target ?? main;
  const blocks = new Map<Element | null, Text[]>();
  for (const text of textsFrom(start)) {
    const block = text.parentElement?.closest(BLOCKS) ?? null;
    const texts = blocks.get(block);
    if (texts === undefined) blocks.set(block, [text]);
    else texts.push(text);
  }
  return [...blocks.values()];
}

/** All texts from an element on, up to the next heading. */
function* textsFrom(start: Element): Generator<Text> {
  const walker = document.createTreeWalker(
    document.body,
    NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT,
    (node) => (isSkipped(node) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT),
  );
  walker.currentNode = start;
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node instanceof Text) yield node;
    else if (node instanceof Element && node.matches(HEADINGS)) return;
  }
}

/** The sign of a heading's own link, `#` or `¶`, is no part of the word before it. */
const isSkipped = (node: Node): boolean =>
  node instanceof Element
    ? node.matches(SKIPPED)
    : node.parentElement?.matches('a[href^="#"]') === true &&
      !/[\p{L}\p{N}]/u.test(node.textContent ?? "");

function rangesIn(texts: readonly Text[], query: string): StaticRange[] {
  const whole = texts.map(({ data }) => data).join("");
  return marksIn(whole, query).flatMap(([start, end]) => {
    const [from, to] = [placeOf(texts, start), placeOf(texts, end - 1)];
    if (from === null || to === null) return [];
    return [
      new StaticRange({
        startContainer: from.text,
        startOffset: from.offset,
        endContainer: to.text,
        endOffset: to.offset + 1,
      }),
    ];
  });
}

function placeOf(
  texts: readonly Text[],
  position: number,
): { readonly text: Text; readonly offset: number } | null {
  let offset = position;
  for (const text of texts) {
    if (offset < text.length) return { text, offset };
    offset -= text.length;
  }
  return null;
}
