import { safeMessage } from "./safe-message.ts";

/** Every kind of failure that siterag reports, with its exit code on the command line. */
const EXIT_CODES = {
  USAGE: 2,
  CONFIG_INVALID: 2,
  CONFIG_UNREADABLE: 2,
  CONTENT_ROOT_MISSING: 2,
  KEY_MISSING: 2,
  INDEX_MISSING: 2,
  PAGE_UNKNOWN: 2,
  PAGE_UNREADABLE: 1,
  INVALID_REQUEST: 1,
  AUTHENTICATION_FAILED: 1,
  BATCH_UNAVAILABLE: 1,
  BUDGET_REACHED: 1,
  EMBEDDING_FAILED: 1,
  MODEL_UNAVAILABLE: 1,
  POOL_EXHAUSTED: 1,
  QUOTA_OF_DAY: 1,
  RATE_LIMITED: 1,
  TIMEOUT: 1,
  UNAVAILABLE: 1,
  JOB_FAILED: 1,
  ANSWER_MALFORMED: 1,
  ANSWER_BLOCKED: 1,
  STORE_LOCKED: 1,
  STORE_FAILED: 1,
  INTERRUPTED: 130,
} as const;

/** The name of a kind of failure. */
export type ErrorCode = keyof typeof EXIT_CODES;

/** Failures that hit every text: after one of them, no other text can succeed. */
export const FAILS_ALL: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "AUTHENTICATION_FAILED",
  "MODEL_UNAVAILABLE",
]);

/**
 * The one error class of siterag. The message says what failed, where, and what to do next;
 * it never contains a key, a header or a whole text (see `safeMessage`).
 */
export class SiteragError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(safeMessage(message), options);
    this.name = "SiteragError";
    this.code = code;
  }

  /** Exit code of a command that ends with this error. */
  get exitCode(): number {
    return EXIT_CODES[this.code];
  }
}

/** Turns a thrown value into an error; an error stays as it is. */
export const toError = (cause: unknown): Error =>
  cause instanceof Error ? cause : new Error(String(cause));
