import { estimateTokens } from "../chunking/tokens.ts";
import type { KeyedCache } from "../store/keyed-cache.ts";
import type { PlanItem } from "../words/types.ts";

/** How long a sentence is. One of no length stands for a prompt to which the model writes none. */
export interface SentenceSize {
  readonly tokens: number;
  readonly bytes: number;
}

/** How long each sentence in the store is, by recipe. */
export type SentenceSizes = ReadonlyMap<string, SentenceSize>;

/** Recipes looked up at once: their sentences are in memory for so long. */
const LOOKUP_SIZE = 1000;

/** Finds out which sentences the store has. Their words stay there. */
export async function sizesOf(
  recipes: ReadonlySet<string>,
  contexts: Pick<KeyedCache<string>, "read">,
): Promise<SentenceSizes> {
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

const sizeOf = (sentence: string): SentenceSize => ({
  tokens: estimateTokens(sentence),
  bytes: Buffer.byteLength(sentence),
});
