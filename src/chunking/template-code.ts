import type { HostName, MarkdownGrammar } from "../words/types.ts";
import { lineBreaksOf } from "./line-breaks.ts";

/** Start of template code, and a pattern of its end. */
type Delimiters = readonly (readonly [open: string, close: string])[];

/** Vue's, and its tags with attributes such as `@click` and `#default`, which Markdown takes for text. */
const VUE: Delimiters = [
  ["{{", "}}"],
  ["<", ">"],
];
const LIQUID: Delimiters = [
  ["{{/*", String.raw`\*/\}\}`],
  ["{{", "}}"],
  ["{%", "%}"],
  ["{#", "#}"],
];

/** The template code of each host: Vue's, or Liquid's and Nunjucks' with Hugo's comments. */
const DELIMITERS: Readonly<Record<HostName | "unknown", Delimiters>> = {
  astro: [],
  docusaurus: [],
  vitepress: VUE,
  eleventy: LIQUID,
  unknown: LIQUID,
};

/** The comments of each grammar. */
const COMMENTS: Readonly<Record<MarkdownGrammar, Delimiters>> = {
  md: [["<!--", "-->"]],
  mdx: [
    ["<!--", "-->"],
    // Behind the comment there may be an expression.
    ["{/*", String.raw`\*/(?:\s*\})?`],
  ],
};

/** Template code that ends at the next empty line. Comments do not. */
const IN_PARAGRAPH = new Set(["{{", "{%"]);

/** Where code begins that stays as it is, and where template code may begin. */
const MARK =
  /^(?:[ \t>]|[-+*][ \t]|\d{1,9}[.)][ \t])*(`{3,}(?=[^`\n]*$)|~{3,})[^\n]*|^[ \t]*:{3,}[ \t]*v-pre[ \t]*$|(?<!\\)`+|<[^<>\n]*\sv-pre[\s>]|<!--|<[A-Za-z](?:[^<>{}`"'\n]|\n(?![ \t]*\n)|"[^"]{0,300}"|'[^']{0,300}'){0,300}?\s(?:[@#>]|[\w.:-]{0,50}:\[)|\{\/\*(?!\s*#\S+\s*\*\/\})|\{[{%]|\{#(?![^\s{}#]+(?:\s[^{}#\n]*)?\})|^[ \t]*\[\[?_?toc_?\]\]?[ \t]*$/gim;

/** What a page without template code does not contain: braces, a table of contents, and an attribute of Vue. */
const SIGN = /\{[{%#]|\[_?toc/i;
const VUE_SIGN = /\s[@#][a-z][\w.:[\]-]*(?:\s*(?:=|\/?>)|\s+[\w.:@#[\]-]+=)|:\[|\n[ \t]*>(?! )/i;

/** Tags that hide all up to their end tag, and those whose content is no template code. */
const TAG = /^\{%-?\s*(comment|raw|verbatim)\b/;

/** Tags between two texts of which a page shows one. */
const OTHERWISE = /^\{%-?\s*(?:el(?:se|s?e?if)|when|case)\b/;

/** A page, and where a pattern is next found in it. */
interface Searched {
  readonly source: string;
  readonly find: (pattern: string, from: number) => RegExpExecArray | null;
}

/** Remembers what each pattern found: without that, each start without an end would search the whole page. */
function searched(source: string): Searched {
  const known = new Map<
    string,
    { readonly from: number; readonly match: RegExpExecArray | null }
  >();
  const find: Searched["find"] = (pattern, from) => {
    const last = known.get(pattern);
    if (last !== undefined && last.from <= from && (last.match?.index ?? from) >= from)
      return last.match;
    const expression = new RegExp(pattern, "gm");
    expression.lastIndex = from;
    const match = expression.exec(source);
    known.set(pattern, { from, match });
    return match;
  };
  return { source, find };
}

const EMPTY_LINE = String.raw`\n[ \t]*\n`;

/** What ends code or a passage without template code that begins with `written`; null for no such start. */
function endPattern(written: string, fence: string | undefined): string | null {
  if (fence !== undefined) return String.raw`^[ \t>]*${fence.slice(0, 1)}{${fence.length},}[ \t]*$`;
  if (written.includes(":::")) return String.raw`^[ \t]*:{3,}[ \t]*$`;
  if (/^<[^]*v-pre/i.test(written)) return "</";
  return written.startsWith("`") ? `(?<!\`)${written}(?!\`)|${EMPTY_LINE}` : null;
}

/** Offset after code or a passage without template code that begins with `mark`; null if it has no end. */
function endOfVerbatim({ source, find }: Searched, mark: RegExpExecArray): number | null {
  const [written, fence] = mark;
  const pattern = endPattern(written, fence);
  if (pattern === null) return null;
  const found = find(pattern, mark.index + written.length);
  // A fence without an end goes on to the end of the page.
  if (found === null) return fence === undefined ? null : source.length;
  return found[0].startsWith("\n") ? null : found.index + found[0].length;
}

const VUE_TAG = /<(?:[^"'<>]|"[^"]*"|'[^']*')+>/y;
/** A quoted value, or an attribute of Vue with a name that HTML does not allow. */
const VUE_ATTRIBUTE =
  /"[^"]*"|'[^']*'|(\s(?:[@#]|[\w.:-]{0,50}:\[)[\w.:[\]-]*(?:=(?:"[^"]*"|'[^']*'))?)/g;

/** A tag of Vue with attributes that HTML allows, too, in place of the others; null if it has no end. */
function vueTagAt(source: string, start: number): Code | null {
  VUE_TAG.lastIndex = start;
  const tag = VUE_TAG.exec(source.slice(0, start + LONGEST_TAG))?.[0];
  if (tag === undefined) return null;
  const kept = tag.replace(VUE_ATTRIBUTE, (written: string, attribute?: string) =>
    attribute === undefined ? written : attribute.replace(/[^\n]+/g, " v-slot"),
  );
  // At the start of a line, Markdown takes the end of a tag for a quotation.
  return { end: start + tag.length, kept: kept.replace(/\s+>$/, ">") };
}

const LONGEST_TAG = 2000;

interface Code {
  /** Offset after the template code. */
  readonly end: number;
  /** What it leaves of itself: text without template code in it. */
  readonly kept: string;
}

/** The template code that begins at `start`; null if there is none. */
function codeAt({ source, find }: Searched, start: number, delimiters: Delimiters): Code | null {
  const [open, close] = delimiters.find(([opens]) => source.startsWith(opens, start)) ?? [];
  if (open === undefined || close === undefined) return null;
  if (open === "<") return vueTagAt(source, start);
  const closing = find(IN_PARAGRAPH.has(open) ? `${close}|${EMPTY_LINE}` : close, start);
  if (closing === null || closing[0].startsWith("\n")) return null;
  const end = closing.index + closing[0].length;
  return codeFrom({ source, find }, source.slice(start, end), start);
}

/** The template code that begins at `start` with `written`, to its end tag if it has one. */
function codeFrom({ source, find }: Searched, written: string, start: number): Code {
  const end = start + written.length;
  const [, name = ""] = TAG.exec(written) ?? [];
  if (name === "") return { end, kept: OTHERWISE.test(written) ? " " : "" };
  const endTag = name === "comment" ? "endcomment" : "end(?:raw|verbatim)";
  const last = find(String.raw`\{%-?\s*${endTag}\s*-?%\}`, end);
  const kept = name === "comment" ? "" : source.slice(end, last?.index);
  return { end: last === null ? source.length : last.index + last[0].length, kept };
}

/**
 * A page without the template code of its host outside code, such as `{{ title }}` and `{% include
 * %}`, and without all that its comments hide. The number of lines stays.
 */
export function withoutTemplateCode(source: string, host: HostName | null): string {
  const delimiters = DELIMITERS[host ?? "unknown"];
  const mayHaveCode = SIGN.test(source) || (delimiters === VUE && VUE_SIGN.test(source));
  return mayHaveCode ? without(source, delimiters) : source;
}

/** A text without its comments outside code, for where no parser finds them. The number of lines stays. */
export const withoutComments = (source: string, format: MarkdownGrammar): string =>
  without(source, COMMENTS[format]);

function without(source: string, delimiters: Delimiters): string {
  if (delimiters.length === 0) return source;
  const page = searched(source);
  const marks = new RegExp(MARK);
  let [shown, from] = ["", 0];
  for (let mark = marks.exec(source); mark !== null; mark = marks.exec(source)) {
    const [start, next] = [mark.index, mark.index + mark[0].length];
    const verbatim = endOfVerbatim(page, mark);
    const isContents = /toc\W*$/i.test(mark[0]);
    const code = isContents ? { end: next, kept: "" } : codeAt(page, start, delimiters);
    if (verbatim !== null) marks.lastIndex = verbatim;
    else if (code !== null) {
      const breaks = lineBreaksOf(source.slice(start, code.end));
      shown += source.slice(from, start) + code.kept + breaks.slice(lineBreaksOf(code.kept).length);
      from = code.end;
      marks.lastIndex = from;
    }
  }
  return shown + source.slice(from);
}
