import type { JobRecord } from "./plans.ts";

const SUFFIX = "-generation";

/** What the ledger of jobs calls a provider as the one who writes: a kind of its own beside those that embed. */
export const writerOf = (provider: string): string => provider + SUFFIX;

/** Whether sentences of context come of the job, and not vectors. */
export const isOfSentences = ({ space }: Pick<JobRecord, "space">): boolean =>
  space.provider.endsWith(SUFFIX);
