import { parseMarkdown, parseWithRemark } from "../../../src/chunking/markdown-tree.ts";

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** The HTML with which a node ends, or null. */
function lastHtml(node: unknown): string | null {
  if (!isObject(node)) return null;
  if (node["type"] === "html" && typeof node["value"] === "string") return node["value"];
  return Array.isArray(node["children"]) ? lastHtml(node["children"].at(-1)) : null;
}

/** Left out of the comparison: line ends behind HTML in lists, which only satteri takes for a part of it. */
function withoutLineEnds(node: unknown, other: unknown): unknown {
  const [written, its] = [lastHtml(node), lastHtml(other)];
  if (!isObject(node) || written === null || its === null || written === its) return node;
  const position = isObject(node["position"]) ? { start: node["position"]["start"] } : null;
  const value = node["type"] === "html" ? written.trimEnd() : node["value"];
  return { ...node, value, position };
}

/** First place in which two values differ, or null; a property that is missing equals null. */
function difference(one: unknown, other: unknown, path = ""): string | null {
  const [left, right] = [withoutLineEnds(one, other), withoutLineEnds(other, one)];
  if (!isObject(left) || !isObject(right)) {
    const isSame = (left ?? null) === (right ?? null);
    return isSame ? null : `${path}: ${JSON.stringify(left)} is ${JSON.stringify(right)}`;
  }
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const found = difference(left[key], right[key], `${path}.${key}`);
    if (found !== null) return found;
  }
  return null;
}

/**
 * Where remark's tree of a text and ours differ, in types, values or positions; null if they are equal,
 * or if no parser reads the text.
 */
export function treeDifference(source: string): string | null {
  const tree = parseMarkdown(source, "mdWithoutMath");
  return tree === null ? null : difference(parseWithRemark(source, "mdWithoutMath"), tree);
}
