import { withoutInvisible } from "../character-references.ts";
import { onOneLine } from "../inline-text.ts";
import { asPlainLine } from "../plain-line.ts";
import { escaped, firstOf, isFree, isSign, isSpace, lastOf, type Place } from "./escape.ts";
import type { InlinePart, MarkKind } from "./inline-parts.ts";

const SIGNS: Readonly<Record<Exclude<MarkKind, "link">, string>> = {
  strong: "**",
  emphasis: "_",
  deleted: "~~",
};

/** How a part begins and ends in Markdown. */
function edgesOf(part: InlinePart | undefined): readonly [first: string, last: string] {
  switch (part?.kind) {
    case "text":
    case "markdown":
      return [firstOf(part.text), lastOf(part.text)];
    case "code":
      return ["`", "`"];
    case "image":
      return ["!", ")"];
    case "open":
      return part.mark === "link" ? ["[", "["] : ["*", "*"];
    case "close":
      return part.mark === "link" ? ["]", ")"] : ["*", "*"];
    default:
      return ["", ""];
  }
}

/** Whether Markdown reads the signs at these two places as a pair, by what is next to them. */
function isUsable(parts: readonly InlinePart[], start: number, end: number, mark: MarkKind) {
  const [before, first] = [edgesOf(parts[start - 1])[1], edgesOf(parts[start + 1])[0]];
  const [last, after] = [edgesOf(parts[end - 1])[1], edgesOf(parts[end + 1])[0]];
  if (isSpace(first) || isSpace(last)) return false;
  const needsGap = mark === "emphasis";
  const opens = isFree(before) || (!needsGap && !isSign(first));
  return opens && (isFree(after) || (!needsGap && !isSign(last)));
}

/** The places of marks that are no links, by whether their signs can be used. */
function placesOf(parts: readonly InlinePart[], isWanted: typeof isUsable): ReadonlySet<number> {
  const found = new Set<number>();
  const open: number[] = [];
  for (const [at, part] of parts.entries()) {
    if (part.kind === "open") open.push(at);
    if (part.kind !== "close") continue;
    const start = open.pop() ?? at;
    if (part.mark !== "link" && isWanted(parts, start, at, part.mark)) found.add(start).add(at);
  }
  return found;
}

/** How often marks are checked again, because one that goes changes what is next to another. */
const MOST_CHECKS = 3;

/** Drops the marks whose signs Markdown would show. */
function usableMarks(written: readonly InlinePart[]): readonly InlinePart[] {
  let parts = written;
  for (let check = 0; check <= MOST_CHECKS; check += 1) {
    const isLast = check === MOST_CHECKS;
    const dropped = placesOf(parts, (...mark) => isLast || !isUsable(...mark));
    if (dropped.size === 0) break;
    parts = parts.filter((_, at) => !dropped.has(at));
  }
  return parts;
}

/** Code between enough backticks. */
function codeSpan(text: string, place: Place): string {
  const runs = text.match(/`+/g) ?? [];
  const lengths = new Set(runs.map(({ length }) => length));
  let length = 1;
  while (lengths.has(length)) length += 1;
  const isPadded = /^`|`$/.test(text) || (text.startsWith(" ") && text.endsWith(" "));
  const code = place === "cell" ? text.replaceAll("|", "\\|") : text;
  const ticks = "`".repeat(length);
  return isPadded ? `${ticks} ${code} ${ticks}` : ticks + code + ticks;
}

/** Longer addresses, such as those that hold a whole image, are left out. */
const LONGEST_TARGET = 1000;

/** An address that is valid in `(…)` and in a table. */
function destination(url: string): string {
  if (url.length > LONGEST_TARGET || /^\s*(?:data|javascript):/i.test(url)) return "";
  return url.trim().replace(/[\s()<>|\\`]/g, (sign) => ENCODED[sign] ?? encodeURIComponent(sign));
}

const ENCODED: Readonly<Record<string, string>> = { "(": "%28", ")": "%29" };

/** Markdown that shows exactly these parts. */
export function inlineMarkdown(written: readonly InlinePart[], place: Place): string {
  const parts = merged(usableMarks(merged(trimmed(written).map(possible(place)))));
  const out: string[] = [];
  let isInLink = false;
  let target = "";
  let before = "";
  const add = (text: string): void => {
    out.push(text);
    if (text !== "") before = lastOf(text.slice(-2));
  };
  for (const [at, part] of parts.entries()) {
    const after = edgesOf(parts[at + 1])[0];
    const asText = (text: string): void => {
      const shown = escaped(withoutInvisible(text), { before, after, isInLink, place });
      add(withoutAutolinks(shown, after !== ""));
    };
    if (part.kind === "text") asText(part.text);
    else if (part.kind === "code") add(codeSpan(part.text, place));
    else if (part.kind === "image") {
      const alt = escaped(onOneLine(part.alt), { before: "[", after: "]", isInLink: true, place });
      add(`![${alt}](${destination(part.source)})`);
    } else if (part.kind === "break") {
      add(place === "paragraph" ? "\n" : " ");
      before = "";
    } else if (part.kind === "markdown") add(part.text);
    else if (part.mark !== "link") add(SIGNS[part.mark]);
    else if (part.kind === "open") {
      [isInLink, target] = [true, destination(part.target)];
      add("[");
    } else {
      isInLink = false;
      add(`](${target})`);
    }
  }
  return atLineStarts(out.join("").normalize("NFC"), place);
}

/** A cell can't show a backslash before a pipe in code. */
const possible =
  (place: Place) =>
  (part: InlinePart): InlinePart =>
    place === "cell" && part.kind === "code" && part.text.includes("\\|")
      ? { kind: "text", text: part.text }
      : part;

/** What begins a bare address. */
const ADDRESS = /(?:https?(?=:\/\/)|www(?=\.))/gi;

/**
 * A text whose last word is no bare address, if `isFollowed`, and no word with an escape is: Markdown
 * would take what follows for a part of it.
 */
function withoutAutolinks(text: string, isFollowed: boolean): string {
  if (text.search(ADDRESS) < 0) return text;
  return text.replace(/\S+/g, (word, at: number) => {
    const isLast = isFollowed && at + word.length === text.length;
    return isLast || word.includes("\\") ? word.replace(ADDRESS, "$&\\") : word;
  });
}

/** Parts in which nothing is next to its like: the signs of two would be those of one, two line ends an empty line. */
function merged(parts: readonly InlinePart[]): readonly InlinePart[] {
  const out: InlinePart[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    const isSame = last?.kind === part.kind && (part.kind === "code" || part.kind === "text");
    if (last?.kind === "break" && part.kind === "break") continue;
    if (isSame && "text" in last) out[out.length - 1] = { ...part, text: last.text + part.text };
    else if (part.kind === "open" && last?.kind === "close" && isGoingOn(last.mark, part.mark)) {
      out.pop();
    } else out.push(part);
  }
  return out;
}

const isGoingOn = (before: MarkKind, after: MarkKind): boolean =>
  before === after && after !== "link";

/** Parts without a break at either end. */
function trimmed(parts: readonly InlinePart[]): readonly InlinePart[] {
  return parts.at(-1)?.kind === "break" ? parts.slice(0, -1) : parts;
}

/** What Markdown or an embedding input takes for syntax at the start of a line of text. */
const LINE_SIGN = /^(?:\{:|[-:|](?=[-:| \t]*$))/;

function atLineStarts(text: string, place: Place): string {
  if (place === "cell") return text;
  if (place === "heading") return text.replace(/(^|\s)(#+)$/, "$1\\$2");
  return text.replace(/^.+$/gm, (line) => asPlainLine(line).replace(LINE_SIGN, "\\$&"));
}

/** The words that the parts show. */
export function inlineWords(parts: readonly InlinePart[]): string {
  const texts = parts.map((part) => {
    if (part.kind === "text" || part.kind === "code") return part.text;
    if (part.kind === "image") return ` ${part.alt} `;
    if (part.kind === "break") return " ";
    return part.kind === "markdown" ? part.text.replace(/^\[\^.*\]$/, "") : "";
  });
  return onOneLine(withoutInvisible(texts.join("").normalize("NFC")));
}
