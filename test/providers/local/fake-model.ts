import type { LoadModel } from "../../../src/providers/local/load-model.ts";
import { mockVector } from "../../../src/providers/mock/mock-vector.ts";

/** A model without a runtime: a token for each character, and the mock's vectors. It reads 64 tokens. */
export const loadFake: LoadModel = async ({ dimensions }) => ({
  contextTokens: 64,
  endTokens: 1,
  encode: (text) => [1, ...Array.from(text, (character) => character.codePointAt(0) ?? 0), 2],
  run: async (texts) =>
    texts.map((ids) => mockVector(String.fromCodePoint(...ids.slice(1, -1)), dimensions)),
  release: async () => undefined,
});
