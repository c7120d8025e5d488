import { ABSENT, inCode, type Written } from "./answer.ts";
import {
  type Property,
  propertiesOf,
  SPREAD,
  tokensOf,
  withoutComments,
} from "./script-properties.ts";

/** A script that is read as text: to run it may need a whole build. */
export interface Script {
  /** What the script says about a property, by the names of those around it: `build.format`. */
  readonly at: (path: string) => Written;
  /** What an expression of the script means for a key. */
  readonly of: (key: string, expression: string) => Written;
  /** The code of every property with this path, without repetitions. */
  readonly codesAt: (path: string) => readonly string[];
  /** The script without its comments. */
  readonly code: string;
}

/**
 * Reads the properties of the object that a script exports by default, or under the name `named`. `file` is
 * its name in questions.
 */
export function readScript(file: string, source: string, named?: string): Script {
  const code = withoutComments(source);
  const parsed = propertiesOf(code);
  const all = parsed ?? [];
  const exported = exportedNames(code);
  const properties = all.filter(({ variables }) =>
    variables.every((name) => name === named || exported.has(name)),
  );
  const codesAt = (path: string): readonly string[] => codesOf(all, properties, path);
  const of = (key: string, expression: string): Written => {
    const text = literalOf(expression, code);
    return text === null ? inCode(file, key, expression) : { kind: "text", text };
  };
  const at = (path: string): Written => {
    const [first, ...others] = codesAt(path);
    if (parsed === null)
      return { kind: "unclear", doubt: `${file} cannot be read: brackets do not match.` };
    const assignment = assignmentTo(path, code);
    if (assignment !== undefined) return inCode(file, path, assignment);
    if (first === undefined) {
      const elsewhere = codeElsewhere(code, all, properties, path);
      return elsewhere === null ? ABSENT : inCode(file, path, elsewhere, "may set");
    }
    return others.length === 0 ? of(path, first) : inCode(file, path, codesAt(path).join(" or "));
  };
  return { at, of, codesAt, code };
}

/** Code that gives a property another value later: `config.base = "/b"`. */
const assignmentTo = (path: string, code: string): string | undefined =>
  new RegExp(`(?<=\\.)${path}\\s*(?:\\?\\?|\\|\\|)?=(?![=>])[^;}\\n]*`, "u").exec(code)?.[0];

/** Names in what the script exports, and in what its functions return. */
function exportedNames(code: string): ReadonlySet<string> {
  const exports = code.matchAll(/\b(?:export\s+default|module\.exports\s*=|return)\s+([^;{\n]*)/gu);
  return new Set([...exports].flatMap(([, names = ""]) => names.match(/[\w$]+/gu) ?? []));
}

/** The properties inside of the object that a variable holds. */
const insideOf = (all: readonly Property[], variable: string): readonly Property[] =>
  all.filter(({ variables }) => variables.at(-1) === variable);

/** The code of all properties with a path: written there, or in a variable that is named there. */
function codesOf(
  all: readonly Property[],
  properties: readonly Property[],
  path: string,
): readonly string[] {
  const found = properties.filter((property) => property.path === path);
  if (found.length > 0) return [...new Set(found.map(({ code }) => code))];
  const outer = properties.find(
    ({ code, path: place }) => isAround(place, path) && WORD.test(code),
  );
  if (outer === undefined) return [];
  const inside = insideOf(all, outer.code).filter((property) => !properties.includes(property));
  return codesOf(all, inside, path.slice(outer.path.length + 1));
}

const isAround = (outer: string, path: string): boolean => path.startsWith(`${outer}.`);

/** Code that may set a property which no object of the script has; null if there is none. */
function codeElsewhere(
  code: string,
  all: readonly Property[],
  properties: readonly Property[],
  path: string,
): string | null {
  const names = path.split(".");
  for (const [depth, name] of names.entries()) {
    const around = names
      .slice(0, depth)
      .map((outer) => `${outer}.`)
      .join("");
    const found = properties.filter((property) => property.path === `${around}${name}`);
    const opaque = found.find((property) => !/^[[{]/u.test(property.code));
    if (opaque !== undefined) return codeInVariable(all, opaque.code);
    const inList = found.find((property) => hasOnlyNames(properties, property));
    if (inList !== undefined) return inList.code;
    if (found.length > 0) continue;
    const spread = properties.find((property) => property.path === `${around}${SPREAD}`);
    if (spread !== undefined) return `${SPREAD}${spread.code}`;
    const isEmpty = depth === 0 && properties.every((property) => property.path.includes("."));
    return isEmpty ? (OTHER_EXPORT.exec(code)?.[0] ?? null) : null;
  }
  return null;
}

/** Whether a list names objects and has none itself: `[["classic", options]]`, `[theme(options)]`. */
function hasOnlyNames(properties: readonly Property[], { code, path }: Property): boolean {
  if (!code.startsWith("[")) return false;
  if (properties.some((property) => isAround(path, property.path))) return false;
  const tokens = tokensOf(code).map(({ text }) => text);
  const isBetween = (at: number): boolean =>
    /^[[(,]$/u.test(tokens[at - 1] ?? "") && /^[\]),]$/u.test(tokens[at + 1] ?? "");
  return tokens.some((text, at) => WORD.test(text) && plainText(text) === null && isBetween(at));
}

/** The code itself, unless it is a literal, or a variable whose whole object is in the script. */
function codeInVariable(all: readonly Property[], code: string): string | null {
  const inside = WORD.test(code) ? insideOf(all, code) : [];
  const isWhole = inside.length > 0 && inside.every(({ path }) => !path.endsWith(SPREAD));
  return isWhole || plainText(code) !== null ? null : code;
}

/** An export of something that is neither an object nor a function of this script. */
const OTHER_EXPORT =
  /\bexport\s*\{[^}]*\bdefault\b[^}]*\}\s*from[^;\n]*|(?:\bexport\s+default|\bmodule\.exports\s*=)\s+(?!async\b|function\b|class\b|[({]|[\w$.]+\(\s*(?:async\s*)?[({])[^;\n]*/u;

const TEXT = /^(["'`])((?:(?!\1)[^\\])*)\1$/su;
const WORD = /^[\w$]+$/u;
/** What may follow a constant that is no more than one literal. */
const ENDS = /^(?:;|[\w$]+|["'`].*)$/su;

/** The text of a literal, or of a constant of this script that is one; null for all other code. */
function literalOf(expression: string, code: string): string | null {
  const bare = expression.replace(/\s+(?:as|satisfies)\s+[\w$."'| ]+$/u, "").trim();
  const text = plainText(bare);
  if (text !== null) return text;
  return WORD.test(bare) ? constantOf(bare, code) : null;
}

/** `"docs"`, `true`, `8` */
function plainText(token: string): string | null {
  const text = TEXT.exec(token)?.[2];
  if (text !== undefined) return token.startsWith("`") && text.includes("${") ? null : text;
  return /^(?:true|false|\d+)$/u.test(token) ? token : null;
}

function constantOf(name: string, code: string): string | null {
  const tokens = tokensOf(code).map((token) => token.text);
  const places = tokens.flatMap((text, at) =>
    text === name && tokens[at - 1] === "const" ? [at] : [],
  );
  const [place, another] = places;
  if (place === undefined || another !== undefined) return null;
  const equals = tokens.indexOf("=", place);
  const isTyped = equals === place + 3 && tokens[place + 1] === ":";
  if (equals !== place + 1 && !isTyped) return null;
  const next = tokens[equals + 2];
  return next === undefined || ENDS.test(next) ? plainText(tokens[equals + 1] ?? "") : null;
}

/** The texts of a list of literals: `["a.md", "b.md"]`; null for all other code. */
export function listOf(code: string): readonly string[] | null {
  const inside = /^\[(.*)\]$/su.exec(code.trim())?.[1];
  if (inside === undefined) return null;
  const tokens = tokensOf(inside).map((token) => token.text);
  const texts = tokens.filter((_, at) => at % 2 === 0).map(plainText);
  const hasCommas = tokens.every((token, at) => at % 2 === 0 || token === ",");
  const known = texts.filter((text) => text !== null);
  return hasCommas && known.length === texts.length ? known : null;
}
