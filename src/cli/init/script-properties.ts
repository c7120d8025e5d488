/** A property of an object in a script. */
export interface Property {
  /** Its name behind those of the properties around it, with dots between them. */
  readonly path: string;
  /** Its value, as the script writes it. */
  readonly code: string;
  /** Names of the variables whose values it is a part of, the outermost first. */
  readonly variables: readonly string[];
}

interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Name of what an object takes from another one: `...shared`. */
export const SPREAD = "...";

/** Comments, texts, regular expressions, words and single characters. */
const TOKENS =
  /\/\/[^\n]*|\/\*.*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|(?<=[(,=:[!&|?{};]\s{0,99})\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*|\.{3}|=>|[\w$]+|\S/gsu;

/** The tokens of a script, comments included. */
export const tokensOf = (code: string): readonly Token[] =>
  [...code.matchAll(TOKENS)].map(({ 0: text, index }) => ({
    text,
    start: index,
    end: index + text.length,
  }));

/** Each comment becomes a space. */
export const withoutComments = (source: string): string =>
  source.replace(TOKENS, (token) => (/^\/[/*]/u.test(token) ? " " : token));

/** Brackets that are open, and what is being read inside them. */
interface Frame {
  readonly bracket: string;
  /** A list of names to import or to take out of an object, which is no object. */
  readonly isPattern: boolean;
  /** The property whose value is being read, and where the value starts. */
  property: { readonly name: string; readonly start: number } | null;
  /** The variable whose value is being read. */
  variable: string | null;
}

/** What opens the brackets that a bracket closes. */
const OPENS: ReadonlyMap<string, string> = new Map([
  ["}", "{"],
  ["]", "["],
  [")", "("],
]);
const OPENING: ReadonlySet<string> = new Set(OPENS.values());
const NAME = /^(?:[\w$]+|"[^"]*"|'[^']*')$/u;

/**
 * All properties of all objects, in the order in which their values end. Null if the brackets of the
 * script do not match.
 */
export function propertiesOf(code: string): readonly Property[] | null {
  const tokens = tokensOf(code);
  const textAt = (at: number): string => tokens[at]?.text ?? "";
  const properties: Property[] = [];
  const frames: Frame[] = [{ bracket: "", isPattern: false, property: null, variable: null }];
  /** Ends the value that is being read in the innermost brackets. */
  const finish = (end: number): void => {
    const frame = frames.at(-1);
    if (frame === undefined || frame.property === null) return;
    const path = frames.flatMap(({ property }) => property?.name ?? []).join(".");
    const variables = frames.flatMap(({ variable }) => variable ?? []);
    properties.push({ path, variables, code: code.slice(frame.property.start, end).trim() });
    frame.property = null;
  };
  for (const [at, token] of tokens.entries()) {
    const frame = frames.at(-1);
    const before = textAt(at - 1);
    if (OPENING.has(token.text)) {
      const isPattern = isBeforePattern(before, frames.length);
      frames.push({ bracket: token.text, isPattern, property: null, variable: null });
    } else if (OPENS.has(token.text)) {
      finish(token.start);
      if (frame?.bracket !== OPENS.get(token.text)) return null;
      frames.pop();
    } else if (token.text === "," || token.text === ";") {
      finish(token.start);
    } else if (frame !== undefined && isName(frame, before, token.text)) {
      const start = startOfValue(tokens, at);
      const name = token.text.replaceAll(/^["']|["']$/gu, "");
      if (start !== null) frame.property = { name, start };
    }
    if (frame !== undefined) noteVariable(frame, token.text, textAt(at + 1));
  }
  return frames.length === 1 ? properties : null;
}

const DECLARING = new Set(["const", "let", "var"]);
const ENDING = new Set([";", "export", "module", "return"]);

/** Notes where the value of a variable starts, and where it is over at the latest. */
function noteVariable(frame: Frame, token: string, after: string): void {
  if (DECLARING.has(token)) frame.variable = /^[\w$]+$/u.test(after) ? after : null;
  else if (ENDING.has(token)) frame.variable = null;
}

const BEFORE_PATTERN = new Set(["import", "export", "const", "let", "var", "type"]);

/** Whether a bracket after this token holds names; `import a, { b }` does it outside of brackets. */
const isBeforePattern = (before: string, depth: number): boolean =>
  BEFORE_PATTERN.has(before) || (before === "," && depth === 1);

/** Whether a property may begin with this token. */
function isName(
  { bracket, isPattern: isList, property }: Frame,
  before: string,
  token: string,
): boolean {
  if (bracket !== "{" || isList || property !== null) return false;
  return ["{", ",", "async"].includes(before) && (token === SPREAD || NAME.test(token));
}

/** Words before brackets and a block, where the name of a method would be. */
const STATEMENTS = new Set(["if", "for", "while", "switch", "catch", "function"]);

/**
 * Where the value of a name starts: behind a colon, at the brackets of a method, behind the dots of a
 * spread; where nothing but the name is written, it is the value. Null: the name is that of no property.
 */
function startOfValue(tokens: readonly Token[], at: number): number | null {
  const [name, next] = [tokens[at], tokens[at + 1]];
  if (name === undefined || next === undefined) return null;
  if (name.text === SPREAD) return name.end;
  if (next.text === ":") return next.end;
  if (next.text === "," || next.text === "}") return name.start;
  const isMethod = next.text === "(" && !STATEMENTS.has(name.text);
  return isMethod && behindBrackets(tokens, at + 1) === "{" ? name.end : null;
}

/** The token behind the brackets that open at this place. */
function behindBrackets(tokens: readonly Token[], opening: number): string | undefined {
  let depth = 0;
  for (let at = opening; at < tokens.length; at += 1) {
    const text = tokens[at]?.text ?? "";
    if (OPENING.has(text)) depth += 1;
    else if (OPENS.has(text)) depth -= 1;
    if (depth === 0) return tokens[at + 1]?.text;
  }
  return undefined;
}
