import type { Nodes } from "mdast";
import { isHiddenBy } from "./hidden-html.ts";
import { attributesText } from "./html-text.ts";

/** A literal attribute of a component: `name="…"`, `name={"…"}` or name={`…`}; else an empty string. */
export function literalAttribute(node: Nodes, name: string): string {
  if (node.type !== "mdxJsxFlowElement" && node.type !== "mdxJsxTextElement") return "";
  for (const attribute of node.attributes) {
    if (attribute.type !== "mdxJsxAttribute" || attribute.name !== name) continue;
    const { value } = attribute;
    if (typeof value === "string") return value;
    return typeof value === "object" && value !== null ? expressionText(value.value) : "";
  }
  return "";
}

/** Name of an element; an empty string for a fragment and for any other node. */
export const nameOf = (node: Nodes): string =>
  "name" in node && typeof node.name === "string" ? node.name : "";

/** What the attributes of an element show, such as its title in bold; or an empty string. */
export const elementText = (node: Nodes): string =>
  attributesText(nameOf(node), (name) => literalAttribute(node, name).replaceAll("<", "\\<"));

const LITERAL = /^\s*(["'`])((?:(?!\1)[^\\$]|\\[^]|\$(?!\{))*)\1\s*$/;

/** Text of an expression that is a plain string, such as `{" "}`; an empty string for any other. */
export function expressionText(expression: string): string {
  const [, , text = ""] = LITERAL.exec(expression) ?? [];
  // A line feed would be one line more than the source has.
  return text.replace(/\\([^])/g, (_, escaped: string) => (/[nrt]/.test(escaped) ? " " : escaped));
}

const SILENT_ELEMENTS = new Set(["script", "style", "template", "noscript", "svg"]);

/** Whether an element does not show its content. */
export const isSilentElement = (node: Nodes): boolean =>
  SILENT_ELEMENTS.has(nameOf(node)) || isHiddenElement(node);

/** Components show what they like of an attribute `hidden`. */
const isHiddenElement = (node: Nodes): boolean =>
  /^[a-z]/.test(nameOf(node)) && isHiddenBy(literalAttributes(node));

function* literalAttributes(node: Nodes): Generator<readonly [name: string, value: string]> {
  if (node.type !== "mdxJsxFlowElement" && node.type !== "mdxJsxTextElement") return;
  for (const attribute of node.attributes) {
    if (attribute.type !== "mdxJsxAttribute") continue;
    const { name, value } = attribute;
    if (value === null || value === undefined) yield [name, ""];
    else if (typeof value === "string") yield [name, value];
    else if (value.value === "true") yield [name, "true"];
  }
}
