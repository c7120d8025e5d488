import { parse as parseToml, TomlError } from "smol-toml";
import { YAMLError } from "yaml";
import { isRecord } from "../words/is-record.ts";
import { parseYaml } from "./parse-yaml.ts";

/** A source file, split into frontmatter and body. */
export interface SplitSource {
  /** Parsed frontmatter; empty if there is none or it is broken. */
  readonly data: Record<string, unknown>;
  /** Everything after the frontmatter, unchanged. */
  readonly body: string;
  /** 1-based line of the source on which `body` begins. */
  readonly bodyLine: number;
  /** What is wrong with the frontmatter, in one sentence with the source line; or null. */
  readonly problem: string | null;
}

interface Syntax {
  readonly name: string;
  readonly closing: RegExp;
  readonly parse: (block: string) => unknown;
}

// No m flag: it would treat U+2028 inside a value as a line end.
const SYNTAXES: Readonly<Record<string, Syntax>> = {
  "---": { name: "YAML", closing: /(?:^|[\r\n])---[ \t]*(?:\r\n|[\r\n]|$)/, parse: parseYaml },
  "+++": { name: "TOML", closing: /(?:^|[\r\n])\+\+\+[ \t]*(?:\r\n|[\r\n]|$)/, parse: parseToml },
};

const OPENING = /^(---|\+\+\+)[ \t]*(?:\r\n|[\r\n])/;

/**
 * Splits YAML (`---`) or TOML (`+++`) frontmatter from a source without BOM. Without a closing line,
 * the whole source is body: its first line is a thematic break. Never throws.
 */
export function splitFrontmatter(source: string): SplitSource {
  const parts = findBlock(source);
  if (parts === null) return { data: {}, body: source, bodyLine: 1, problem: null };
  const { syntax, block, bodyStart } = parts;
  const body = source.slice(bodyStart);
  const before = source.slice(0, bodyStart);
  const bodyLine = countLineEnds(before) + (/[\r\n]$/.test(before) ? 1 : 2);
  return { ...readBlock(syntax, block), body, bodyLine };
}

/**
 * Finds the lines `key: word` and `key = word` of a frontmatter block that does not parse: enough to
 * recognise a draft.
 */
export function scanFrontmatter(source: string): Record<string, string> {
  const block = findBlock(source)?.block ?? "";
  const lines = block.matchAll(/^[ \t]*["']?([A-Za-z]+)["']?[ \t]*[:=][ \t]*["']?([A-Za-z]+)\b/gm);
  return Object.fromEntries(Array.from(lines, ([, key = "", word = ""]) => [key, word]));
}

/** Text or a number as trimmed text; null for blank text and for any other value. */
export function textValue(value: unknown): string | null {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}

function findBlock(source: string): { syntax: Syntax; block: string; bodyStart: number } | null {
  const opening = OPENING.exec(source);
  const syntax = SYNTAXES[opening?.[1] ?? ""];
  if (opening === null || syntax === undefined) return null;
  const start = opening[0].length;
  const closing = syntax.closing.exec(source.slice(start));
  if (closing === null) return null;
  const block = source.slice(start, start + closing.index).replace(/\r\n?/g, "\n");
  return { syntax, block, bodyStart: start + closing.index + closing[0].length };
}

function readBlock(syntax: Syntax, block: string): Pick<SplitSource, "data" | "problem"> {
  try {
    const value = syntax.parse(block) ?? {};
    if (!isRecord(value)) {
      const problem = "The frontmatter that starts at line 2 is not a list of names and values.";
      return { data: {}, problem };
    }
    // `__proto__` would become the prototype of any object the data is assigned to.
    const named = Object.entries(value).filter(([key]) => key !== "__proto__");
    return { data: Object.fromEntries(named), problem: null };
  } catch (error) {
    return { data: {}, problem: describe(syntax.name, error) };
  }
}

function describe(name: string, error: unknown): string {
  const yamlLine = error instanceof YAMLError ? error.linePos?.[0].line : undefined;
  const line = 1 + (error instanceof TomlError ? error.line : (yamlLine ?? 1));
  const reason = error instanceof Error ? firstLine(error.message) : "it cannot be read";
  return `The ${name} frontmatter is broken at line ${line}: ${reason}.`;
}

/** A parser's message without the position and the excerpt that it adds. */
function firstLine(message: string): string {
  const [line = ""] = message.split("\n");
  return line
    .replace(/^Invalid TOML document: /, "")
    .replace(/ at line \d+, column \d+:?$/, "")
    .replace(/\.$/, "");
}

export const countLineEnds = (text: string): number => text.match(/\r\n|\r|\n/g)?.length ?? 0;
