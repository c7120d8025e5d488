import type { Definition, Nodes, Root } from "mdast";

/** The link definitions of a page by identifier; of two with the same one, the first. */
export function definitionsOf(root: Root): Map<string, Definition> {
  const found = new Map<string, Definition>();
  const open: Nodes[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type === "definition" && !found.has(node.identifier)) found.set(node.identifier, node);
    if ("children" in node && node.type !== "paragraph") {
      for (const child of node.children.toReversed()) open.push(child);
    }
  }
  return found;
}
