import type { z } from "zod";
import { isRecord } from "../words/is-record.ts";
import { nearestName } from "../words/nearest-name.ts";
import { variableOf } from "./environment.ts";

type Issue = z.core.$ZodIssue;

/** Settings, unchecked, with the name of the place that they come from. */
export interface Layer {
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** What the checked values were made of. */
export interface ProblemSource {
  /** Name of the configuration file as the reader knows it; null when there is none. */
  readonly file: string | null;
  /** The values that were checked. */
  readonly given: unknown;
  /** What they were made of, with its name as the reader knows it; the first that has a key wins. */
  readonly layers: readonly Layer[];
  /** The part of them that variables of the environment gave. */
  readonly environment: unknown;
  /** All keys that may be set, block by block. */
  readonly keys: ReadonlyMap<string, ReadonlyMap<string, unknown>>;
}

/**
 * One line for each problem: where (file and key path), what was expected, what was given; for
 * an unknown key the nearest valid one.
 */
export function describeProblems(issues: readonly Issue[], source: ProblemSource): string[] {
  return issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => unknownKey([...issue.path, key], source))
      : [wrongValue(issue, source)],
  );
}

function unknownKey(path: readonly PropertyKey[], source: ProblemSource): string {
  const key = String(path.at(-1));
  const fault = /^api_?key$/iu.test(key)
    ? "keys do not belong into files; set GEMINI_API_KEY"
    : `unknown key; ${adviceFor(source.keys, path.slice(0, -1).join("."), key)}`;
  return `${place(path, source)}: ${fault}`;
}

/** Names of the keys directly inside a block; of the blocks themselves for "". */
const keysInside = (names: ProblemSource["keys"], block: string): readonly string[] =>
  block === "" ? [...names.keys()] : [...(names.get(block)?.keys() ?? [])];

/**
 * What to do about an unknown key: the valid key, as a whole path, that was most likely meant (near
 * in spelling, in the same block or else anywhere), or the keys of the block.
 */
function adviceFor(names: ProblemSource["keys"], block: string, wanted: string): string {
  const pathsInside = (name: string) => keysInside(names, name).map((key) => pathOf(name, key));
  const mostLetters = Math.max(1, Math.floor(plain(wanted).length * 0.4));
  const nearest =
    nearestName(pathsInside(block), wanted, mostLetters, plain) ??
    nearestName(["", ...names.keys()].flatMap(pathsInside), wanted, mostLetters, plain);
  return nearest === null
    ? `the keys here are ${keysInside(names, block).join(", ")}`
    : `did you mean ${nearest}?`;
}

const pathOf = (block: string, key: string): string => (block === "" ? key : `${block}.${key}`);

/** The last name of a path: `max_tokens`, `max-tokens` and `MaxTokens` are a spelling of `maxTokens`. */
const plain = (path: string): string =>
  path
    .replace(/^.*\./u, "")
    .replaceAll(/[^a-z0-9]/giu, "")
    .toLowerCase();

function wrongValue(issue: Issue, source: ProblemSource): string {
  const given = describeValue(valueAt(source.given, issue.path));
  return `${place(issue.path, source)}: expected ${expectation(issue)}, got ${given}`;
}

/** `siterag.config.ts: batching.preferIndividualFor[0]`, or the name of a variable. */
function place(path: readonly PropertyKey[], source: ProblemSource): string {
  const variable = variableOf(path);
  const given = valueAt(source.environment, path);
  if (variable !== null && given !== undefined && given === valueAt(source.given, path)) {
    return `the environment: ${variable}`;
  }
  const layer = source.layers.find(({ values }) => valueAt(values, path) !== undefined);
  const name = layer?.name ?? source.file ?? "options";
  const key = path.reduce<string>(
    (text, part) =>
      typeof part === "number" ? `${text}[${part}]` : `${text}${text && "."}${String(part)}`,
    "",
  );
  return `${name}: ${key}`;
}

const TYPES: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  array: "a list",
  object: "a section of settings",
  record: "an object with folders as keys",
};

/** What a lower or upper limit counts, by the kind of value that has it; numbers count nothing. */
const UNITS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ["character", "characters"],
  array: ["entry", "entries"],
};

function expectation(issue: Issue): string {
  if (issue.code === "invalid_type") return TYPES[issue.expected] ?? issue.expected;
  if (issue.code === "invalid_value") return `one of ${issue.values.map(describeValue).join(", ")}`;
  if (issue.code === "too_small") return `at least ${measure(issue.minimum, issue.origin)}`;
  if (issue.code === "too_big") return `at most ${measure(issue.maximum, issue.origin)}`;
  return issue.message;
}

function measure(limit: number | bigint, origin: string): string {
  const unit = UNITS[origin]?.[Number(limit) === 1 ? 0 : 1];
  return unit === undefined ? String(limit) : `${limit} ${unit}`;
}

/** Characters of a string that are shown; the rest may be long, or a secret in the wrong place. */
const SHOWN = 40;

function describeValue(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value);
  }
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (isRecord(value)) return "an object";
  if (value === null || typeof value === "number" || typeof value === "boolean") {
    return String(value);
  }
  return `a value of type ${typeof value}`;
}

/** The value at a path of keys and positions, undefined where the path breaks off. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((current, key) => {
    if (Array.isArray(current)) return current[Number(key)];
    return isRecord(current) ? current[String(key)] : undefined;
  }, value);
}
