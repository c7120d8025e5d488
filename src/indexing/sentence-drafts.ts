import type { GenerationRequest } from "../generation/client.ts";
import { contextPrompt } from "../generation/context-prompt.ts";
import { promptItem } from "../generation/prompt-requests.ts";
import { generationKey } from "../generation/generation-key.ts";
import type { Draft } from "../planning/plan-sentences.ts";
import type { ChunkSpool } from "../store/chunk-spool.ts";
import type { Fingerprint, PlanItem } from "../words/types.ts";
import type { SpooledChange } from "./collect-changes.ts";
import { placeOf } from "./failure-messages.ts";
import { withSize, type SentenceSizes } from "./sentence-sizes.ts";

/** The chunks that texts come from, whose words are in the spool. */
export interface ChunkSource {
  readonly changed: readonly SpooledChange[];
  readonly spool: ChunkSpool;
}

/** Texts by what there is of their sentences, each group in their order. */
export interface TextsBySentence {
  /** With their sentences. */
  readonly ready: readonly PlanItem[];
  /** Whose sentences are in jobs of earlier runs. */
  readonly inJobs: readonly Draft[];
  readonly missing: readonly Draft[];
}

/** What is to be asked for the sentence of each text, without a word of it. */
export class SentenceDrafts {
  readonly #source: ChunkSource;
  readonly #changeOf: ReadonlyMap<Fingerprint, SpooledChange>;
  readonly #drafts = new Map<Fingerprint, Draft>();
  readonly #textOf = new Map<string, Fingerprint>();

  private constructor(source: ChunkSource) {
    this.#source = source;
    this.#changeOf = new Map(source.changed.map((change) => [change.fingerprint, change]));
  }

  /** Reads the chunk of each text once. */
  static async read(
    items: readonly PlanItem[],
    model: string,
    source: ChunkSource,
  ): Promise<SentenceDrafts> {
    const drafts = new SentenceDrafts(source);
    for (const item of items) {
      const request = await drafts.#promptOf(item.fingerprint);
      const recipe = generationKey(model, request);
      drafts.#textOf.set(recipe, item.fingerprint);
      const prompt = promptItem(recipe, request, item.page);
      drafts.#drafts.set(item.fingerprint, { text: item, prompt });
    }
    return drafts;
  }

  /** What all sentences are kept under. */
  get recipes(): ReadonlySet<string> {
    return new Set(this.#textOf.keys());
  }

  /** Parts texts by their sentences; `out` are the recipes that are in jobs. */
  partition(
    items: readonly PlanItem[],
    sizes: SentenceSizes,
    out: { readonly has: (recipe: string) => boolean },
  ): TextsBySentence {
    const ready: PlanItem[] = [];
    const inJobs: Draft[] = [];
    const missing: Draft[] = [];
    for (const item of items) {
      const draft = this.draftOf(item.fingerprint);
      const size = sizes.get(draft.prompt.fingerprint);
      if (size !== undefined) ready.push(withSize(item, size));
      else if (out.has(draft.prompt.fingerprint)) inJobs.push(draft);
      else missing.push(draft);
    }
    return { ready, inJobs, missing };
  }

  draftOf(text: Fingerprint): Draft {
    const draft = this.#drafts.get(text);
    if (draft === undefined) throw new TypeError(`No draft for fingerprint ${text}.`);
    return draft;
  }

  recipeOf(text: Fingerprint): string {
    return this.draftOf(text).prompt.fingerprint;
  }

  /** The requests of prompts, in their order. */
  requestsOf(prompts: readonly PlanItem[]): Promise<readonly GenerationRequest[]> {
    return Promise.all(
      prompts.map(({ fingerprint: recipe }) => {
        const text = this.#textOf.get(recipe);
        if (text === undefined) throw new TypeError(`No text for recipe ${recipe}.`);
        return this.#promptOf(text);
      }),
    );
  }

  /** Page and heading of a text. */
  placeOf(text: Fingerprint): Promise<string> {
    return placeOf(this.#changeFor(text), this.#source.spool);
  }

  async #promptOf(text: Fingerprint): Promise<GenerationRequest> {
    return contextPrompt(await this.#source.spool.read(this.#changeFor(text).text));
  }

  #changeFor(text: Fingerprint): SpooledChange {
    const change = this.#changeOf.get(text);
    if (change === undefined) throw new TypeError(`No chunk for fingerprint ${text}.`);
    return change;
  }
}
