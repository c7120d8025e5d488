import { SiteragError, toError } from "../words/errors.ts";
import type { PlanItem, SettledItem } from "../words/plans.ts";
import type { Result } from "../words/types.ts";
import type { JobRow, Provider, RowTokens } from "./provider.ts";

/** What the rows of a job say of one of its texts. */
export interface SettledRow<Output> extends SettledItem<Output> {
  /** It has its answer, or will have none. If not, it is to be sent again. */
  readonly isServed: boolean;
  /** The service charges nothing for it. */
  readonly isFree: boolean;
  /** As in `JobRow`. */
  readonly tokens: RowTokens | null;
}

/**
 * Finds the row of each item by its key, whatever the order. A text without a row, or with two, fails
 * alone. Of a job that was cancelled, a text without a row is not charged.
 */
export function settleRows<Output>(
  items: readonly PlanItem[],
  rows: readonly JobRow<Output>[],
  check: Provider<unknown, Output>["check"],
  isCancelled: boolean,
): SettledRow<Output>[] {
  const byKey = Map.groupBy(rows, (row) => row.key);
  return items.map((item) => {
    const found = byKey.get(item.fingerprint) ?? [];
    const result = resultOf(found, check);
    const [first] = found;
    const isFinal = found.some((row) => "error" in row && row.isFinal === true);
    const isRefused = first !== undefined && "error" in first && first.isFree === true;
    return {
      item,
      result,
      isServed: result.status === "ok" || isFinal,
      isFree: first === undefined ? isCancelled : isRefused,
      tokens: first?.tokens ?? null,
    };
  });
}

function resultOf<Output>(
  rows: readonly JobRow<Output>[],
  check: Provider<unknown, Output>["check"],
): Result<Output> {
  const [row] = rows;
  if (row === undefined || rows.length > 1) {
    const message = `The job's answer is malformed: ${rows.length} rows came back for one text.`;
    return { status: "failed", error: new SiteragError("ANSWER_MALFORMED", message) };
  }
  if ("error" in row) return { status: "failed", error: row.error };
  try {
    check([row.output], 1);
    return { status: "ok", route: "batch", ...row.output };
  } catch (cause) {
    return { status: "failed", error: toError(cause) };
  }
}

/** Where the service has said of a text why the job could not serve it, the call adds nothing. */
export function withReason<Output>(
  { item, result }: SettledItem<Output>,
  error: Error | undefined,
): SettledItem<Output> {
  const isTold = error instanceof SiteragError && error.code === "EMBEDDING_FAILED";
  const isOfText =
    result.status === "failed" &&
    result.error instanceof SiteragError &&
    OF_TEXT.has(result.error.code);
  return isTold && isOfText ? { item, result: { status: "failed", error } } : { item, result };
}

/** Failures of a call that may be the text's own. */
const OF_TEXT: ReadonlySet<string> = new Set(["EMBEDDING_FAILED", "INVALID_REQUEST"]);
