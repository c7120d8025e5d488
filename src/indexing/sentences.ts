import { estimateTokens } from "../chunking/tokens.ts";
import { SiteragError } from "../words/errors.ts";
import type { GenerationResult, SettledRequest } from "../generation/client.ts";
import { sentenceOf } from "../generation/context-prompt.ts";
import type { KeyedCache } from "../store/keyed-cache.ts";
import type { PlanItem } from "../words/types.ts";

/** How long a sentence is. One of no length stands for a prompt to which the model writes none. */
export interface SentenceSize {
  readonly tokens: number;
  readonly bytes: number;
}

/** How long each sentence is that there is, by recipe. */
export type SentenceSizes = ReadonlyMap<string, SentenceSize>;

/** Recipes looked up at once. */
const LOOKUP_SIZE = 1000;

/** Finds out which sentences the store has. Their words stay there. */
export async function sizesOf(
  recipes: ReadonlySet<string>,
  contexts: Pick<KeyedCache<string>, "read">,
): Promise<Map<string, SentenceSize>> {
  const sizes = new Map<string, SentenceSize>();
  const all = [...recipes];
  for (let at = 0; at < all.length; at += LOOKUP_SIZE) {
    const known = await contexts.read(all.slice(at, at + LOOKUP_SIZE));
    for (const [recipe, sentence] of known) sizes.set(recipe, sizeOf(sentence));
  }
  return sizes;
}

/** A text as it is embedded with its sentence. */
export const withSize = (item: PlanItem, { tokens, bytes }: SentenceSize): PlanItem => ({
  ...item,
  tokens: item.tokens + tokens,
  bytes: item.bytes + bytes,
});

/**
 * Commits what has come for good: sentences, and that the model writes none. Gives how long each is.
 */
export async function keepSentences(
  settled: readonly SettledRequest[],
  contexts: Pick<KeyedCache<string>, "commit">,
): Promise<Map<string, SentenceSize>> {
  const fresh = settled.flatMap(({ key, result }) => {
    const value = finalSentence(result);
    return value === null ? [] : [{ key, value }];
  });
  await contexts.commit(fresh);
  return new Map(fresh.map(({ key, value }) => [key, sizeOf(value)]));
}

/** Null: asking again may help. A sentence that was broken off tells something, too. */
function finalSentence(result: GenerationResult): string | null {
  if (result.status === "ok") return sentenceOf(result.text);
  const isRefused =
    result.status === "failed" &&
    result.error instanceof SiteragError &&
    result.error.code === "ANSWER_BLOCKED";
  return isRefused ? "" : null;
}

const sizeOf = (sentence: string): SentenceSize => ({
  tokens: estimateTokens(sentence),
  bytes: Buffer.byteLength(sentence),
});
