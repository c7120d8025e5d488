import { recipeOf } from "../generation/context-prompt.ts";
import { PASSAGE } from "../store/chunk-index.ts";
import { modelsOf, type PublishedIndex } from "../store/meta.ts";
import type { StoreWriter } from "../store/open-store.ts";
import { isDamage } from "../store/store-error.ts";
import { chunksTable } from "../store/tables.ts";
import type { Chunk } from "../words/types.ts";

/** Deletes sentences of context whose chunks are gone. Recipes name them. */

type Passages = AsyncIterable<Pick<Chunk, (typeof PASSAGE)[number]>>;

/** The recipes of the last complete build, for all models that have written sentences for it. */
export async function publishedRecipes({ chunks }: Pick<StoreWriter, "chunks">) {
  return recipesOf(chunks.publishedPassages(), await chunks.published());
}

/** Deletes the sentences of these recipes, except those of chunks that an index of the store has. */
export async function forgetSentences(
  store: Pick<StoreWriter, "contexts" | "database" | "meta">,
  before: ReadonlySet<string>,
): Promise<void> {
  const kept = before.size === 0 ? before : await recipesInStore(store).catch(allKept(before));
  const without = [...before].filter((recipe) => !kept.has(recipe));
  const gone = await store.contexts.present(without);
  if (gone.size > 0) await store.contexts.remove([...gone]);
}

/** An index that cannot be read may have the chunks: its next run rebuilds it. */
const allKept =
  (recipes: ReadonlySet<string>) =>
  (error: unknown): ReadonlySet<string> => {
    if (isDamage(error)) return recipes;
    throw error;
  };

/** The recipes of all chunks that the indexes of the store have. */
export async function recipesInStore({
  database,
  meta,
}: Pick<StoreWriter, "database" | "meta">): Promise<ReadonlySet<string>> {
  const recipes = [];
  for (const index of await meta.indexes()) {
    const passages = database.scan(chunksTable(index, 0), PASSAGE);
    recipes.push(...(await recipesOf(passages, await meta.published(index))));
  }
  return new Set(recipes);
}

async function recipesOf(
  passages: Passages,
  published: PublishedIndex | null,
): Promise<Set<string>> {
  const recipes = new Set<string>();
  const models = published === null ? [] : modelsOf(published);
  if (models.length === 0) return recipes;
  for await (const passage of passages) {
    for (const model of models) recipes.add(recipeOf(model, passage));
  }
  return recipes;
}
