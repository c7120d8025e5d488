import type { Element } from "hast";
import type { Nodes } from "mdast";
import { isOut } from "../html/what-is-out.ts";
import { lineBreaksOf } from "./line-breaks.ts";

const START_TAG = /<([a-z][\w-]*)(\s[^<>]*)?>/g;

/** Attributes by which authors hide an element, by their names in hast. */
const ATTRIBUTES: ReadonlyMap<string, string> = new Map([
  ["hidden", "hidden"],
  ["aria-hidden", "ariaHidden"],
  ["data-pagefind-ignore", "dataPagefindIgnore"],
  ["data-search-exclude", "dataSearchExclude"],
  ["role", "role"],
  ["style", "style"],
  ["class", "className"],
  ["classname", "className"],
]);

/** What HTML without anything hidden does not contain. */
const HIDING =
  /<(?:template|svg)\b|\s(?:hidden|aria-hidden|data-pagefind-ignore|data-search-exclude|role|style|class)\b/i;

const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g;

/** Whether attributes, by their names in HTML or JSX, hide an element, as in a page that was built. */
export function isHiddenBy(attributes: Iterable<readonly [name: string, value: string]>): boolean {
  const properties: Element["properties"] = {};
  for (const [written, value] of attributes) {
    const name = ATTRIBUTES.get(written.toLowerCase());
    if (name !== undefined) properties[name] = name === "className" ? value.split(/\s+/) : value;
  }
  return isOut({ type: "element", tagName: "section", properties, children: [] });
}

/** Elements without content. */
const EMPTY = /^(?:area|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/i;

const NOTHING: ReadonlySet<Nodes> = new Set();

const isHtml = ({ type }: Nodes): boolean => type === "html";

/**
 * Nodes inside a hidden element that begins in one piece of raw HTML and ends in another:
 * `<p hidden>` and `</p>` are two nodes of a paragraph, and there may be Markdown between two of a page.
 */
export function hiddenAmong(nodes: readonly Nodes[]): ReadonlySet<Nodes> {
  if (!nodes.some(isHtml)) return NOTHING;
  const hidden = new Set<Nodes>();
  let open: { readonly name: string; depth: number } | null = null;
  for (const node of nodes) {
    const html = node.type === "html" ? node.value : "";
    if (open === null) open = leftOpenIn(html);
    else {
      open.depth += depthIn(html, open.name);
      if (open.depth <= 0) open = null;
      else hidden.add(node);
    }
  }
  return hidden;
}

/** The hidden element that raw HTML begins and does not end. */
function leftOpenIn(html: string): { readonly name: string; depth: number } | null {
  if (!HIDING.test(html)) return null;
  let from = 0;
  for (const { 0: tag, 1: name = "", 2: attributes = "", index } of html.matchAll(START_TAG)) {
    if (index < from || EMPTY.test(name) || !isHidden(name, attributes)) continue;
    const start = index + tag.length;
    const end = endOfElement(html, name, start);
    if (end === null) return { name, depth: 1 + depthIn(html.slice(start), name) };
    from = end;
  }
  return null;
}

/** How many more elements of a name raw HTML begins than it ends. */
const depthIn = (html: string, name: string): number =>
  [...html.matchAll(tagsNamed(name))].reduce((sum, tag) => sum + (tag[1] === "/" ? -1 : 1), 0);

const tagsNamed = (name: string): RegExp => new RegExp(`<(/?)${name}(?=[\\s/>])[^<>]*>`, "gi");

/** Raw HTML without what is hidden; the number of lines stays. */
export function withoutHidden(html: string): string {
  if (!HIDING.test(html)) return html;
  const shown: string[] = [];
  let from = 0;
  for (const { 0: tag, 1: name = "", 2: attributes = "", index } of html.matchAll(START_TAG)) {
    if (index < from || EMPTY.test(name) || !isHidden(name, attributes)) continue;
    const end = endOfElement(html, name, index + tag.length) ?? html.length;
    shown.push(html.slice(from, index), lineBreaksOf(html.slice(index, end)));
    from = end;
  }
  return shown.join("") + html.slice(from);
}

/** Vue shows its own templates. */
const isHidden = (name: string, attributes: string): boolean =>
  name === "svg" ||
  (name === "template" && !/\s(?:#|v-)/.test(attributes)) ||
  isHiddenBy(attributesIn(attributes));

const attributesIn = (written: string): (readonly [string, string])[] =>
  Array.from(written.matchAll(ATTRIBUTE), ([, name = "", double, single, bare]) => [
    name,
    double ?? single ?? bare ?? "",
  ]);

/** Offset after the end tag of an element whose content begins at `start`; null without one. */
function endOfElement(html: string, name: string, start: number): number | null {
  const tags = tagsNamed(name);
  tags.lastIndex = start;
  let depth = 1;
  for (let found = tags.exec(html); found !== null; found = tags.exec(html)) {
    depth += found[1] === "/" ? -1 : 1;
    if (depth === 0) return tags.lastIndex;
  }
  return null;
}
