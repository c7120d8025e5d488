/** Faults of a call. */
export const CALL_FAULTS = [
  "bad-request",
  "bad-key",
  "unauthenticated",
  "forbidden",
  "not-found",
  "timeout-408",
  "rate-limited",
  "quota-of-day",
  "internal",
  "bad-gateway",
  "unavailable",
  "gateway-timeout",
  "reset-before",
  "reset-after",
  "hang",
  "cut-body",
  "malformed-json",
  "short-answer",
  "long-answer",
  "wrong-length",
  "not-a-number",
  "zero-vector",
] as const;

export type CallFault = (typeof CALL_FAULTS)[number];

/** Further faults of a generated answer; `stream-…` only affect streams. */
export const GENERATION_FAULTS = [
  "prompt-blocked",
  "no-candidates",
  "answer-blocked",
  "answer-cut-short",
  "answer-empty",
  "stream-error",
  "stream-cut",
  "stream-hang",
  "stream-unfinished",
] as const;

export type GenerationFault = (typeof GENERATION_FAULTS)[number];

/** Faults that decide how a job ends. */
export const JOB_FATES = [
  "job-failed",
  "job-expired",
  "job-cancelled",
  "job-endless",
  "job-all-rows-failed",
] as const;

export type JobFate = (typeof JOB_FATES)[number];

/** Further faults of a job: when it is created, when it is read, and when its output is read. */
export type JobFault =
  | JobFate
  | "job-refused"
  | "create-unavailable-after"
  | "create-cut-after"
  | "job-unknown"
  | "job-forbidden"
  | "download-drop"
  | "output-gone"
  | "unknown-state";

/** Faults of one text of a job. `row-failed` also fails the text in calls. */
export const ROW_FAULTS = [
  "row-failed",
  "row-missing",
  "row-duplicate",
  "row-unknown-key",
  "row-wrong-length",
] as const;

export type RowFault = (typeof ROW_FAULTS)[number];

export type FaultName = CallFault | GenerationFault | JobFault | RowFault;
