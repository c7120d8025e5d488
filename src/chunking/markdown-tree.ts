import type { Nodes, Root } from "mdast";
import remarkGfm from "remark-gfm";
import remarkMath from "remark-math";
import remarkMdx from "remark-mdx";
import remarkParse from "remark-parse";
import { unified, type Processor } from "unified";
import { containerFromMarkdown, containerSyntax } from "./containers.ts";
import { maskMarkers, restoreMarkers } from "./marker-lines.ts";
import { mdxCommentFromMarkdown, mdxCommentSyntax } from "./mdx-comments.ts";
import { satteri } from "./satteri.ts";
import { isParsable } from "./segments.ts";

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
  data.fromMarkdownExtensions = [
    ...withoutTransforms,
    containerFromMarkdown,
    { transforms: [startTasks] },
  ];
}

/** Starts each task behind its box: remark starts those at the box that begin with a link or code. */
function startTasks(node: Nodes): void {
  if (!("children" in node) || node.type === "paragraph") return;
  const [first] = node.children;
  const isTask = node.type === "listItem" && typeof node.checked === "boolean";
  if (isTask && first?.type === "paragraph") {
    const start = first.children[0]?.position?.start;
    if (first.position !== undefined && start !== undefined) first.position.start = { ...start };
  }
  node.children.forEach(startTasks);
}

function mdxComments(this: Processor): void {
  const data = this.data();
  (data.micromarkExtensions ??= []).push(mdxCommentSyntax);
  (data.fromMarkdownExtensions ??= []).push(mdxCommentFromMarkdown);
}

const base = () => unified().use(remarkParse).use(remarkGfm);

/** `mdWithoutMath` is for texts in which an unclosed `$$` would swallow the rest. */
export type Grammar = "md" | "mdx" | "mdWithoutMath";

const GRAMMARS: Readonly<Record<Grammar, { parse(source: string): Root }>> = {
  md: base().use(remarkMath).use(siteSyntax).freeze(),
  mdx: base().use(remarkMath).use(remarkMdx).use(siteSyntax).use(mdxComments).freeze(),
  mdWithoutMath: base().use(siteSyntax).freeze(),
};

/** Parses Markdown with remark, whose trees are the reference. Throws on invalid MDX. */
export const parseWithRemark = (source: string, grammar: Grammar): Root =>
  GRAMMARS[grammar].parse(source);

/**
 * Texts that remark alone reads: math, and two constructs that satteri reads in another way: a list that
 * begins on a footnote's first line, and a tag on the line below a table.
 */
const FOR_REMARK =
  /\$\$|^[ \t>]*\[\^[^\]\n]+\]:[ \t]+(?:[-+*]|\d+[.)])[ \t]|\|[ \t]*\n[ \t>]*<\/?[a-z]/im;

/** Whether remark alone reads a text, on every platform. */
export const isForRemark = (source: string): boolean => FOR_REMARK.test(source);

/** Parses Markdown natively; null if this text needs remark, or this platform has no native parser. */
function parseNatively(source: string): Root | null {
  const parse = isForRemark(source) ? null : satteri.parser();
  if (parse === null) return null;
  const masked = maskMarkers(source);
  const root = parse(masked.source);
  return restoreMarkers(root, masked.markers, source) ? root : null;
}

/** Longest MDX in characters. MDX is parsed in one piece, because a component may contain headings. */
const LONGEST_MDX = 1_000_000;

/**
 * Parses Markdown whose line ends are line feeds; both parsers give the same tree. Null for a text that
 * is too long, too deep or too dense, whoever asks. Throws on invalid MDX.
 */
export function parseMarkdown(source: string, grammar: Grammar): Root | null {
  if (!isParsable(source, grammar === "mdx" ? LONGEST_MDX : undefined)) return null;
  return (grammar === "mdx" ? null : parseNatively(source)) ?? parseWithRemark(source, grammar);
}
