import { decodeNamedCharacterReference } from "decode-named-character-reference";

/** A character that a backslash escapes, or a character reference. */
const WRITTEN =
  /\\[!-/:-@[-`{-~]|&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([A-Za-z][A-Za-z\d]{1,31}));/g;

/** Soft hyphen, zero-width space, word joiner and BOM: they show nothing and are no part of a word. */
const INVISIBLE = /[\u00AD\u200B\u2060\uFEFF]/g;

/** Text without characters that show nothing. */
export const withoutInvisible = (text: string): string => text.replace(INVISIBLE, "");

const isControl = (code: number): boolean => code < 32 || (code > 126 && code < 160);

/** The character of a numeric reference; white space is a space, and what is no character U+FFFD. */
function characterOf(code: number): string {
  if (code === 9 || code === 10 || code === 13) return " ";
  const isWrong = isControl(code) || code > 0x10ffff || (code >= 0xd800 && code < 0xe000);
  return isWrong ? "\uFFFD" : String.fromCodePoint(code);
}

/** What a match of `WRITTEN` is a reference to; null for an escape or an unknown name. */
function referenced(match: readonly string[]): string | null {
  const [, decimal, hexadecimal, name] = match;
  if (decimal !== undefined) return characterOf(Number.parseInt(decimal, 10));
  if (hexadecimal !== undefined) return characterOf(Number.parseInt(hexadecimal, 16));
  if (name === undefined) return null;
  return decodeNamedCharacterReference(name) || null;
}

/** What Markdown would read as syntax anywhere, before certain text, or at the start of a line. */
const SYNTAX = /^[\\`*_[\]|~]$/;
const OPENS: Readonly<Record<string, RegExp>> = { "<": /^[A-Za-z/!?]/, "&": /^#?\w+;/ };
const STARTS_LINE = /^[#>+\-=:]$/;

function asMarkdown(character: string, before: string, after: string): string {
  const startsLine = STARTS_LINE.test(character) && /(?:^|\n)[ \t]*$/.test(before.slice(-8));
  const isSyntax = SYNTAX.test(character) || OPENS[character]?.test(after) === true || startsLine;
  return isSyntax ? `\\${character}` : character;
}

/** A part of Markdown that shows something else than what is written. */
interface Shown {
  readonly start: number;
  readonly end: number;
  /** Markdown for what is shown. */
  readonly text: string;
}

/** The character references and invisible characters of running text, with what they show. */
export function referencesIn(markdown: string): Shown[] {
  const found: Shown[] = [];
  if (!/[&\u00AD\u200B\u2060\uFEFF]/.test(markdown)) return found;
  for (const match of markdown.matchAll(WRITTEN)) {
    const [start, end] = [match.index, match.index + match[0].length];
    const character = referenced(match);
    if (character === null) continue;
    const after = markdown.slice(end, end + 40);
    const text = withoutInvisible(asMarkdown(character, markdown.slice(0, start), after));
    found.push({ start, end, text });
  }
  for (const { index } of markdown.matchAll(INVISIBLE)) {
    found.push({ start: index, end: index + 1, text: "" });
  }
  return found.sort((a, b) => a.start - b.start);
}

/** Markdown whose character references are characters, without invisible characters. */
export function decodedMarkdown(markdown: string): string {
  let [text, from] = ["", 0];
  for (const shown of referencesIn(markdown)) {
    text += markdown.slice(from, shown.start) + shown.text;
    from = shown.end;
  }
  return text + markdown.slice(from);
}

/** Plain text in which the character references of HTML or Markdown are characters. */
export const decodedText = (source: string): string =>
  source.replace(WRITTEN, (...match: string[]) => referenced(match) ?? match[0] ?? "");

/** Running text of Markdown as it is shown, after `change` on what is neither escaped nor a reference. */
export function plainOf(
  source: string,
  decodes: boolean,
  change: (text: string) => string = (text) => text,
): string {
  if (!/[\\&]/.test(source)) return change(source);
  let [text, from] = ["", 0];
  for (const match of source.matchAll(WRITTEN)) {
    const [written] = match;
    text += change(source.slice(from, match.index));
    from = match.index + written.length;
    if (written.startsWith("\\")) text += written.slice(1);
    else text += (decodes ? referenced(match) : null) ?? written;
  }
  return text + change(source.slice(from));
}
