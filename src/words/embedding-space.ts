import type { EmbeddingSpace } from "./types.ts";

/** Whether vectors of the two can be compared. */
export const isSameSpace = (one: EmbeddingSpace, other: EmbeddingSpace): boolean =>
  one.provider === other.provider &&
  one.model === other.model &&
  one.dimensions === other.dimensions &&
  one.taskForm === other.taskForm;
