import { ReaderError } from "../reader/reader-error.ts";
import { SiteragError, type ErrorCode } from "../words/errors.ts";

const CODES: Readonly<Record<ReaderError["code"], ErrorCode>> = {
  missing: "INDEX_MISSING",
  newer: "STORE_FAILED",
  incomplete: "STORE_FAILED",
  damaged: "STORE_FAILED",
  unreachable: "UNAVAILABLE",
};

/** Waits for what a reader does. Its errors become those of siterag. */
export const asOurs = <Value>(promise: Promise<Value>): Promise<Value> =>
  promise.catch((cause: unknown) => {
    if (!(cause instanceof ReaderError)) throw cause;
    throw new SiteragError(CODES[cause.code], cause.message, { cause });
  });
