import { isCommonWord, stemOf } from "../../ranking/english-words.ts";
import { snippetOf } from "../../ranking/snippet.ts";
import { once } from "../../words/once.ts";
import { NOT_IN_PASSAGES, type Passage } from "../../generation/answer-prompt.ts";

/** Share of a question's words that a passage needs to answer it. */
const ENOUGH = 0.5;

const segmenter = once(() => new Intl.Segmenter("und", { granularity: "word" }));

/**
 * Quotes and cites the passage with the most of the question's words, the first among equals. Returns
 * NOT_IN_PASSAGES when no passage has half of them.
 */
export function extractAnswer(question: string, passages: readonly Passage[]): string {
  const asked = stemsIn(question);
  const shares = passages.map((passage) => shareOf(asked, passage));
  const best = Math.max(0, ...shares);
  const passage = passages[shares.indexOf(best)];
  if (best < ENOUGH || passage === undefined) return NOT_IN_PASSAGES;
  return `${snippetOf(passage.text, question).text} [${passage.number}]`;
}

function shareOf(asked: ReadonlySet<string>, { title, headings, text }: Passage): number {
  const present = stemsIn([title, ...headings, text].join("\n"));
  return [...asked].filter((stem) => present.has(stem)).length / Math.max(1, asked.size);
}

const stemsIn = (text: string): ReadonlySet<string> =>
  new Set(
    [...segmenter().segment(text.toLowerCase())]
      .filter(({ isWordLike, segment }) => isWordLike === true && !isCommonWord(segment))
      .map(({ segment }) => stemOf(segment)),
  );
