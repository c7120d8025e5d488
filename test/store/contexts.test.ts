import { expect, test } from "vitest";
import { sizesOf } from "../../src/indexing/sentences.ts";
import { contextSentences, KeyedCache } from "../../src/store/keyed-cache.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import { openDatabase } from "./open-database.ts";

/** More than one lookup takes, and not a multiple of its size. */
const MANY = 2300;
const recipes = Array.from({ length: MANY }, (_, at) => `recipe-${at}`);

test("thousands of sentences are found in one read, each by its recipe", async () => {
  const contexts = new KeyedCache(await openDatabase(), createVirtualClock(), contextSentences);
  await contexts.commit(recipes.map((recipe) => ({ key: recipe, value: `of ${recipe}` })));
  const found = await contexts.read(["no recipe", ...recipes]);
  expect(found.size).toBe(MANY);
  expect(found.get(`recipe-${MANY - 1}`)).toBe(`of recipe-${MANY - 1}`);
  const sizes = await sizesOf(new Set([...recipes, "no recipe"]), contexts);
  expect(sizes.size).toBe(MANY);
  expect(sizes.get("recipe-1234")?.bytes).toBe("of recipe-1234".length);
});
