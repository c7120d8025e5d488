import { SiteragError, toError } from "../words/errors.ts";
import type { EmbeddingResult, PlanItem, SettledItem } from "../words/types.ts";
import { checkVectors } from "./check-vectors.ts";

import type { JobRow } from "../sending/service.ts";

/**
 * Finds the row of each item by its key, whatever the order. A text without a row, or with two that
 * differ, fails alone.
 */
export function settleRows(
  items: readonly PlanItem[],
  rows: readonly JobRow[],
  dimensions: number,
): SettledItem[] {
  const byKey = Map.groupBy(rows, (row) => row.key);
  return items.map((item) => ({
    item,
    result: resultOf(byKey.get(item.fingerprint) ?? [], dimensions),
  }));
}

function resultOf(rows: readonly JobRow[], dimensions: number): EmbeddingResult {
  const [row] = rows;
  if (row === undefined || rows.length > 1) {
    const message = `The job's answer is malformed: ${rows.length} rows came back for one text.`;
    return { status: "failed", error: new SiteragError("ANSWER_MALFORMED", message) };
  }
  if ("error" in row) return { status: "failed", error: row.error };
  try {
    checkVectors([row.vector], 1, dimensions);
    return { status: "ok", vector: row.vector, route: "batch" };
  } catch (cause) {
    return { status: "failed", error: toError(cause) };
  }
}

/** Where the service has said of a text why the job could not embed it, the call adds nothing. */
export function withReason({ item, result }: SettledItem, error: Error | undefined): SettledItem {
  const isTold = error instanceof SiteragError && error.code === "EMBEDDING_FAILED";
  const isOfText =
    result.status === "failed" &&
    result.error instanceof SiteragError &&
    OF_TEXT.has(result.error.code);
  return isTold && isOfText ? { item, result: { status: "failed", error } } : { item, result };
}

/** Failures of a call that may be the text's own. */
const OF_TEXT: ReadonlySet<string> = new Set(["EMBEDDING_FAILED", "INVALID_REQUEST"]);
