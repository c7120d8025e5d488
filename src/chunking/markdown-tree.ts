import type { Root } from "mdast";
import remarkGfm from "remark-gfm";
import remarkMath from "remark-math";
import remarkMdx from "remark-mdx";
import remarkParse from "remark-parse";
import { unified } from "unified";
import type { Processor } from "unified";
import { containerFromMarkdown, containerSyntax } from "./containers.ts";

/**
 * Constructs that show nothing more than their source, and are left alone. `$` in running text is
 * mostly money or a shell variable: only `$$` blocks are math. Bare addresses are text already.
 */
const UNUSED = ["mathText", "wwwAutolink", "protocolAutolink", "emailAutolink"];

/** Adds `:::` marker lines, and takes out what costs time and shows nothing. */
function siteSyntax(this: Processor): void {
  const data = this.data();
  (data.micromarkExtensions ??= []).push(containerSyntax, { disable: { null: UNUSED } });
  const readers = (data.fromMarkdownExtensions ?? []).flat();
  // the one transform of GFM looks for bare addresses in the finished tree
  const withoutTransforms = readers.filter((reader) => reader.transforms === undefined);
  data.fromMarkdownExtensions = [...withoutTransforms, containerFromMarkdown];
}

const base = () => unified().use(remarkParse).use(remarkGfm);

/** `md` and `mdx` as pages are written; `mdWithoutMath` where a lone `$$` would swallow the rest. */
export type Grammar = "md" | "mdx" | "mdWithoutMath";

const GRAMMARS: Readonly<Record<Grammar, { parse(source: string): Root }>> = {
  md: base().use(remarkMath).use(siteSyntax).freeze(),
  mdx: base().use(remarkMath).use(remarkMdx).use(siteSyntax).freeze(),
  mdWithoutMath: base().use(siteSyntax).freeze(),
};

/** The syntax tree of Markdown with line feeds as line ends. Throws on MDX that does not parse. */
export function parseMarkdown(source: string, grammar: Grammar): Root {
  return GRAMMARS[grammar].parse(source);
}
