import { posix } from "node:path";
import { oneLine } from "./one-line.ts";

/** A value for a setting. */
export interface Answer<Value> {
  readonly value: Value;
  /** Why the value is only assumed, in whole sentences; none: it is certain. */
  readonly doubt?: string;
}

/** What a configuration says about one key. */
export type Written =
  | { readonly kind: "absent" }
  | { readonly kind: "text"; readonly text: string }
  /** What it says cannot be known without running it. */
  | { readonly kind: "unclear"; readonly doubt: string };

/** The key is not there: the default of the generator holds. */
export const ABSENT: Written = { kind: "absent" };

/** The first that says something. */
export const firstOf = (...all: readonly Written[]): Written =>
  all.find(({ kind }) => kind !== "absent") ?? ABSENT;

/** A value that is certain. */
export const known = <Value>(value: Value): Answer<Value> => ({ value });

/** A value that is assumed. */
export const assumed = <Value>(value: Value, doubt: string): Answer<Value> => ({ value, doubt });

/** A value that depends on other answers: it is as certain as they are. */
export function from<Value>(value: Value, answers: readonly Answer<unknown>[]): Answer<Value> {
  const doubts = answers.flatMap(({ doubt }) => doubt ?? []);
  return doubts.length === 0 ? known(value) : assumed(value, [...new Set(doubts)].join(" "));
}

/** The value that a configuration gives, through `read`; where it gives none, `fallback`. */
export function answerOf<Value>(
  written: Written,
  fallback: Value,
  read: (text: string) => Value,
): Answer<Value> {
  if (written.kind === "absent") return known(fallback);
  return written.kind === "text" ? known(read(written.text)) : assumed(fallback, written.doubt);
}

/** A key that code sets, or may set. */
export const inCode = (
  file: string,
  key: string,
  code: string,
  verb: "sets" | "may set" = "sets",
): Written => ({
  kind: "unclear",
  doubt: `${file} ${verb} ${key} by code that init does not run: \`${oneLine(code, 60)}\`.`,
});

/** The path of an address or of a path, between slashes: `https://example.org/docs` → `/docs/`. */
export function basePath(text: string): string {
  const path = text.replace(/^(?:[a-z][a-z0-9+.-]*:)?\/\/[^/?#]*/iu, "");
  return `/${path}/`.replaceAll(/\/{2,}/gu, "/");
}

/** A path as a configuration writes it, without `./` and without a slash at its end. */
export const folderPath = (path: string): string => below(".", path);

/** A path below a folder, without `./` and without a slash at its end; an absolute one as it is. */
export function below(folder: string, path: string): string {
  const joined = posix.isAbsolute(path) ? posix.normalize(path) : posix.join(folder, path);
  return joined.length > 1 ? joined.replace(/\/$/u, "") : joined;
}
