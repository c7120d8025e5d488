import { FAILS_ALL, SiteragError } from "../words/errors.ts";
import type { Strategy } from "../words/plans.ts";
import type { Logger, Unfinished } from "../words/types.ts";
import type { EngineOptions } from "./engine-options.ts";
import type { JobOutcome } from "./run-job.ts";

/** What a job is made of. */
type Contents = EngineOptions<never, unknown>["contents"];

/** What an outcome means for all that was in a job. */
export function resultWithoutRows(
  outcome: Exclude<JobOutcome<unknown>, { readonly kind: "rows" | "refused" }>,
  contents: Contents,
): Unfinished {
  if (outcome.kind === "failed") return { status: "failed", error: outcome.error };
  if (outcome.kind === "ended") {
    const message = `${outcome.reason} Run \`siterag index\` again to send its ${contents}s anew.`;
    return { status: "failed", error: new SiteragError("JOB_FAILED", message) };
  }
  const { error, job, reason } = outcome;
  // What no later run can read by itself is no success.
  return error !== undefined && FAILS_ALL.has(error.code)
    ? { status: "failed", error: new SiteragError(error.code, reason) }
    : { status: "pending", job, reason };
}

interface RefusalOptions {
  readonly strategy: Strategy;
  readonly contents: Contents;
  readonly logger?: Partial<Pick<Logger, "warn">> | undefined;
}

/** The refusals of a run's jobs. They are told once; an account without jobs is asked once. */
export class JobRefusals {
  readonly #options: RefusalOptions;
  #final: SiteragError | null = null;
  #isTold = false;

  constructor(options: RefusalOptions) {
    this.#options = options;
  }

  /** Why this account takes no jobs, once it has said so. */
  get final(): SiteragError | null {
    return this.#final;
  }

  /**
   * What becomes of all that was to be in a job; null: it goes by calls. Under `batch` the user has
   * chosen to wait, but for an account without jobs that would be for ever.
   */
  resultOf(error: SiteragError): Unfinished | null {
    const { contents, logger, strategy } = this.#options;
    if (strategy === "batch" && error.code === "RATE_LIMITED") {
      const reason = `${error.message} Run \`siterag index\` again later.`;
      return { status: "pending", job: null, reason };
    }
    if (error.code === "BATCH_UNAVAILABLE") this.#final ??= error;
    if (!this.#isTold) {
      logger?.warn?.(`${error.message} Its ${contents}s go by individual calls instead.`);
    }
    this.#isTold = true;
    return null;
  }
}
