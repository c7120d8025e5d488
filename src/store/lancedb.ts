import { SiteragError } from "../words/errors.ts";

/** Loads LanceDB's native library, and words its errors. */

// The library reads these once, while it loads. By default it logs a lot.
process.env["LANCEDB_LOG"] ??= "error";
// How many rows are merged at a time. The default, 8,192 rows, takes 38 MB of vectors and text.
process.env["LANCE_DEFAULT_BATCH_SIZE"] ??= "256";
export const lancedb: typeof import("@lancedb/lancedb") = await import("@lancedb/lancedb");

/** Keeps the first sentence of LanceDB's message; many lines of Rust paths follow it. */
export function storeError(action: string, cause: unknown): SiteragError {
  if (cause instanceof SiteragError) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  const [first = text] = text.split(/\n|, \/|Caused by/u);
  return new SiteragError("STORE_FAILED", `Could not ${action}: ${first.trim()}`, { cause });
}

/** Waits for LanceDB. Its errors become STORE_FAILED, with a message that names the action. */
export const wrapped = <Value>(action: string, promise: Promise<Value>): Promise<Value> =>
  promise.catch((cause: unknown) => {
    throw storeError(action, cause);
  });
