import type { Element, Nodes, Root } from "hast";

/** The children of a node; none for a text. */
export const childrenOf = (node: Nodes): readonly Nodes[] =>
  "children" in node ? node.children : [];

/** The value of a property, by its name in hast: `""` for a flag, null if the element has none. */
export function propertyOf({ properties }: Element, name: string): string | null {
  const value = properties[name];
  if (value === undefined || value === null || value === false) return null;
  if (value === true) return "";
  return Array.isArray(value) ? value.join(" ") : String(value);
}

/** The classes of an element. */
export function classesOf({ properties }: Element): readonly string[] {
  const { className } = properties;
  return Array.isArray(className) ? className.map(String) : [];
}

export const hasClass = (element: Element, name: string): boolean =>
  classesOf(element).includes(name);

/** All elements below a node, in document order. Does not go below those that `isSkipped` names. */
export function* elementsIn(
  root: Root | Element,
  isSkipped: (element: Element) => boolean = () => false,
): Generator<Element> {
  const open: Nodes[] = root.children.toReversed();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type !== "element" || isSkipped(node)) continue;
    yield node;
    for (let at = node.children.length - 1; at >= 0; at -= 1) {
      const child = node.children[at];
      if (child?.type === "element") open.push(child);
    }
  }
}

/** The text of a node as one string; of elements that `isSkipped` names, nothing. */
export function textIn(
  root: Nodes,
  isSkipped: (element: Element) => boolean = () => false,
): string {
  const parts: string[] = [];
  const open: Nodes[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type === "text") parts.push(node.value);
    if (node.type === "element" && isSkipped(node)) continue;
    const children = childrenOf(node);
    for (let at = children.length - 1; at >= 0; at -= 1) {
      const child = children[at];
      if (child !== undefined) open.push(child);
    }
  }
  return parts.join("");
}
