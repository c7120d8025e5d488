import { SiteragError } from "../words/errors.ts";

/**
 * What LanceDB says if files of a table are missing, cut short or overwritten, or if another program
 * wrote the table.
 */
const DAMAGE =
  /file size is too small|Invalid range|Not found:|invalid magic|does not appear to be|corrupt|unexpected EOF|fill whole buffer|No field named|failed to decode|Panic in/iu;

/** The first pattern that fits says what is wrong, and what to do. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/os error (?:28|112|122)\)|ENOSPC|EDQUOT/u, "the disk is full. Free some space, then try again"],
  [
    /os error (?:1|13|30)\)|EACCES|EPERM|EROFS/u,
    "siterag may not write there. Change its permissions, or set store.uri to another folder",
  ],
  [
    /os error (?:17|20)\)|EEXIST|ENOTDIR/u,
    "a file is where a folder should be. Move it, or set store.uri to another folder",
  ],
  [/conflict|concurrent/iu, "another program wrote to it at the same time. Try again"],
  [
    DAMAGE,
    "files of the store are missing or damaged. Run `siterag index`, which rebuilds them or says what is lost",
  ],
];

const textOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/**
 * Makes STORE_FAILED of what LanceDB or the file system reports. The message gives a known reason and what
 * to do, or else LanceDB's first sentence without Rust paths.
 */
export function storeError(action: string, cause: unknown): SiteragError {
  if (cause instanceof SiteragError) return cause;
  const text = textOf(cause);
  const known = REASONS.find(([pattern]) => pattern.test(text))?.[1];
  const [first = text] = text.split(/\n|, \/|Caused by/u);
  const plain = first.replaceAll(/lance error: |LanceError\(\w+\): |GenericFailure, /gu, "").trim();
  return new SiteragError("STORE_FAILED", `Could not ${action}: ${known ?? plain}.`, { cause });
}

/** Whether an error says that files of a table are missing or damaged, or written by another program. */
export const isDamage = (error: unknown): boolean =>
  error instanceof SiteragError && DAMAGE.test(textOf(error.cause));

/** Waits for LanceDB. Its errors become STORE_FAILED, with a message that names the action. */
export const wrapped = <Value>(action: string, promise: Promise<Value>): Promise<Value> =>
  promise.catch((cause: unknown) => {
    throw storeError(action, cause);
  });
