import { recipeOf } from "../generation/context-prompt.ts";
import { PASSAGE } from "../store/chunk-index.ts";
import { modelsOf } from "../store/meta.ts";
import type { StoreWriter } from "../store/open-store.ts";
import { isDamage } from "../store/store-error.ts";
import { chunksTable } from "../store/tables.ts";
import { isOfSentences } from "../words/job-kind.ts";
import type { JobRecord } from "../words/plans.ts";
import type { Chunk } from "../words/types.ts";

/** Deletes sentences of context whose chunks are gone. Recipes name them. */

/** Sentences that may have no chunk any more. */
interface Suspects {
  readonly recipes: ReadonlySet<string>;
  /** The models that have written them. */
  readonly models: ReadonlySet<string>;
  /** SQL condition for the rows to read in search of them; absent: all rows are read. */
  readonly where?: string;
}

/** The sentences of those chunks of the last complete build that the rows to be published lack. */
export async function lostSentences({ chunks }: Pick<StoreWriter, "chunks">): Promise<Suspects> {
  const published = await chunks.published();
  const models = new Set(published === null ? [] : modelsOf(published));
  const lost = models.size === 0 ? [] : await Array.fromAsync(chunks.lostPassages());
  const recipes = new Set(lost.flatMap((passage) => recipesOf(passage, models)));
  const lengths = new Set(lost.map(({ text }) => Buffer.byteLength(text)));
  return { recipes, models, where: `octet_length(text) IN (${[...lengths].join(",")})` };
}

/** Deletes these sentences, except those of chunks that an index of the store has. */
export async function forgetSentences(
  store: Pick<StoreWriter, "contexts" | "database" | "meta">,
  { recipes, models, where }: Suspects,
): Promise<void> {
  if (recipes.size === 0) return;
  const kept = await recipesInStore(store, models, where).catch(allKept(recipes));
  const without = [...recipes].filter((recipe) => !kept.has(recipe));
  if (without.length === 0) return;
  const { contexts } = store;
  const gone = await contexts.present(without);
  // A run may have died when it had deleted their rows, and not yet their bytes.
  if (gone.size > 0 || (await contexts.hasLeftovers())) await contexts.remove([...gone]);
}

/**
 * The same for the sentences of those of these jobs that have delivered them. Keeps the sentences of an
 * index of which no run has read all pages since it ordered them: its run may have died before it wrote
 * the chunks.
 *
 * @param finished The index whose run has seen all pages now.
 */
export async function forgetDelivered(
  store: Pick<StoreWriter, "contexts" | "database" | "jobs" | "meta">,
  jobs: readonly JobRecord[],
  finished?: string,
): Promise<void> {
  const out = new Set((await store.jobs.all()).map(({ displayName }) => displayName));
  const recipes = new Set<string>();
  const models = new Set<string>();
  for (const { createdAt, displayName, fingerprints, index, space } of jobs.filter(isOfSentences)) {
    const allReadAt = (await store.meta.published(index))?.allReadAt ?? "";
    if (out.has(displayName) || (index !== finished && allReadAt <= createdAt)) continue;
    models.add(space.model);
    for (const recipe of fingerprints) recipes.add(recipe);
  }
  await forgetSentences(store, { recipes, models });
}

/** An index that cannot be read may have the chunks: its next run rebuilds it. */
const allKept =
  (recipes: ReadonlySet<string>) =>
  (error: unknown): ReadonlySet<string> => {
    if (isDamage(error)) return recipes;
    throw error;
  };

/** The recipes of all chunks that the indexes of the store have, for these models and their own. */
export async function recipesInStore(
  { database, meta }: Pick<StoreWriter, "database" | "meta">,
  models: ReadonlySet<string> = new Set(),
  where?: string,
): Promise<ReadonlySet<string>> {
  const recipes = new Set<string>();
  for (const index of await meta.indexes()) {
    const published = await meta.published(index);
    const all = new Set([...models, ...(published === null ? [] : modelsOf(published))]);
    if (all.size === 0) continue;
    for await (const passage of database.scan(chunksTable(index, 0), PASSAGE, where))
      for (const recipe of recipesOf(passage, all)) recipes.add(recipe);
  }
  return recipes;
}

const recipesOf = (
  passage: Pick<Chunk, (typeof PASSAGE)[number]>,
  models: ReadonlySet<string>,
): string[] => [...models].map((model) => recipeOf(model, passage));
