import type { JobRecord } from "./types.ts";

/** What the ledger of jobs calls whoever writes: a kind of its own beside those that embed. */
export const GENERATION_PROVIDER = "gemini-generation";

/** Whether sentences of context come of the job, and not vectors. */
export const isOfSentences = ({ space }: Pick<JobRecord, "space">): boolean =>
  space.provider === GENERATION_PROVIDER;
