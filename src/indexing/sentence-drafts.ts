import type { GenerationRequest } from "../generation/client.ts";
import { contextPrompt, recipeOf } from "../generation/context-prompt.ts";
import { promptItem } from "../generation/generate-content.ts";
import type { Draft } from "../generation/prompt-budget.ts";
import { NOTHING_SPENT, spentWith } from "../planning/budget.ts";
import type { Spent } from "../planning/budget.ts";
import type { ChunkSpool } from "../store/chunk-spool.ts";
import type { Fingerprint, PlanItem } from "../types.ts";
import type { SpooledChange } from "./collect-changes.ts";

/** The chunks that texts come from, whose words are in the spool. */
export interface ChunkSource {
  readonly changed: readonly SpooledChange[];
  readonly spool: ChunkSpool;
}

/** What is to be asked for the sentence of each text, without a word of it. */
export class SentenceDrafts {
  readonly #source: ChunkSource;
  readonly #changeOf: ReadonlyMap<Fingerprint, SpooledChange>;
  readonly #drafts = new Map<Fingerprint, Draft>();
  readonly #changeOfRecipe = new Map<string, SpooledChange>();

  private constructor(source: ChunkSource) {
    this.#source = source;
    this.#changeOf = new Map(source.changed.map((change) => [change.fingerprint, change]));
  }

  /** Reads each chunk once. */
  static async of(
    items: readonly PlanItem[],
    model: string,
    source: ChunkSource,
  ): Promise<SentenceDrafts> {
    const drafts = new SentenceDrafts(source);
    for (const { fingerprint } of items) await drafts.#add(fingerprint, model);
    return drafts;
  }

  async #add(fingerprint: Fingerprint, model: string): Promise<void> {
    const change = this.#changeOf.get(fingerprint);
    if (change === undefined) throw new TypeError(`No chunk for fingerprint ${fingerprint}.`);
    const chunk = await this.#source.spool.read(change.text);
    const prompt = promptItem(recipeOf(model, chunk), contextPrompt(chunk), change.page);
    this.#drafts.set(fingerprint, { prompt, textTokens: chunk.tokens });
    this.#changeOfRecipe.set(prompt.fingerprint, change);
  }

  /** What all sentences are kept under. */
  get recipes(): ReadonlySet<string> {
    return new Set(this.#changeOfRecipe.keys());
  }

  draftOf(fingerprint: Fingerprint): Draft {
    const draft = this.#drafts.get(fingerprint);
    if (draft === undefined) throw new TypeError(`No draft for fingerprint ${fingerprint}.`);
    return draft;
  }

  recipeOf(fingerprint: Fingerprint): string {
    return this.draftOf(fingerprint).prompt.fingerprint;
  }

  /** The prompts of items that stand under their recipes, in their order. */
  prompts(items: readonly PlanItem[]): Promise<readonly GenerationRequest[]> {
    return Promise.all(
      items.map(async ({ fingerprint: recipe }) => {
        const change = this.#changeOfRecipe.get(recipe);
        if (change === undefined) throw new TypeError(`No chunk for recipe ${recipe}.`);
        return contextPrompt(await this.#source.spool.read(change.text));
      }),
    );
  }

  /** `guide.md, under “Install”` */
  async placeOf(fingerprint: Fingerprint): Promise<string> {
    const change = this.#changeOf.get(fingerprint);
    if (change === undefined) throw new TypeError(`No chunk for fingerprint ${fingerprint}.`);
    const heading = (await this.#source.spool.read(change.text)).headings.at(-1);
    return heading === undefined ? change.page : `${change.page}, under “${heading}”`;
  }
}

/** What texts take of a budget that are going to be embedded. */
export const sumOfTexts = (items: readonly PlanItem[]): Spent =>
  spentWith(NOTHING_SPENT, {
    requests: items.length,
    tokens: items.reduce((sum, { tokens }) => sum + tokens, 0),
    road: "individual",
  });
