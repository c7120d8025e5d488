import { readQuestion } from "../ranking/question.ts";
import type { SiteReader } from "../reader/index.ts";

/**
 * Whether the last word of a text is whole though no space follows it: the index knows it, or knows no word
 * that begins so, and then it may be misspelt.
 */
export async function isLastWordFinished(reader: SiteReader, text: string): Promise<boolean> {
  const last = readQuestion(text, { isTyping: true }).words.at(-1);
  if (last === undefined || !last.isPrefix) return true;
  const known = await reader.suggest(text, { limit: Infinity });
  return known.length === 0 || known.includes(last.term);
}
