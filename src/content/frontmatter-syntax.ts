import { parse as parseToml, TomlError } from "smol-toml";
import { YAMLError } from "yaml";
import { parseYaml } from "./parse-yaml.ts";

/** A language that frontmatter is written in. */
export interface Syntax {
  readonly name: string;
  /** Throws if the block cannot be read. Null: it is code, which siterag does not run. */
  readonly parse: ((block: string) => unknown) | null;
}

const YAML: Syntax = { name: "YAML", parse: parseYaml };
const TOML: Syntax = { name: "TOML", parse: parseToml };
const JAVASCRIPT: Syntax = { name: "JavaScript", parse: null };

/** By the fence and, as in gray-matter, the name that may follow it. */
export const SYNTAXES: ReadonlyMap<string, Syntax> = new Map([
  ["---", YAML],
  ["---yaml", YAML],
  ["---yml", YAML],
  ["+++", TOML],
  ["---toml", TOML],
  ["---json", { name: "JSON", parse: (block: string): unknown => JSON.parse(block) }],
  ["---js", JAVASCRIPT],
  ["---javascript", JAVASCRIPT],
]);

/**
 * What is wrong, in one sentence without any text of the block: the page may be a draft.
 *
 * @param firstLine 1-based line of the source on which the block begins.
 */
export function describeProblem(name: string, error: unknown, firstLine: number): string {
  const yamlLine = error instanceof YAMLError ? error.linePos?.[0].line : undefined;
  const line = firstLine - 1 + (error instanceof TomlError ? error.line : (yamlLine ?? 2));
  return `The ${name} frontmatter is broken at line ${line}: ${explain(error)}.`;
}

/** A parser's message without the position and the excerpts that it adds. */
function explain(error: unknown): string {
  // The message of a SyntaxError quotes the text.
  if (!(error instanceof Error) || error instanceof SyntaxError) return "it cannot be read";
  const [line = ""] = error.message.split("\n");
  return line
    .replace(/^Invalid TOML document: /, "")
    .replace(/ at line \d+, column \d+:?$/, "")
    .replace(/(?:(?<=[\w)]):|;) .*$/, "")
    .replace(/\.$/, "");
}
