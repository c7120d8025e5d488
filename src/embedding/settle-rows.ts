import { SiteragError, toError } from "../errors.ts";
import type { EmbeddingResult, PlanItem } from "../types.ts";
import { checkVectors } from "./check-vectors.ts";
import type { SettledItem } from "./client.ts";
import type { JobRow } from "./service.ts";

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
