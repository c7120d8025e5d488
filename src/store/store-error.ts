import { SiteragError } from "../words/errors.ts";

/** Keeps the first sentence of LanceDB's message; many lines of Rust paths follow it. */
export function storeError(action: string, cause: unknown): SiteragError {
  if (cause instanceof SiteragError) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  const [first = text] = text.split(/\n|, \/|Caused by/u);
  return new SiteragError("STORE_FAILED", `Could not ${action}: ${first.trim()}`, { cause });
}

/** Waits for LanceDB. Its errors become STORE_FAILED, with a message that names the action. */
export async function wrapped<Value>(action: string, promise: Promise<Value>): Promise<Value> {
  try {
    return await promise;
  } catch (cause) {
    throw storeError(action, cause);
  }
}
