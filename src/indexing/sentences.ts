import { estimateTokens } from "../chunking/tokens.ts";
import { SiteragError } from "../errors.ts";
import type { GenerationResult, SettledRequest } from "../generation/client.ts";
import { sentenceOf } from "../generation/context-prompt.ts";
import type { Contexts } from "../store/contexts.ts";

/** How long a sentence is. One of no length stands for a prompt to which the model writes none. */
export interface SentenceSize {
  readonly tokens: number;
  readonly bytes: number;
}

/** Recipes looked up at once. */
const LOOKUP_SIZE = 1000;

/** The sentences of context of a run. Their words are in the store alone; here is how long they are. */
export class Sentences {
  readonly #contexts: Pick<Contexts, "read">;
  readonly #sizes = new Map<string, SentenceSize>();
  #written = 0;

  constructor(contexts: Pick<Contexts, "read">) {
    this.#contexts = contexts;
  }

  /** Sentences that have come in this run. */
  get written(): number {
    return this.#written;
  }

  /** Undefined: there is none yet. */
  sizeOf(recipe: string): SentenceSize | undefined {
    return this.#sizes.get(recipe);
  }

  /** Finds out which of them the store has. */
  async load(recipes: ReadonlySet<string>): Promise<void> {
    const all = [...recipes];
    for (let at = 0; at < all.length; at += LOOKUP_SIZE) {
      const known = await this.#contexts.read(all.slice(at, at + LOOKUP_SIZE));
      for (const [recipe, sentence] of known) this.#sizes.set(recipe, sizeOf(sentence));
    }
  }

  /** The words of those that there are. */
  read(recipes: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.#contexts.read(recipes);
  }

  /** Commits what has come for good: sentences, and that the model writes none. */
  async keep(settled: readonly SettledRequest[], into: Pick<Contexts, "commit">): Promise<void> {
    const fresh = settled.flatMap(({ key, result }) => {
      const sentence = finalSentence(result);
      return sentence === null ? [] : [{ recipe: key, sentence }];
    });
    await into.commit(fresh);
    for (const { recipe, sentence } of fresh) {
      this.#sizes.set(recipe, sizeOf(sentence));
      if (sentence !== "") this.#written += 1;
    }
  }
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
  tokens: sentence === "" ? 0 : estimateTokens(sentence),
  bytes: Buffer.byteLength(sentence),
});
