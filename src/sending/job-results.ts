import { FAILS_ALL, SiteragError, toError } from "../words/errors.ts";
import type { PlanItem, SettledItem, Strategy, Tokens } from "../words/plans.ts";
import type { Logger, Result, Unfinished } from "../words/types.ts";
import type { EngineOptions } from "./engine-options.ts";
import type { JobRow, Provider, RowTokens } from "./provider.ts";
import type { JobOutcome } from "./run-job.ts";

type Contents = EngineOptions<never, unknown>["contents"];

/** The outcome of one text of a job, by the rows of the job. */
export interface SettledRow<Output> extends SettledItem<Output> {
  /** It has its answer, or will never have one. If not, it is sent again. */
  readonly isServed: boolean;
  /** The service charges nothing for it. */
  readonly isFree: boolean;
  /** As in `JobRow`. */
  readonly tokens: RowTokens | null;
}

/**
 * Finds the row of each item by its key; rows come in any order. A text without a row, or with two,
 * fails alone. In a cancelled job, a text without a row is not charged.
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

/** About so many texts are settled together. Committing copies their answers: a few megabytes. */
const PIECE = 500;

/** Settles texts some at a time. Each time is a commit, so the pieces are alike: a small rest would be one, too. */
export async function inPieces<Output>(
  rows: readonly SettledRow<Output>[],
  settle: (settled: readonly SettledItem<Output>[]) => Promise<void>,
): Promise<void> {
  const size = Math.ceil(rows.length / Math.max(1, Math.round(rows.length / PIECE)));
  for (let at = 0; at < rows.length; at += size)
    await settle(rows.slice(at, at + size).map(({ item, result }) => ({ item, result })));
}

function resultOf<Output>(
  rows: readonly JobRow<Output>[],
  check: Provider<unknown, Output>["check"],
): Result<Output> {
  const [row] = rows;
  if (row === undefined || rows.length > 1) {
    const message = `The answer of the batch job is malformed: it has ${rows.length} rows for one text.`;
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

/** Tokens that count for a row: as it says, else as estimated. */
export const chargedFor = (tokens: RowTokens | null, estimated: number): Tokens => ({
  input: tokens?.input ?? estimated,
  output: tokens?.output ?? 0,
});

/** Failures of a call that the text itself may have caused. */
const OF_TEXT: ReadonlySet<string> = new Set(["EMBEDDING_FAILED", "INVALID_REQUEST"]);

/** If job and call both failed because of the text, reports what the service said in the job. */
export function withReason<Output>(
  { item, result }: SettledItem<Output>,
  inJob: Result<Output> | undefined,
): SettledItem<Output> {
  const isTold = inJob !== undefined && codeOf(inJob) === "EMBEDDING_FAILED";
  return { item, result: isTold && OF_TEXT.has(codeOf(result)) ? inJob : result };
}

const codeOf = <Output>(result: Result<Output>): string =>
  result.status === "failed" && result.error instanceof SiteragError ? result.error.code : "";

/** The result of every text of a job that gave no rows. */
export function resultWithoutRows(
  outcome: Exclude<JobOutcome<unknown>, { readonly kind: "rows" | "refused" }>,
  contents: Contents,
): Unfinished {
  if (outcome.kind === "failed") return { status: "failed", error: outcome.error };
  if (outcome.kind === "ended") {
    const message = `${outcome.reason} Run \`siterag index\` to send its ${contents}s again.`;
    return { status: "failed", error: new SiteragError("JOB_FAILED", message) };
  }
  const { error, job, reason } = outcome;
  // A job that no later run can read without the user's help is a failure.
  return error !== undefined && FAILS_ALL.has(error.code)
    ? { status: "failed", error: new SiteragError(error.code, reason) }
    : { status: "pending", job, reason, ...(error === undefined ? {} : { error }) };
}

/** The refused jobs of a run. The log tells one of them; an account without jobs is asked once. */
export class JobRefusals {
  #isTold = false;
  /** Why this account takes no jobs, once the service has said so. */
  final: SiteragError | null = null;

  /**
   * The result of every text of a refused job; null: they go by calls. Under `batch` they wait for a
   * later run, unless the account has no jobs: then they would never be sent.
   */
  resultOf(
    error: SiteragError,
    strategy: Strategy,
    contents: Contents,
    logger: Partial<Logger> = {},
  ): Unfinished | null {
    if (strategy === "batch" && error.code === "RATE_LIMITED") {
      const reason = `${error.message} Run \`siterag index\` again later.`;
      return { status: "pending", job: null, reason };
    }
    if (error.code === "BATCH_UNAVAILABLE") this.final ??= error;
    if (!this.#isTold) {
      logger.warn?.(`${error.message} Its ${contents}s are sent in individual calls instead.`);
    }
    this.#isTold = true;
    return null;
  }
}
