import { isFileComment } from "../chunking/file-comment.ts";
import { shownBlocks } from "../chunking/normalised-text.ts";
import type { Chunk, ChunkSection } from "../words/types.ts";
import { isDefaultLabel } from "./default-labels.ts";
import { repeatedText } from "./repeated-text.ts";
import { noWords, wordsIn, type ShownWords } from "./word-counts.ts";

/** What the judge reads of a chunk. */
export type JudgedChunk = Pick<Chunk, "id" | "url" | "text" | "sections">;

/** What the words of chunks depend on beside them. */
export interface ReadingOfChunks {
  /** Whether parts of a section repeat sentences of the part before. */
  readonly hasOverlap: boolean;
  /** Whether the page shows formulas. Without, dollar signs are signs of money. */
  readonly hasMath: boolean;
}

/** The words that the chunks of a page show: each once, even if several chunks repeat it lawfully. */
export function wordsOfChunks(
  chunks: readonly JudgedChunk[],
  { hasMath, hasOverlap }: ReadingOfChunks,
): ShownWords {
  const shown = noWords();
  const { optional, required } = shown;
  for (const { text } of chunks) addText(hasMath ? withoutMath(text, shown) : text, shown);
  for (const heading of headingsInNoText(chunks)) optional.add(wordsIn(heading));
  for (const text of repeatedText(chunks, hasOverlap)) {
    const words = shownBlocks(text).flatMap((block) => wordsIn(block.text));
    required.remove(words);
    optional.add(words);
  }
  return shown;
}

/** A fence, with its info string and the first line of its code. */
const FENCE = /^[ \t>]*(?:(?:[-+*]|\d+[.)])[ \t]+)*(?:`{3,}|~{3,})(.*)(?:\n(.*))?/gm;

/** What an info string has beside titles: the language, and names of attributes. */
const NO_TITLE = /^\s*[\w+#.-]+(?=[\s{]|$)|[\w-]+(?==)/g;

function addText(text: string, { optional, required }: ShownWords): void {
  for (const block of shownBlocks(text)) {
    const words = wordsIn(block.text);
    (isDefaultLabel(words) ? optional : required).add(words);
  }
  for (const [, info = "", first = ""] of text.matchAll(FENCE)) {
    optional.add(wordsIn(info.replace(NO_TITLE, "")));
    if (isFileComment(first)) optional.add(wordsIn(first));
  }
}

const MATH = /\$\$[^]*?\$\$|(?<![\\$\w])\$(?![\s$])(?:[^$\n\\]|\\.)+(?<!\s)\$(?![\w$])/g;

function withoutMath(text: string, { optional }: ShownWords): string {
  return text.replace(MATH, (formula) => {
    optional.add(wordsIn(formula));
    return " ";
  });
}

/** Headings that no chunk shows in its text, because its heading trail names them. */
function headingsInNoText(chunks: readonly JudgedChunk[]): string[] {
  const hidden = new Map<string, string>();
  const shown = new Set<string>();
  for (const { text, sections } of chunks) {
    for (const section of sections) {
      const { anchor, heading, startLine, trail } = section;
      const key = JSON.stringify([anchor, heading, startLine, trail]);
      if (isInText(section, text)) shown.add(key);
      else hidden.set(key, heading ?? "");
    }
  }
  return [...hidden].filter(([key]) => !shown.has(key)).map(([, heading]) => heading);
}

/** A heading as Markdown, in a list or a quotation too. */
const HEADING = /^(?:[ \t]*(?:>|[-+*]|\d{1,9}[.)])[ \t]+)*[ \t]*#{1,6}[ \t]/;

/** A long heading is a line of its own in the text. */
function isInText({ heading, offset }: ChunkSection, text: string): boolean {
  const [line = ""] = text.slice(offset).split("\n", 1);
  return HEADING.test(line) || wordsIn(line).join() === wordsIn(heading ?? "").join();
}
