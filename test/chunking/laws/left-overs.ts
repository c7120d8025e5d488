import { decodeNamedCharacterReference } from "decode-named-character-reference";
import type { Root } from "mdast";
import { normalisedText } from "../../../src/chunking/normalised-text.ts";
import type { Chunk, Page } from "../../../src/words/types.ts";
import { isHtml, isText, nodesOf, visibleText } from "./reading.ts";

const TAG = /<\/?[A-Za-z][\w.:-]*(?:\s[^<>]*)?>/g;
const REFERENCE = /(?<!\\)&(?:#\d{1,7}|#[xX][\dA-Fa-f]{1,6}|([A-Za-z]\w*));/g;
const TEMPLATE_CODE = /(?<!\\)\{\{[^{}\n]*\}\}|\{%[^{}%\n]*%\}/g;

/** What a pattern finds in a text, without white space. */
const found = (pattern: RegExp, text: string): string[] =>
  [...text.matchAll(pattern)].flatMap(([written, name]) =>
    name !== undefined && decodeNamedCharacterReference(name) === false
      ? []
      : written.replace(/\s+/g, ""),
  );

/** What an embedding input has of a kind beyond what a reader sees. */
function inInput(pattern: RegExp, { text }: Chunk, tree: Root): string[] {
  const seen = found(pattern, visibleText(tree));
  return found(pattern, normalisedText(text)).filter((written) => {
    const at = seen.indexOf(written);
    if (at >= 0) seen.splice(at, 1);
    return at < 0;
  });
}

/** What stands in running text as it was written, code left out. */
const inText = (pattern: RegExp, { text }: Chunk, tree: Root): string[] =>
  nodesOf(tree, isText).flatMap(({ position }) =>
    found(pattern, text.slice(position?.start.offset, position?.end.offset)),
  );

/** Tags that a chunk or its embedding input still has. */
export const leftOverTags = (chunk: Chunk, tree: Root): string[] => [
  ...nodesOf(tree, isHtml).flatMap(({ value }) => found(TAG, value)),
  ...inInput(TAG, chunk, tree),
];

/** Character references outside code that nobody decoded. */
export const undecodedReferences = (chunk: Chunk, tree: Root): string[] => [
  ...inText(REFERENCE, chunk, tree),
  ...inInput(REFERENCE, chunk, tree),
];

/** Template code outside code; none on a page that has passages without it, or whose host has none. */
export function templateCode(page: Page, chunk: Chunk, tree: Root): string[] {
  const hasNone = page.format === "mdx" || page.host === "astro" || page.host === "docusaurus";
  if (hasNone || /\sv-pre|\{%-?\s*(?:raw|verbatim)/.test(page.body)) return [];
  const code = [...inText(TEMPLATE_CODE, chunk, tree), ...inInput(TEMPLATE_CODE, chunk, tree)];
  return page.host === "vitepress" ? code.filter((written) => written.startsWith("{{")) : code;
}
