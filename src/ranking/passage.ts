import { isFormOf, termsOf, wordsOf } from "./word-forms.ts";

/** Markdown, and those terms of the question that it has. */
interface Block {
  readonly text: string;
  readonly terms: ReadonlySet<string>;
}

/** Between two blocks of Markdown. */
const GAP = "\n\n";

/** How much of a section is wanted. */
export interface PassageLimits {
  /** Characters of one passage. */
  readonly longest: number;
  /** Passages of one section. */
  readonly most: number;
}

/**
 * The parts of a section that answer a question: whole if it is short; else neighbouring blocks with the most
 * different words of the question, then others with words that were not there yet, in the order of the
 * section. A block that is too long is cut at the end of a line.
 */
export function passagesOf(
  markdown: string,
  question: string,
  { longest, most }: PassageLimits,
): readonly string[] {
  if (markdown.length <= longest) return [markdown];
  const terms = termsOf(question);
  const blocks = blocksOf(markdown).map((block) => {
    const text = cut(block, longest);
    return { text, terms: termsIn(text, terms) };
  });
  const windows = blocks.map((_, first) => windowFrom(blocks, first, longest));
  const seen = new Set<string>();
  const chosen: Window[] = [];
  while (chosen.length < most) {
    const best = windows
      .filter((window) =>
        chosen.every((other) => window.end <= other.start || window.start >= other.end),
      )
      .reduce<Window | null>((one, other) => {
        return one === null || newIn(other, seen) > newIn(one, seen) ? other : one;
      }, null);
    if (best === null || (chosen.length > 0 && newIn(best, seen) === 0)) break;
    chosen.push(best);
    for (const term of best.terms) seen.add(term);
  }
  return chosen.sort((one, other) => one.start - other.start).map(({ text }) => text);
}

/** Neighbouring blocks: from `start` up to, but not including, `end`. */
interface Window extends Block {
  readonly start: number;
  readonly end: number;
}

const newIn = ({ terms }: Window, seen: ReadonlySet<string>): number =>
  [...terms].filter((term) => !seen.has(term)).length;

/** As many blocks as fit, from one on. */
function windowFrom(blocks: readonly Block[], start: number, longest: number): Window {
  const terms = new Set<string>();
  let text = "";
  let end = start;
  for (let block = blocks[end]; block !== undefined; block = blocks[end]) {
    const next = end === start ? block.text : text + GAP + block.text;
    if (next.length > longest) break;
    text = next;
    end += 1;
    for (const term of block.terms) terms.add(term);
  }
  return { text, terms, start, end };
}

/** The lines of a block that fit; where not even one does, its beginning. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = text.lastIndexOf("\n", most);
  const part = text.slice(0, end > 0 ? end : most);
  return part.isWellFormed() ? part : part.slice(0, -1);
}

/** Splits at empty lines, but not within a fence. */
function blocksOf(markdown: string): string[] {
  const blocks: string[] = [];
  let fence: string | null = null;
  for (const part of markdown.split(/\n(?:[ \t]*\n)+/u)) {
    if (fence === null) blocks.push(part);
    else blocks.push((blocks.pop() ?? "") + GAP + part);
    for (const [mark = ""] of part.matchAll(/^[ \t>]*(?:`{3,}|~{3,})/gmu)) {
      const kind = mark.trim().replace(/^[>\s]+/u, "");
      if (fence === null) fence = kind;
      else if (kind.startsWith(fence)) fence = null;
    }
  }
  return blocks.filter((block) => block.trim() !== "");
}

function termsIn(text: string, terms: readonly string[]): ReadonlySet<string> {
  const words = wordsOf(text);
  return new Set(terms.filter((term) => words.some(({ form }) => isFormOf(term, form))));
}
