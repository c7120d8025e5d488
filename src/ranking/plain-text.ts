/**
 * Code keeps its characters as they are, so it is set aside before Markdown syntax is removed.
 * A fence ends at a line of its own kind or with the text; a span at a run of as many backticks.
 */
const FENCE = /^([ \t>]*)(`{3,}|~{3,})[^\n`]*$([^]*?)(?:^[ \t>]*\2[`~]*[ \t\r]*$|(?![^]))/gmu;
const SPAN = /(?<!`)(`+)(?!`)((?:[^\n]|\n(?![ \t\r]*\n))+?)(?<!`)\1(?!`)/gu;

/**
 * Markdown syntax and its replacement, applied in this order. From its opening character, no pattern
 * may scan past another opening character for the closing one: a line of opening characters alone
 * would take quadratic time.
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
  [/(?<!\\)<\/?[A-Za-z][^<>]*>/gu, " "],
  [/(\*\*|__|~~)(?=\S)(.+?)\1/gu, "$2"],
  [/(?<![\p{L}\p{N}*])\*(?=\S)((?:[^*\n]|\n(?![ \t\r]*\n))+)(?<=\S)\*/gu, "$1"],
  [/(?<![\p{L}\p{N}_\\])_(?=\S)((?:[^_\n]|\n(?![ \t\r]*\n))+)(?<=\S)_(?![\p{L}\p{N}_])/gu, "$1"],
  [/\|/gu, " · "],
  [/\\([!-/:-@[-`{-~])/gu, "$1"],
];

/** Clean-up of the whole text, code included. */
const IN_LINE: readonly (readonly [RegExp, string])[] = [
  [/[\p{Cc}\s]+/gu, " "],
  [/(?:· )+(?=·)|^ ?(?:· )+|(?: ·)+ ?$/gu, ""],
];

/** Markdown as two plain texts: its fenced code, and all else. */
export function codeAndProse(markdown: string): { readonly code: string; readonly prose: string } {
  const codes: string[] = [];
  const prose = markdown.replaceAll(FENCE, (_, quote: string, _fence, code: string) => {
    codes.push(quote.includes(">") ? code.replaceAll(/^[ \t>]+/gmu, "") : code);
    return "\n\n";
  });
  return { code: codes.join("\n"), prose: plainText(prose) };
}

/**
 * A chunk's Markdown as one line of plain text, for snippets. It uses no parser: a stray character
 * matters less than the time. Headings are left out, because a hit shows its heading trail.
 */
export function plainText(markdown: string): string {
  const codes: string[] = [];
  // NUL cannot occur in Markdown, so it can mark the places of code.
  const setAside = (code: string): string => `\0${codes.push(code) - 1}\0`;
  const withoutCode = markdown
    .replaceAll("\0", " ")
    .replaceAll(FENCE, (_, quote: string, _fence, code: string) =>
      setAside(quote.includes(">") ? code.replaceAll(/^[ \t>]+/gmu, "") : code),
    )
    .replaceAll(SPAN, (_, _ticks, code: string) => setAside(code));
  const plain = replaceEach(withoutCode, REPLACEMENTS).replaceAll(
    /\0(\d+)\0/gu,
    (_, index: string) => codes[Number(index)] ?? "",
  );
  return replaceEach(plain, IN_LINE).trim();
}

const replaceEach = (text: string, pairs: typeof REPLACEMENTS): string =>
  pairs.reduce((result, [pattern, by]) => result.replaceAll(pattern, by), text);
