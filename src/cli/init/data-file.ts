import { parse as parseToml } from "smol-toml";
import {
  parse as parseYaml,
  type DocumentOptions,
  type ParseOptions,
  type SchemaOptions,
} from "yaml";
import { valueAt } from "../../config/problems.ts";
import { ABSENT, firstOf, type Written } from "./answer.ts";
import { oneLine } from "./one-line.ts";

/** A configuration in YAML, TOML or JSON. */
export interface DataFile {
  /** What the file says at a path of keys. */
  readonly at: (...path: readonly string[]) => Written;
  /** The value at a path of keys; undefined if there is none. */
  readonly value: (...path: readonly string[]) => unknown;
}

/** Reads a configuration by the extension of its name. Keys of a broken file are unclear. */
export function readData(
  file: string,
  text: string,
  shape: (values: unknown) => unknown = (values) => values,
): DataFile {
  try {
    return dataOf(file, shape(parse(file, text)));
  } catch (error) {
    const message = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    return brokenData(file, oneLine(message, 100).replace(/[.:]$/u, ""));
  }
}

const dataOf = (file: string, values: unknown): DataFile => ({
  value: (...path) => valueAt(values, path),
  at: (...path) => {
    const value = valueAt(values, path);
    if (value === undefined || value === null) return ABSENT;
    if (typeof value === "string") return { kind: "text", text: value };
    const shown = oneLine(JSON.stringify(value), 60);
    return { kind: "unclear", doubt: `${file} sets ${path.join(".")} to ${shown}.` };
  },
});

/** A configuration whose keys are all unclear. */
export const brokenData = (file: string, fault: string): DataFile => ({
  value: () => undefined,
  at: () => ({ kind: "unclear", doubt: `${file} cannot be read: ${fault}.` }),
});

/** What the first file says, or else the second one. */
export const layered = (over: DataFile, under: DataFile): DataFile => ({
  value: (...path) => over.value(...path) ?? under.value(...path),
  at: (...path) => firstOf(over.at(...path), under.at(...path)),
});

function parse(file: string, text: string): unknown {
  if (file.endsWith(".toml")) return parseToml(text);
  return file.endsWith(".json") ? JSON.parse(text) : parseYaml(text, YAML);
}

/** MkDocs names objects of Python by tags, which `init` ignores, and takes variables by `!ENV`. */
const YAML: ParseOptions & DocumentOptions & SchemaOptions = {
  logLevel: "error",
  merge: true,
  customTags: [
    { tag: "!ENV", resolve: (name: string): object => ({ toJSON: () => `!ENV ${name}` }) },
  ],
};
