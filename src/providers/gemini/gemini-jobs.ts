import { CallFailure } from "../../sending/call-failure.ts";
import { withRetries, type RetryPolicy } from "../../sending/retry.ts";
import type {
  FoundJob,
  JobOrder,
  JobRow,
  JobService,
  JobStatus,
  RetryBounds,
  Upload,
} from "../../sending/provider.ts";
import { SiteragError } from "../../words/errors.ts";
import type { Clock } from "../../words/types.ts";
import type { BatchApi } from "./batch-api.ts";
import type { BatchOperation } from "./batch-operation.ts";
import { malformed } from "./gemini-failure.ts";
import { fileOf } from "./job-file.ts";

/** How one kind of job writes its input file and reads its output file. */
export interface JobFormat<Input, Output> {
  /** The model's method that creates the job. */
  readonly method: "asyncBatchEmbedContent" | "batchGenerateContent";
  /** The lines of the input file: one request each, with the key of its row in the output file. */
  readonly linesOf: (order: JobOrder<Input>) => Iterable<string>;
  /** Estimated tokens of each text as it is sent. */
  readonly tokensOf: (order: JobOrder<Input>) => readonly number[];
  /** Rethrows a failed creation in words for this kind of job. */
  readonly throwFailure: (cause: unknown) => never;
  /** Reads a line of the output file. Null: it is not a row, so that its text counts as missing. */
  readonly rowOf: (line: string) => JobRow<Output> | null;
  readonly countedWhen: JobService<Input, Output>["countedWhen"];
}

interface GeminiJobsOptions<Input, Output> {
  readonly api: BatchApi;
  readonly model: string;
  readonly format: JobFormat<Input, Output>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly retries: RetryPolicy;
}

/** Runs jobs on the Batch API. Always sends a file with keys: inline rows may return in another order. */
export class GeminiJobs<Input, Output> implements JobService<Input, Output> {
  readonly countedWhen: JobService<Input, Output>["countedWhen"];
  readonly #api: BatchApi;
  readonly #options: GeminiJobsOptions<Input, Output>;

  constructor(options: GeminiJobsOptions<Input, Output>) {
    this.#api = options.api;
    this.#options = options;
    this.countedWhen = options.format.countedWhen;
  }

  async upload(order: JobOrder<Input>, patience: RetryBounds): Promise<Upload> {
    const { format } = this.#options;
    const jsonl = fileOf(() => format.linesOf(order));
    const upload = () => this.#api.upload(jsonl, order.displayName, patience.signal);
    const name = await this.#repeated(upload, patience);
    return { name, tokens: format.tokensOf(order) };
  }

  create({ displayName }: JobOrder<Input>, upload: Upload, signal: AbortSignal): Promise<string> {
    const { format, model } = this.#options;
    return this.#api
      .create(`${model}:${format.method}`, displayName, upload.name, signal)
      .catch((cause: unknown) => format.throwFailure(createFailure(cause)));
  }

  async find(displayName: string, patience: RetryBounds): Promise<readonly FoundJob[]> {
    const jobs = await this.#list(patience);
    return jobs.filter((job) => job.displayName === displayName);
  }

  async status(name: string, signal?: AbortSignal): Promise<JobStatus | null> {
    const operation = await this.#api.read(name, signal).catch(orNothing);
    if (operation !== null) return operation.status;
    // One denial is no proof: siterag would pay again for a job that it wrongly takes for lost.
    const listed = await this.#list({ signal, until: this.#options.clock.now() });
    if (listed.every((job) => job.name !== name)) return null;
    throw malformed(`denies batch job ${name}, but its job list holds it`);
  }

  async rows(name: string, patience: RetryBounds): Promise<readonly JobRow<Output>[]> {
    let rows: readonly JobRow<Output>[] = [];
    let tries = 0;
    let denials = 0;
    const download = async (): Promise<void> => {
      tries += 1;
      const operation = await this.#api.read(name, patience.signal).catch(unlessGone);
      rows = await this.#rowsOf(operation, patience).catch((cause: unknown) => {
        if (isGone(cause)) denials += 1;
        return unlessGone(cause);
      });
      if (rows.length < operation.rows && !this.#isTooOld(operation)) {
        throw malformed(`holds ${rows.length} of the ${operation.rows} rows of batch job ${name}`);
      }
    };
    await this.#repeated(download, patience).catch((cause: unknown) => {
      if (patience.signal?.aborted === true) throw cause;
      // One denial is no proof, but an output that is denied at every try has gone.
      const isLost = tries > 1 && denials === tries;
      // One missing row must not hold back the others.
      if (rows.length === 0 && !isLost) throw cause;
    });
    return rows;
  }

  async #rowsOf(
    operation: BatchOperation,
    { signal }: RetryBounds,
  ): Promise<readonly JobRow<Output>[]> {
    const { outputFile, status } = operation;
    if (outputFile === null) {
      const isWrong = status.end === "SUCCEEDED" && !this.#isTooOld(operation);
      if (isWrong) throw malformed("names no output file for a batch job that succeeded");
      return [];
    }
    try {
      return await this.#api.download(outputFile, this.#options.format.rowOf, signal);
    } catch (cause) {
      if (this.#isTooOld(operation)) return orNothing(cause) ?? [];
      throw cause;
    }
  }

  #isTooOld({ createdAt }: BatchOperation): boolean {
    return this.#options.clock.now() - createdAt > OUTPUT_LIFE_MS;
  }

  async cancel(name: string, patience: RetryBounds): Promise<void> {
    await this.#repeated(() => this.#api.cancel(name, patience.signal), patience).catch(orNothing);
  }

  async tidy(name: string, { signal }: RetryBounds): Promise<void> {
    const file = (await this.#api.read(name, signal).catch(() => null))?.inputFile ?? null;
    // If this fails, the service deletes the file within two days.
    if (file !== null) await this.#api.deleteFile(file, signal).catch(() => undefined);
  }

  /** Gives up on a list that does not end: the service alone says whether there is another page. */
  async #list(patience: RetryBounds): Promise<readonly FoundJob[]> {
    const { clock } = this.#options;
    const listed: FoundJob[] = [];
    const tokens = new Set<string | undefined>();
    const until = Math.max(patience.until, clock.now() + LIST_MS);
    let token: string | undefined;
    do {
      if (tokens.has(token) || tokens.size >= MOST_PAGES || clock.now() > until) {
        throw malformed(`continues its job list without end (${tokens.size} pages so far)`);
      }
      tokens.add(token);
      const pageToken = token;
      const list = () => this.#api.list(pageToken, patience.signal);
      const { jobs, next } = await this.#repeated(list, patience);
      listed.push(...jobs);
      token = next;
    } while (token !== undefined);
    return listed;
  }

  #repeated<Value>(attempt: () => Promise<Value>, patience: RetryBounds): Promise<Value> {
    const { clock, random, retries } = this.#options;
    return withRetries(attempt, {
      policy: retries,
      clock,
      random,
      ...patience,
    });
  }
}

/** Of a hundred jobs each: far more than an account orders in the six weeks that the service keeps them. */
const MOST_PAGES = 100;

/** A list may take this long, even after the deadline. */
const LIST_MS = 60_000;

/** The service keeps files for two days: https://ai.google.dev/gemini-api/docs/files */
const OUTPUT_LIFE_MS = 48 * 3_600_000;

/**
 * Whether the service says that it has no such job or file: by its own 404 (a gateway's names no status),
 * or by 403 and words that leave open which of the two it is (python-genai issue #1218).
 */
const isGone = (cause: unknown): boolean =>
  cause instanceof CallFailure &&
  / 404 NOT_FOUND\b| 403 PERMISSION_DENIED: .* may not exist\b/u.test(cause.error.message);

/** The job or file was there a moment ago, so a retry may help. */
function unlessGone(cause: unknown): never {
  throw isGone(cause) ? malformed("denies a job or file that it showed before") : cause;
}

/** Returns null when the service knows no such job or file; rethrows every other failure. */
function orNothing(cause: unknown): null {
  if (isGone(cause)) return null;
  throw cause;
}

/** After these failures the service may have created the job. */
const UNSURE: ReadonlySet<string> = new Set(["UNAVAILABLE", "TIMEOUT", "ANSWER_MALFORMED"]);

/** Ignores a longer retry delay: the texts can go by individual calls instead. */
const LONGEST_HINT_MS = 60_000;

/** What a failed creation means for the caller. */
function createFailure(cause: unknown): unknown {
  if (!(cause instanceof CallFailure)) return cause;
  const { error, retryAfterMs } = cause;
  if (UNSURE.has(error.code)) return new CallFailure(error, "retry", { isLost: true });
  if (error.code === "RATE_LIMITED") {
    const isSoon = retryAfterMs !== null && retryAfterMs <= LONGEST_HINT_MS;
    return new CallFailure(error, "retry", { retryAfterMs: isSoon ? retryAfterMs : null });
  }
  if (!/ FAILED_PRECONDITION\b/u.test(error.message)) return cause;
  const message = `This account cannot create batch jobs. ${error.message}`;
  return new CallFailure(new SiteragError("BATCH_UNAVAILABLE", message), "fail");
}
