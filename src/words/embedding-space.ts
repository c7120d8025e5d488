import type { EmbeddingSpace } from "./types.ts";

/** Whether vectors of the two can be compared. */
export const isSameSpace = (one: EmbeddingSpace, other: EmbeddingSpace): boolean =>
  one.provider === other.provider &&
  one.model === other.model &&
  one.dimensions === other.dimensions &&
  one.taskForm === other.taskForm;

/** `gemini gemini-embedding-2 (768 dimensions)`, or `no vectors`. */
const nameOfSpace = ({ dimensions, model, provider }: EmbeddingSpace): string =>
  dimensions > 0 ? `${provider} ${model} (${dimensions} dimensions)` : "no vectors";

/** What two spaces are called beside each other: their names, if these differ. */
export function namesOfSpaces(one: EmbeddingSpace, other: EmbeddingSpace): [string, string] {
  const names = [nameOfSpace(one), nameOfSpace(other)] as const;
  const isSame = names[0] === names[1];
  return isSame ? [`another form or revision of ${names[0]}`, names[1]] : [...names];
}

/** Whether an index of the space has vectors; without, it is searched by words. */
export const hasVectors = ({ dimensions }: EmbeddingSpace): boolean => dimensions > 0;
