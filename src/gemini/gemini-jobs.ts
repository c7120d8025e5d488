import { estimateTokens } from "../chunking/tokens.ts";
import { CallFailure } from "../embedding/call-failure.ts";
import { RETRY_POLICY, withRetries } from "../embedding/retry.ts";
import type {
  FoundJob,
  JobOrder,
  JobRow,
  JobService,
  JobStatus,
  Upload,
} from "../embedding/service.ts";
import { SiteragError } from "../errors.ts";
import type { Clock } from "../types.ts";
import type { BatchApi } from "./batch-api.ts";
import { fromJsonl, toJsonl } from "./batch-jsonl.ts";
import type { JobForm } from "./batch-jsonl.ts";
import type { BatchOperation } from "./batch-operation.ts";
import { malformed } from "./gemini-failure.ts";

export interface GeminiJobsOptions extends JobForm {
  readonly api: BatchApi;
  readonly clock: Clock;
  readonly random: () => number;
}

/** The Batch API as a `JobService`: always a file with keys, for inline rows may come shuffled. */
export class GeminiJobs implements JobService {
  readonly #options: GeminiJobsOptions;

  constructor(options: GeminiJobsOptions) {
    this.#options = options;
  }

  async upload(order: JobOrder, signal?: AbortSignal): Promise<Upload> {
    const jsonl = toJsonl(order, this.#options);
    const { api, form } = this.#options;
    const upload = (): Promise<string> => api.upload(jsonl, order.displayName, signal);
    const name = await this.#retried(upload, signal);
    const texts = order.texts.map(({ input }) => form.textOf(input, order.taskType));
    return { name, tokens: texts.reduce((sum, text) => sum + estimateTokens(text), 0) };
  }

  create(order: JobOrder, upload: Upload): Promise<string> {
    const { api, model } = this.#options;
    return api.create(model, order.displayName, upload.name).catch((cause: unknown) => {
      throw createFailure(cause);
    });
  }

  async find(displayName: string, signal?: AbortSignal): Promise<readonly FoundJob[]> {
    const found: FoundJob[] = [];
    let pageToken: string | undefined;
    do {
      const token = pageToken;
      const { jobs, next } = await this.#retried(() => this.#options.api.list(token), signal);
      found.push(...jobs.filter((job) => job.displayName === displayName));
      pageToken = next;
    } while (pageToken !== undefined);
    return found;
  }

  async status(name: string, signal?: AbortSignal): Promise<JobStatus | null> {
    return (await this.#read(name, signal))?.status ?? null;
  }

  async rows(name: string, signal?: AbortSignal): Promise<readonly JobRow[]> {
    const operation = await this.#read(name, signal);
    const file = operation?.outputFile ?? null;
    if (operation === null || file === null) return [];
    let rows: readonly JobRow[] = [];
    const download = async (): Promise<void> => {
      rows = fromJsonl(await this.#options.api.download(file, signal));
      if (rows.length < operation.rows) {
        throw malformed(`has ${rows.length} rows of a batch job that has ${operation.rows}`);
      }
    };
    await this.#retried(download, signal).catch((cause: unknown) => {
      // A row that never comes must not keep back the others; an answer without any is no output.
      if (rows.length === 0) orNothing(cause);
    });
    return rows;
  }

  async cancel(name: string): Promise<void> {
    await this.#retried(() => this.#options.api.cancel(name)).catch(orNothing);
  }

  async tidy(name: string): Promise<void> {
    const { api } = this.#options;
    const file = (await this.#read(name).catch(() => null))?.inputFile ?? null;
    // It would go by itself within two days.
    if (file !== null) await api.deleteFile(file).catch(() => undefined);
  }

  #read(name: string, signal?: AbortSignal): Promise<BatchOperation | null> {
    return this.#retried(() => this.#options.api.read(name), signal).catch(orNothing);
  }

  #retried<Value>(attempt: () => Promise<Value>, signal?: AbortSignal): Promise<Value> {
    const { clock, random } = this.#options;
    return withRetries(attempt, {
      policy: RETRY_POLICY,
      clock,
      random,
      signal: signal ?? new AbortController().signal,
      onFailure: () => undefined,
    });
  }
}

/** What is not there is null; every other failure goes on. */
function orNothing(cause: unknown): null {
  if (cause instanceof CallFailure && cause.error.code === "MODEL_UNAVAILABLE") return null;
  throw cause;
}

/** Codes of failures after which there may be a job all the same. */
const UNSURE: ReadonlySet<string> = new Set(["UNAVAILABLE", "TIMEOUT", "ANSWER_MALFORMED"]);

/** Longest wait that is taken on for a place in the queue; there is another road. */
const LONGEST_HINT_MS = 60_000;

/** What a failed creation means. */
function createFailure(cause: unknown): unknown {
  if (!(cause instanceof CallFailure)) return cause;
  const { error, retryAfterMs } = cause;
  if (UNSURE.has(error.code)) return new CallFailure(error, "retry", { isLost: true });
  if (error.code === "RATE_LIMITED") {
    const isSoon = retryAfterMs !== null && retryAfterMs <= LONGEST_HINT_MS;
    return new CallFailure(error, "retry", { retryAfterMs: isSoon ? retryAfterMs : null });
  }
  if (!/ FAILED_PRECONDITION\b/u.test(error.message)) return cause;
  const message = `This account has no batch jobs. ${error.message}`;
  return new CallFailure(new SiteragError("BATCH_UNAVAILABLE", message), "fail");
}
