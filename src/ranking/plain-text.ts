/**
 * Code shows every sign as it stands, so it is set aside before the signs of Markdown are taken away.
 * A fence ends at a line of its own kind, or with the text; a span at as many backticks as began it.
 */
const FENCE = /^([ \t>]*)(`{3,}|~{3,})[^\n`]*$([^]*?)(?:^[ \t>]*\2[`~]*[ \t\r]*$|(?![^]))/gmu;
const SPAN = /(?<!`)(`+)(?!`)((?:[^\n]|\n(?![ \t\r]*\n))+?)(?<!`)\1(?!`)/gu;

/**
 * What Markdown writes around words, and what a reader sees of it; applied in this order. None may
 * look for an end that another beginning can stand before: a line of nothing but beginnings would
 * take the square of its length.
 */
const REPLACEMENTS: readonly (readonly [RegExp, string])[] = [
  [/^[ \t]*:{3,}[ \t]*(?:[\w-]+)?(.*)$/gmu, "$1"],
  [/^#{1,6}[ \t]+.*$/gmu, ""],
  [/^(?=[ \t:|-]*---)[ \t:|-]+$/gmu, ""],
  [/^[ \t]*(?:>[ \t]?)+/gmu, ""],
  [/^[ \t]*(?:[-*+]|\d+[.)])[ \t]+(?:\[[ xX]\][ \t]+)?/gmu, ""],
  [/!\[([^[\]]*)\]\((?:[^()]|\([^()]*\))*\)/gu, "$1"],
  [/\[([^[\]]+)\](?:\((?:[^()]|\([^()]*\))*\)|\[[^[\]]*\])/gu, "$1"],
  [/\[\^[^[\]]+\]:?/gu, ""],
  [/<\/?[A-Za-z][^<>]*>/gu, " "],
  [/(\*\*|__|~~)(?=\S)(.+?)\1/gu, "$2"],
  [/(?<![\p{L}\p{N}*])\*(?=\S)([^*\n]+)\*/gu, "$1"],
  [/\|/gu, " · "],
  [/\\([!-/:-@[-`{-~])/gu, "$1"],
];

/** What is left to do in one line, code included. */
const IN_LINE: readonly (readonly [RegExp, string])[] = [
  [/[\p{Cc}\s]+/gu, " "],
  [/(?:· )+(?=·)|^ ?(?:· )+|(?: ·)+ ?$/gu, ""],
];

/**
 * A chunk's Markdown in one line, as running text: for a snippet, where a stray sign does less harm
 * than a parser costs. Headings are left out, because a hit shows its heading trail.
 */
export function plainText(markdown: string): string {
  const codes: string[] = [];
  // NUL is no character of Markdown.
  const setAside = (code: string): string => `\0${codes.push(code) - 1}\0`;
  const marked = markdown
    .replaceAll("\0", " ")
    .replaceAll(FENCE, (_, quote: string, _fence, code: string) =>
      setAside(quote.includes(">") ? code.replaceAll(/^[ \t>]+/gmu, "") : code),
    )
    .replaceAll(SPAN, (_, _ticks, code: string) => setAside(code));
  const bare = replaced(marked, REPLACEMENTS).replaceAll(
    /\0(\d+)\0/gu,
    (_, at: string) => codes[Number(at)] ?? "",
  );
  return replaced(bare, IN_LINE).trim();
}

const replaced = (text: string, pairs: typeof REPLACEMENTS): string =>
  pairs.reduce((rest, [pattern, by]) => rest.replaceAll(pattern, by), text);
