import { expect, test } from "vitest";
import { sizesOf } from "../../src/indexing/sentence-drafts.ts";
import { contextSentences, KeyedCache } from "../../src/store/keyed-cache.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import { openDatabase } from "../store/open-database.ts";

/** More than one lookup takes, and not a multiple of its size. */
const MANY = 2300;
const recipes = Array.from({ length: MANY }, (_, at) => `recipe-${at}`);

test("thousands of sentences are found, each under its recipe: none is written again", async () => {
  const contexts = new KeyedCache(await openDatabase(), createVirtualClock(), contextSentences);
  await contexts.commit(recipes.map((recipe) => ({ key: recipe, value: `of ${recipe}` })));
  const sizes = await sizesOf(new Set([...recipes, "no recipe"]), contexts);
  expect(new Set(sizes.keys())).toEqual(new Set(recipes));
  expect(sizes.get("recipe-1234")?.bytes).toBe("of recipe-1234".length);
  expect(sizes.get(`recipe-${MANY - 1}`)?.bytes).toBe(`of recipe-${MANY - 1}`.length);
});
