import { expect, test } from "vitest";
import { sizesOf } from "../../src/indexing/sentences.ts";
import { contextSentences, KeyedCache } from "../../src/store/keyed-cache.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import { openDatabase } from "./open-database.ts";

/** More than are looked up at once, and no multiple of that. */
const MANY = 2300;
const recipes = Array.from({ length: MANY }, (_, at) => `recipe-${at}`);

test("thousands of sentences are found at once, each under its recipe: none is written again", async () => {
  const contexts = new KeyedCache(await openDatabase(), createVirtualClock(), contextSentences);
  await contexts.commit(recipes.map((recipe) => ({ key: recipe, value: `of ${recipe}` })));
  const found = await contexts.read(["no recipe", ...recipes]);
  expect(found.size).toBe(MANY);
  expect(found.get(`recipe-${MANY - 1}`)).toBe(`of recipe-${MANY - 1}`);
  const sizes = await sizesOf(new Set([...recipes, "no recipe"]), contexts);
  expect(sizes.size).toBe(MANY);
  expect(sizes.get("recipe-1234")?.bytes).toBe("of recipe-1234".length);
});
