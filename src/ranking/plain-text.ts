/** What Markdown writes around words, and what a reader sees of it; applied in this order. */
const REPLACEMENTS: readonly (readonly [RegExp, string])[] = [
  [/^[ \t]*(?:```|~~~).*$/gmu, ""],
  [/^[ \t]*:{3,}[ \t]*(?:[\w-]+)?(.*)$/gmu, "$1"],
  [/^#{1,6}[ \t]+.*$/gmu, ""],
  [/^[ \t]*\|?[ \t:|-]*-{3,}[ \t:|-]*$/gmu, ""],
  [/^[ \t]*(?:>[ \t]?)+/gmu, ""],
  [/^[ \t]*(?:[-*+]|\d+[.)])[ \t]+(?:\[[ xX]\][ \t]+)?/gmu, ""],
  [/!\[([^\]]*)\]\([^)]*\)/gu, "$1"],
  [/\[([^\]]+)\](?:\([^)]*\)|\[[^\]]*\])/gu, "$1"],
  [/\[\^[^\]]+\]:?/gu, ""],
  [/<\/?[A-Za-z][^<>]*>/gu, " "],
  [/(\*\*|__|~~)(?=\S)(.+?)\1/gu, "$2"],
  [/(?<![\p{L}\p{N}*])\*(?=\S)([^*\n]+)\*/gu, "$1"],
  [/(`+)(.+?)\1/gu, "$2"],
  [/[ \t]*\|[ \t]*/gu, " · "],
  [/\\([!-/:-@[-`{-~])/gu, "$1"],
  [/\p{Cc}+/gu, " "],
  [/\s+/gu, " "],
  [/(?:· )+(?=·)|^\s*(?:· )+|(?: ·)+\s*$/gu, ""],
];

/**
 * A chunk's Markdown in one line, as running text: for a snippet, where a stray sign does less harm
 * than a parser costs. Headings are left out, because a hit shows its heading trail.
 */
export const plainText = (markdown: string): string =>
  REPLACEMENTS.reduce((text, [pattern, by]) => text.replaceAll(pattern, by), markdown).trim();
