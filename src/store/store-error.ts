import { SiteragError } from "../words/errors.ts";

/** LanceDB's messages run over many lines of Rust paths: keep the first sentence. */
export function storeError(action: string, cause: unknown): SiteragError {
  if (cause instanceof SiteragError) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  const [first = text] = text.split(/\n|, \/|Caused by/u);
  return new SiteragError("STORE_FAILED", `Could not ${action}: ${first.trim()}`, { cause });
}

/** Waits for LanceDB; what it throws is named by the action. */
export async function wrapped<Value>(action: string, promise: Promise<Value>): Promise<Value> {
  try {
    return await promise;
  } catch (cause) {
    throw storeError(action, cause);
  }
}
