import type { Element, Nodes } from "hast";
import { isShownName } from "../containers.ts";
import type { BlockNode } from "./block-nodes.ts";
import type { InlinePart } from "./inline-parts.ts";
import { inlineMarkdown, inlineWords } from "./inline-markdown.ts";
import { texOfText } from "./math.ts";
import type { Survey } from "./survey.ts";

/** What is known while a tree is read. */
export interface Reader {
  readonly survey: Survey;
  /** The elements that are open, outermost first. */
  readonly around: Element[];
  /** Titles of code blocks. */
  readonly titles: Map<Element, string>;
  /** Elements that were read already. */
  readonly done: Set<Element>;
  /** How many lists and quotations are open. */
  readonly depth: number;
  readonly nodes: BlockNode[];
  /** Reads what is in an element. */
  readonly readAll: (children: readonly Nodes[], reader: Reader) => void;
}

/** Adds running text. */
export function addText(parts: readonly InlinePart[], { nodes }: Reader, isTitle = false): void {
  const [only] = parts;
  const tex = parts.length === 1 && only?.kind === "text" ? texOfText(only.text) : null;
  if (tex !== null) {
    nodes.push({ kind: "math", lines: [tex] });
    return;
  }
  const text = inlineMarkdown(parts, "paragraph");
  if (text.trim() !== "") nodes.push({ kind: "text", text, isTitle });
}

/** Adds a title in bold. A name that an embedding input leaves out is not, unless it `isOfBox`. */
export function addTitle(written: readonly InlinePart[], reader: Reader, isOfBox: boolean): void {
  const parts = written.filter((part) => !("mark" in part) || part.mark !== "strong");
  const isPlain = !isOfBox && isShownName(inlineWords(parts));
  const open = { kind: "open", mark: "strong", target: "" } as const;
  const bold: InlinePart[] = [open, ...parts, { kind: "close", mark: "strong" }];
  addText(isPlain || parts.length === 0 ? parts : bold, reader, true);
}

/** Reads what is in an element. */
export function inside(element: Element, reader: Reader): void {
  reader.around.push(element);
  reader.readAll(element.children, reader);
  reader.around.pop();
}

/** The blocks in an element, apart from those around it. */
export function nodesIn(element: Element, reader: Reader, depth = reader.depth + 1): BlockNode[] {
  const nodes: BlockNode[] = [];
  inside(element, { ...reader, depth, nodes });
  return nodes;
}
