import { decodeNamedCharacterReference } from "decode-named-character-reference";
import type { Html, Nodes, Root, Text } from "mdast";
import remarkGfm from "remark-gfm";
import remarkMath from "remark-math";
import remarkMdx from "remark-mdx";
import remarkParse from "remark-parse";
import { unified } from "unified";

const markdown = () =>
  unified().use(remarkParse).use(remarkGfm).use(remarkMath, { singleDollarTextMath: false });
const MD = markdown().freeze();
const MDX = markdown().use(remarkMdx).freeze();

/** Parses with plain remark; null for invalid MDX. */
export function read(source: string, format: "md" | "mdx"): Root | null {
  if (format === "md") return MD.parse(source);
  try {
    return MDX.parse(source.replace(/\{#([^\s{}]+)\}(?=[ \t]*$)/gm, "[#$1]"));
  } catch {
    return null;
  }
}

/** All nodes in a tree that satisfy a predicate. */
export function nodesOf<Kind extends Nodes>(
  root: Nodes,
  is: (node: Nodes) => node is Kind,
): Kind[] {
  const found: Kind[] = [];
  const open: Nodes[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (is(node)) found.push(node);
    if ("children" in node) open.push(...node.children.toReversed());
  }
  return found;
}

export const isHtml = (node: Nodes): node is Html => node.type === "html";
export const isText = (node: Nodes): node is Text => node.type === "text";

const INVISIBLE = new Set(["definition", "mdxjsEsm", "footnoteReference", "thematicBreak"]);

/** Tags that separate words. */
const PARTING =
  /^<\/?(?:p|div|li|ul|ol|dl|dt|dd|table|tr|td|th|thead|tbody|section|details|summary|br|h[1-6]|blockquote|pre|figure|figcaption|center|hr|picture|source|img|article|header|footer|nav|main|aside|video|iframe|option|select|button|form|input|caption|colgroup|col)\b/i;

/** Visible text of raw HTML. */
export function htmlText(html: string): string {
  return html
    .replace(
      /<(script|style|template(?![^<>]*\s(?:#|v-))|noscript|svg)\b[^>]*>[\s\S]*?(?:<\/\1\s*>|$)/gi,
      "",
    )
    .replace(/<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<[!?][^>]*>/g, "")
    .replace(/<img\b[^>]*?\balt\s*=\s*(?:"([^"]*)"|'([^']*)')[^>]*>/gi, " $1$2 ")
    .replace(/<\/?[A-Za-z][\w.:-]*(?:\s(?:[^"'<>]|"[^"]*"|'[^']*')*)?\/?>/g, (tag) =>
      PARTING.test(tag) ? " " : "",
    )
    .replace(/&([A-Za-z]\w*);/g, (written, name) => decodeNamedCharacterReference(name) || written);
}

const literal = (expression: string): string =>
  /^\s*(["'`])((?:(?!\1)[^\\$])*)\1\s*$/.exec(expression)?.[2] ?? "";

function textOf(node: Nodes): string {
  if (INVISIBLE.has(node.type)) return "";
  if (node.type === "html") return htmlText(node.value);
  if (node.type === "mdxTextExpression" || node.type === "mdxFlowExpression")
    return literal(node.value);
  if (node.type === "break") return "\n";
  if ("value" in node) return node.value;
  if (node.type === "image" || node.type === "imageReference") return ` ${node.alt ?? ""} `;
  if (!("children" in node)) return "";
  if ("name" in node && /^(?:script|style|template|noscript|svg)$/.test(node.name ?? "")) return "";
  const isInline = node.type === "paragraph" || node.type === "heading" || isPhrasing(node);
  const text = node.children.map(textOf).join(isInline ? "" : "\n");
  return "name" in node && PARTING.test(`<${node.name}>`) ? ` ${text} ` : text;
}

const isPhrasing = (node: Nodes): boolean =>
  /^(?:emphasis|strong|delete|link|linkReference|mdxJsxTextElement|tableCell)$/.test(node.type);

/** Visible text of a tree: character references decoded, no markup. */
export const visibleText = (root: Root): string => textOf(root);

/** The words of a text: runs of letters and digits. */
export const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
