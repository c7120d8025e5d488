/** What can go wrong with a call. */
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

/** What else can go wrong with an answer that is written; `stream-…` in a stream alone. */
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

/** How a job can end otherwise than well. */
export const JOB_FATES = [
  "job-failed",
  "job-expired",
  "job-cancelled",
  "job-endless",
  "job-all-rows-failed",
] as const;

export type JobFate = (typeof JOB_FATES)[number];

/** What else can go wrong with a job: its creation, reading it, reading its output. */
export type JobFault =
  | JobFate
  | "job-refused"
  | "create-unavailable-after"
  | "create-cut-after"
  | "job-unknown"
  | "job-forbidden"
  | "download-drop"
  | "unknown-state";

/** What can go wrong with one text of a job. `row-failed` fails it in calls, too. */
export const ROW_FAULTS = [
  "row-failed",
  "row-missing",
  "row-duplicate",
  "row-unknown-key",
  "row-wrong-length",
] as const;

export type RowFault = (typeof ROW_FAULTS)[number];

export type FaultName = CallFault | GenerationFault | JobFault | RowFault;
