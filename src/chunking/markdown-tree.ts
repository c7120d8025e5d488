import type { Root } from "mdast";
import remarkGfm from "remark-gfm";
import remarkMath from "remark-math";
import remarkMdx from "remark-mdx";
import remarkParse from "remark-parse";
import { unified, type Processor } from "unified";
import { containerFromMarkdown, containerSyntax } from "./containers.ts";

/**
 * Syntax that is not parsed, because it would show the same text. `$` in running text is mostly
 * money or a shell variable, so only `$$` blocks are math. Bare addresses are text anyway.
 */
const UNUSED = ["mathText", "wwwAutolink", "protocolAutolink", "emailAutolink"];

/** Adds `:::` marker lines and removes unused syntax, which only costs time. */
function siteSyntax(this: Processor): void {
  const data = this.data();
  (data.micromarkExtensions ??= []).push(containerSyntax, { disable: { null: UNUSED } });
  const readers = (data.fromMarkdownExtensions ?? []).flat();
  // GFM's only transform searches the finished tree for bare addresses.
  const withoutTransforms = readers.filter((reader) => reader.transforms === undefined);
  data.fromMarkdownExtensions = [...withoutTransforms, containerFromMarkdown];
}

const base = () => unified().use(remarkParse).use(remarkGfm);

/** `mdWithoutMath` is for texts in which an unclosed `$$` would swallow the rest. */
export type Grammar = "md" | "mdx" | "mdWithoutMath";

const GRAMMARS: Readonly<Record<Grammar, { parse(source: string): Root }>> = {
  md: base().use(remarkMath).use(siteSyntax).freeze(),
  mdx: base().use(remarkMath).use(remarkMdx).use(siteSyntax).freeze(),
  mdWithoutMath: base().use(siteSyntax).freeze(),
};

/** Parses Markdown whose line ends are line feeds. Throws on invalid MDX. */
export function parseMarkdown(source: string, grammar: Grammar): Root {
  return GRAMMARS[grammar].parse(source);
}
