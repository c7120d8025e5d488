import type { EmbeddingSpace } from "./types.ts";

/** Whether vectors of the two can be compared. */
export const isSameSpace = (one: EmbeddingSpace, other: EmbeddingSpace): boolean =>
  one.provider === other.provider &&
  one.model === other.model &&
  one.dimensions === other.dimensions &&
  one.taskForm === other.taskForm;

/** Whether an index of the space has vectors; without, it is searched by words. */
export const hasVectors = ({ dimensions }: EmbeddingSpace): boolean => dimensions > 0;
