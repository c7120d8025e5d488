import { estimateTokens } from "../chunking/tokens.ts";
import type { GenerationRequest } from "../generation/client.ts";
import { contextPrompt } from "../generation/context-prompt.ts";
import { generationKey } from "../generation/generation-key.ts";
import { promptItem } from "../generation/prompt-requests.ts";
import type { Draft } from "../planning/plan-sentences.ts";
import type { ChunkSpool } from "../store/chunk-spool.ts";
import type { KeyedCache } from "../store/keyed-cache.ts";
import type { PlanItem } from "../words/plans.ts";
import type { Fingerprint } from "../words/types.ts";
import type { SpooledChange } from "./collect-changes.ts";

/** Sentences of context by recipe. */
type Contexts = Pick<KeyedCache<string>, "read">;

interface SpooledDraft extends Draft {
  readonly change: SpooledChange;
}

/** Texts by the state of their sentences, each group in input order. */
export interface TextsBySentence {
  /** Sized with their sentences. */
  readonly ready: readonly PlanItem[];
  /** Chunks of the ready texts for which the model wrote no sentence. */
  readonly silent: readonly SpooledChange[];
  /** In jobs from earlier runs. */
  readonly inJobs: readonly Draft[];
  readonly missing: readonly Draft[];
}

/** The prompts for sentences of context; their words stay in the spool. */
export class SentenceDrafts {
  readonly #spool: ChunkSpool;
  readonly #byText = new Map<Fingerprint, SpooledDraft>();
  readonly #byRecipe = new Map<string, SpooledDraft>();

  private constructor(spool: ChunkSpool) {
    this.#spool = spool;
  }

  static read(
    items: readonly PlanItem[],
    model: string,
    changed: readonly SpooledChange[],
    spool: ChunkSpool,
  ): SentenceDrafts {
    const drafts = new SentenceDrafts(spool);
    const changeOf = new Map(changed.map((change) => [change.fingerprint, change]));
    for (const text of items) {
      const change = found(changeOf, text.fingerprint);
      const request = contextPrompt(spool.read(change.text));
      const recipe = generationKey(model, request);
      const draft = { text, prompt: promptItem(recipe, request, text.page), change };
      drafts.#byText.set(text.fingerprint, draft);
      drafts.#byRecipe.set(recipe, draft);
    }
    return drafts;
  }

  /** Splits texts by the state of their sentences; `out`: recipes in jobs. */
  async partition(
    items: readonly PlanItem[],
    contexts: Contexts,
    out: Pick<ReadonlySet<string>, "has">,
  ): Promise<TextsBySentence> {
    const sizes = await sizesOf(new Set(this.#byRecipe.keys()), contexts);
    const ready: PlanItem[] = [];
    const silent: SpooledChange[] = [];
    const inJobs: Draft[] = [];
    const missing: Draft[] = [];
    for (const item of items) {
      const draft = found(this.#byText, item.fingerprint);
      const size = sizes.get(draft.prompt.fingerprint);
      if (size !== undefined) ready.push(withSize(item, size));
      else if (out.has(draft.prompt.fingerprint)) inJobs.push(draft);
      else missing.push(draft);
      if (size?.bytes === 0) silent.push(draft.change);
    }
    return { ready, silent, inJobs, missing };
  }

  textOf(recipe: string): Fingerprint {
    return found(this.#byRecipe, recipe).text.fingerprint;
  }

  requestsOf(prompts: readonly PlanItem[]): readonly GenerationRequest[] {
    return prompts.map(({ fingerprint: recipe }) =>
      contextPrompt(this.#spool.read(found(this.#byRecipe, recipe).change.text)),
    );
  }

  /** Reads the sentences of texts; an empty one: the model wrote none. */
  async sentencesOf(
    texts: readonly Fingerprint[],
    contexts: Contexts,
  ): Promise<ReadonlyMap<Fingerprint, string>> {
    const recipes = texts.map((text) => found(this.#byText, text).prompt.fingerprint);
    const sentences = await contexts.read(recipes);
    return new Map([...sentences].map(([recipe, sentence]) => [this.textOf(recipe), sentence]));
  }
}

/** Looks up a text or prompt of the run; throws TypeError if it is missing. */
export function found<Value>(values: ReadonlyMap<string, Value>, fingerprint: string): Value {
  const value = values.get(fingerprint);
  if (value === undefined) throw new TypeError(`Unknown fingerprint: ${fingerprint}`);
  return value;
}

/** The size of a sentence; zero: the model wrote none. */
type SentenceSize = Pick<PlanItem, "tokens" | "bytes">;

/** Adds the size of its sentence to a text. */
export const withSize = (item: PlanItem, { tokens, bytes }: SentenceSize): PlanItem => ({
  ...item,
  tokens: item.tokens + tokens,
  bytes: item.bytes + bytes,
});

/** Looks up this many recipes at once, to bound the sentences in memory. */
const LOOKUP_SIZE = 1000;

/** The sizes of stored sentences, by recipe. */
export async function sizesOf(
  recipes: ReadonlySet<string>,
  contexts: Contexts,
): Promise<ReadonlyMap<string, SentenceSize>> {
  const sizes = new Map<string, SentenceSize>();
  const all = [...recipes];
  for (let at = 0; at < all.length; at += LOOKUP_SIZE) {
    for (const [recipe, sentence] of await contexts.read(all.slice(at, at + LOOKUP_SIZE))) {
      const tokens = estimateTokens(sentence);
      sizes.set(recipe, { tokens, bytes: Buffer.byteLength(sentence) });
    }
  }
  return sizes;
}
