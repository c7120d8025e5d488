import { isRecord } from "../words/is-record.ts";
import { describeProblem, SYNTAXES, type Syntax } from "./frontmatter-syntax.ts";
import { countLineEnds } from "./line-ends.ts";

/** A source file, split into frontmatter and body. */
export interface SplitSource {
  /** Parsed frontmatter; empty if there is none or it is broken. */
  readonly data: Record<string, unknown>;
  /** `data`, then what other hosts read, if they end the frontmatter at another line. */
  readonly readings: readonly Record<string, unknown>[];
  /** Everything after the frontmatter, unchanged. */
  readonly body: string;
  /** 1-based line of the source on which `body` begins. */
  readonly bodyLine: number;
  /** What is wrong with the frontmatter, in one sentence with the source line; or null. */
  readonly problem: string | null;
  /** The lines that look like frontmatter and cannot be read; empty if `problem` is null. */
  readonly unread: string;
}

/** Lines that a host may take for frontmatter. */
interface Block {
  readonly syntax: Syntax | undefined;
  /** Everything between the fences, with `\n` as line ends. */
  readonly text: string;
  /** 1-based line of the opening fence. */
  readonly line: number;
  /** Where the body begins in the source; null without a closing fence. */
  readonly bodyStart: number | null;
  /** Written as the hosts document it. */
  readonly isProper: boolean;
  /** Begins as frontmatter does, and not as prose after a thematic break. */
  readonly isNamed: boolean;
  /** Parsed; the others are only searched for a line that hides the page. */
  readonly isParsed: boolean;
}

// No m flag: it would treat U+2028 inside a value as a line end.
const OPENING = /^(?:\s*[\r\n])?([ \uFEFF]{0,3})(---|\+\+\+)([-+]*)([^\r\n]*)(?:\r\n|[\r\n])/;
const CLOSING = /(?<=^|[\r\n])(---|\+\+\+)(?:([-+ \t]*)(?:\r\n|[\r\n]|$))?/g;

/** The first line that is neither blank nor a comment gives a name a value. */
const NAME_FIRST = /^(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*(?:[^\s:=#>|`*[(]+[ \t]*[:=]|\{["'\w\s])/;

/** Longest block that is parsed although it may be a whole page of prose. */
const MAX_LOOSE_LENGTH = 50_000;

/**
 * Splits off what Astro or gray-matter (VitePress, Docusaurus, Eleventy) reads as frontmatter: YAML,
 * TOML or JSON, after blank lines too, up to a line that begins with a fence or, for gray-matter, to
 * the end of the source. What has no names and values is prose after a thematic break, and stays in
 * the body. Runs no code and never throws.
 *
 * @param source Without BOM.
 */
export function splitFrontmatter(source: string): SplitSource {
  const read = findBlocks(source).map((block) => ({ block, ...readBlock(block) }));
  const readable = read.filter(({ problem }) => problem === null);
  const readings = readable.map(({ data }) => data);
  if (readable[0] !== undefined) {
    const { block, data } = readable[0];
    return { data, readings, ...bodyAfter(block, source), problem: null, unread: "" };
  }
  const whole = { data: {}, readings, body: source, bodyLine: 1, problem: null, unread: "" };
  const longest = read.at(-1);
  if (longest === undefined) return whole;
  const { block, problem } = longest;
  if (!block.isProper && !block.isNamed) return whole;
  const body = block.isProper && block.isNamed ? bodyAfter(block, source) : {};
  return { ...whole, ...body, problem, unread: block.text };
}

/**
 * The block that ends at the first fence (Astro), then the one that ends at the first fence of the
 * same kind or else with the source (gray-matter), if they differ.
 */
function findBlocks(source: string): Block[] {
  const opening = OPENING.exec(source);
  if (opening === null) return [];
  const [{ length }, indent = "", fence = "", longer = "", rest = ""] = opening;
  const tag = rest.trim().toLowerCase();
  const named = SYNTAXES.get(fence + tag);
  const startOfRest = opening[0].indexOf(fence) + fence.length + longer.length;
  const start = named === undefined ? startOfRest : startOfRest + rest.length;
  const isHosts = indent + longer === "";
  return findClosings(source.slice(length), fence).map((closing) => {
    const end = length + (closing?.index ?? source.length);
    const text = source.slice(start, end).replace(/\r\n?/g, "\n");
    const isProper = isHosts && isProperlyClosed(closing, fence, named === undefined ? "" : tag);
    const isLoose = isHosts && (closing !== undefined || source.startsWith("---"));
    return {
      syntax: named ?? SYNTAXES.get(fence),
      text,
      line: countLineEnds(opening[0]),
      bodyStart: closing === undefined ? null : end + closing[0].length,
      isProper,
      isNamed: /^\w+$/.test(tag) || NAME_FIRST.test(text),
      isParsed: isProper || (isLoose && text.length <= MAX_LOOSE_LENGTH),
    };
  });
}

/** Behind the name of a syntax there is no prose, so any closing line will do. */
function isProperlyClosed(
  closing: RegExpExecArray | undefined,
  fence: string,
  name: string,
): boolean {
  if (closing === undefined) return false;
  return name !== "" || (closing[1] === fence && closing[2]?.trim() === "");
}

/** The first fence, and the first of the same kind; undefined where there is none. */
function findClosings(text: string, fence: string): (RegExpExecArray | undefined)[] {
  const found: RegExpExecArray[] = [];
  for (const closing of text.matchAll(CLOSING)) {
    if (found.length === 0 || closing[1] === fence) found.push(closing);
    if (closing[1] === fence) return found;
  }
  return [...found, undefined];
}

function readBlock(block: Block): Pick<SplitSource, "data" | "problem"> {
  const { syntax, line } = block;
  const broken = (what: string) => ({
    data: {},
    problem: `The frontmatter that starts at line ${line + 1} ${what}.`,
  });
  if (!block.isParsed || syntax === undefined) return broken("has no proper closing line");
  if (syntax.parse === null) return broken(`is ${syntax.name}, which siterag does not run`);
  try {
    const value = syntax.parse(block.text) ?? (block.isProper ? {} : null);
    if (!isRecord(value)) return broken("is not a list of names and values");
    // `__proto__` would become the prototype of any object the data is assigned to.
    const named = Object.entries(value).filter(([key]) => key !== "__proto__");
    return { data: Object.fromEntries(named), problem: null };
  } catch (error) {
    return { data: {}, problem: describeProblem(syntax.name, error, line) };
  }
}

/** A blank line makes a thematic break of a fence that nothing closes; then the source stays whole. */
function bodyAfter(block: Block, source: string): Pick<SplitSource, "body" | "bodyLine"> {
  const isBreak = block.bodyStart === null && /^[^\n]*\n[ \t]*(?:\n|$)/.test(block.text);
  if (isBreak) return { body: source, bodyLine: 1 };
  const bodyStart = block.bodyStart ?? source.length;
  const body = source.slice(bodyStart);
  const before = source.slice(0, bodyStart);
  const isNewLine = /[\r\n]$/.test(before) || body !== "";
  return { body, bodyLine: countLineEnds(before) + (isNewLine ? 1 : 2) };
}
