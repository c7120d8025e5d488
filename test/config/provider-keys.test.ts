import { expect, test } from "vitest";
import { z } from "zod";
import { countSchema } from "../../src/config/values.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { ProviderTable } from "../../src/config/provider-keys.ts";
import { folderWith } from "../support/temporary-folder.ts";

const keysWith = (model: string) => ({
  model: z.string().default(model),
  dimensions: countSchema(2, 9).default(3),
});

/** Two providers that siterag does not have. */
const PROVIDERS: ProviderTable = [
  { name: "abacus", summary: "counts", keys: () => z.strictObject(keysWith("beads")) },
  {
    name: "parrot",
    summary: "repeats",
    keys: () => z.strictObject({ ...keysWith("grey"), plumage: z.string() }),
    *conflicts({ search }) {
      if (search.limit > 1) yield { path: ["search", "limit"], message: "1 for a parrot" };
    },
  },
];

async function embeddingOf(embedding: object, search = { limit: 1 }): Promise<unknown> {
  const cwd = await folderWith({ ".siteragrc": JSON.stringify({ embedding, search }) });
  return (await loadConfig(PROVIDERS, { cwd })).config.embedding;
}

test("without a name the first provider of the table is taken, with its own defaults", async () => {
  expect(await embeddingOf({})).toEqual({ provider: "abacus", model: "beads", dimensions: 3 });
});

test("a provider has keys of its own, and gets them checked", async () => {
  const parrot = { provider: "parrot", plumage: "grey" };
  expect(await embeddingOf(parrot)).toEqual({ ...parrot, model: "grey", dimensions: 3 });
});

test.each([
  [{ provider: "parot" }, 'embedding.provider: expected one of "abacus", "parrot", got "parot"'],
  [{ dimensions: 10 }, "embedding.dimensions: expected at most 9, got 10"],
  [{ provider: "parrot", plumage: 3 }, "embedding.plumage: expected a string, got 3"],
  [
    { plumage: "grey" },
    "embedding.plumage: unknown key; the keys here are provider, model, dimensions",
  ],
  [
    { provider: "parrot", plumage: "grey", zzzzz: 1 },
    "embedding.zzzzz: unknown key; the keys here are provider, model, dimensions, plumage",
  ],
  [
    { provider: "parrot", plumage: "grey", plumag: 1 },
    "embedding.plumag: unknown key; did you mean embedding.plumage?",
  ],
])("%j is refused", async (embedding, says) => {
  await expect(embeddingOf(embedding)).rejects.toThrow(`.siteragrc: ${says}`);
});

test("a provider refuses settings of other blocks, and no other provider does", async () => {
  await expect(embeddingOf({ provider: "parrot", plumage: "grey" }, { limit: 2 })).rejects.toThrow(
    ".siteragrc: search.limit: expected 1 for a parrot, got 2",
  );
  expect(await embeddingOf({}, { limit: 2 })).toMatchObject({ provider: "abacus" });
});
