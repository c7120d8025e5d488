import { RAW_TEXT, tagsIn, type Tag } from "./tags.ts";

/**
 * Deepest nesting that is read as elements: parsers call themselves for each level. It counts those with
 * a required end tag, and a table has up to four levels for each.
 */
const DEEPEST = 200;

/** Most of `REOPENED` that may be open at once: a parser opens all of them again in each paragraph. */
const MOST_REOPENED = 12;

/** Elements without content. */
const VOID: ReadonlySet<string> = new Set(
  "area base br col embed hr img input link meta param source track wbr".split(" "),
);

/** Elements whose end may be left out, and which then don't nest. */
const WITHOUT_END: ReadonlySet<string> = new Set(
  "p li dt dd tr td th thead tbody tfoot colgroup option optgroup rt rp html head body".split(" "),
);

/** Elements that a parser opens again where another element closed them. */
const REOPENED: ReadonlySet<string> = new Set(
  "a b big code em font i nobr s small strike strong tt u".split(" "),
);

/** Those of which one ends the one before. */
const ALONE: ReadonlySet<string> = new Set(["a", "nobr"]);

interface Depth {
  readonly open: string[];
  /** How often each name is open. */
  readonly counts: Map<string, number>;
  /** How often each name was left out. */
  readonly hidden: Map<string, number>;
  /** How often a parser may open each name again. */
  readonly again: Map<string, number>;
  /** How often it may open any name again. */
  allAgain: number;
}

const add = (counts: Map<string, number>, name: string, more: number): number => {
  const count = (counts.get(name) ?? 0) + more;
  counts.set(name, count);
  return count;
};

function addAgain(depth: Depth, name: string, more: number): void {
  add(depth.again, name, more);
  depth.allAgain += more;
}

function closeElement(depth: Depth, name: string): void {
  const { again, counts, open } = depth;
  if ((again.get(name) ?? 0) > 0) addAgain(depth, name, -1);
  if ((counts.get(name) ?? 0) === 0) return;
  for (let last = open.pop(); last !== undefined; last = open.pop()) {
    add(counts, last, -1);
    if (last === name) break;
  }
}

/** Opens an element, unless it is too deep. */
function openElement(depth: Depth, name: string): boolean {
  const { open, counts } = depth;
  if (ALONE.has(name)) closeAlone(depth, name);
  const isAgain = REOPENED.has(name);
  if (open.length >= DEEPEST || (isAgain && depth.allAgain >= MOST_REOPENED)) return false;
  open.push(name);
  add(counts, name, 1);
  if (isAgain) addAgain(depth, name, 1);
  return true;
}

/** Closes an open link where another begins; what is in it stays open. */
function closeAlone(depth: Depth, name: string): void {
  const { counts, open } = depth;
  const at = open.lastIndexOf(name);
  if (at < 0) return;
  open.splice(at, 1);
  add(counts, name, -1);
  addAgain(depth, name, -1);
}

/** Whether a tag may be read; the end tag of an element that was left out may not. */
function isRead(depth: Depth, { name, isEnd }: Tag): boolean {
  const isFlat = VOID.has(name) || WITHOUT_END.has(name) || RAW_TEXT.has(name);
  if (isFlat || name === "!--") return true;
  if (isEnd && (depth.hidden.get(name) ?? 0) > 0) {
    add(depth.hidden, name, -1);
    return false;
  }
  if (isEnd) closeElement(depth, name);
  else if (!openElement(depth, name)) {
    add(depth.hidden, name, 1);
    return false;
  }
  return true;
}

/** A comment or spaces, as long as the tag: what marks words must not part them. */
const filler = (tag: string, name: string): string =>
  REOPENED.has(name) || name === "span"
    ? `<?${tag.slice(2).replaceAll(">", " ").replace(/ $/, ">")}`
    : " ".repeat(tag.length);

/**
 * HTML without the tags that are nested too deeply, so that a parser can call itself for each level. What
 * is left has the same offsets. Takes linear time.
 */
export function withoutDeepTags(html: string, tags: readonly Tag[] = tagsIn(html)): string {
  const [counts, hidden, again] = [new Map(), new Map(), new Map()];
  const depth: Depth = { open: [], counts, hidden, again, allAgain: 0 };
  const parts: string[] = [];
  let from = 0;
  for (const tag of tags) {
    if (isRead(depth, tag)) continue;
    parts.push(html.slice(from, tag.start), filler(html.slice(tag.start, tag.end), tag.name));
    from = tag.end;
  }
  return parts.length === 0 ? html : parts.join("") + html.slice(from);
}
