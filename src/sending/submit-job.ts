import { createHash } from "node:crypto";
import { taskOf } from "../planning/pack.ts";
import { SiteragError } from "../words/errors.ts";
import type { JobRecord, PlanItem } from "../words/plans.ts";
import { isTemporary } from "./await-job.ts";
import { CallFailure } from "./call-failure.ts";
import { cutAfterGrace } from "./grace.ts";
import { patienceOf, type JobContext } from "./job-context.ts";
import type { FoundJob, JobOrder, JobService, RetryBounds, Upload } from "./provider.ts";
import { withRetries } from "./retry.ts";

/** Longer than one try to create a job can take. */
export const LEASE_MS = 45_000;

export type NamedJob = JobRecord & { readonly name: string };

/** Why there is no job to wait for. */
export type NoJob =
  /** It may exist (`mayExist`), or it could not be created yet. */
  | {
      readonly kind: "pending";
      readonly job: null;
      readonly reason: string;
      readonly error?: SiteragError;
      readonly mayExist?: true;
    }
  /** The service takes no job now, or never takes one from this account. */
  | { readonly kind: "refused"; readonly error: SiteragError }
  | { readonly kind: "failed"; readonly error: SiteragError };

/**
 * Makes sure that there is one job for a pack of texts and gives its record. In this order: writes the
 * intent into the ledger, adopts the job that the account already has, and only then creates one. The
 * record leaves the ledger only when it is certain that no job exists. Throws what the ledger throws.
 */
export async function submitJob<Input>(
  items: readonly PlanItem[],
  context: JobContext<Input, unknown>,
): Promise<{ readonly kind: "job"; readonly record: NamedJob } | NoJob> {
  const { ledger, service, signal } = context;
  const intent = intentOf(items, context);
  const known = await ledger.insert(intent);
  if (known.name !== null) return { kind: "job", record: { ...known, name: known.name } };
  const record = { ...intent, skipped: known.skipped };
  const patience = patienceOf(context);
  const creation = new Creation(record, context);
  let name: string;
  try {
    name = (await adopt(record, service, patience)) ?? (await creation.create(items, patience));
  } catch (cause) {
    if (!(cause instanceof CallFailure) && signal?.aborted !== true) throw cause;
    if (creation.mayExist) return unsure(cause);
    await ledger.close(record.displayName);
    return noJob(cause, creation.isRefused);
  }
  const created = { ...record, name };
  await ledger.update(created);
  return { kind: "job", record: created };
}

function intentOf(
  items: readonly PlanItem[],
  {
    ledger,
    clock,
    space,
    tokens,
  }: Pick<JobContext<never, unknown>, "ledger" | "clock" | "space" | "tokens">,
): JobRecord {
  const now = clock.now();
  const fingerprints = items.map((item) => item.fingerprint);
  // The same work has the same name, whoever orders it and when.
  const hash = createHash("sha256").update(fingerprints.toSorted().join("\n")).digest("hex");
  return {
    displayName: `siterag-${hash.slice(0, 40)}`,
    name: null,
    fingerprints,
    tokens,
    space,
    index: ledger.index,
    owner: ledger.owner,
    skipped: [],
    leaseUntil: now + LEASE_MS,
    createdAt: new Date(now).toISOString(),
  };
}

const unsure = (cause: unknown): NoJob => ({
  kind: "pending",
  job: null,
  mayExist: true,
  ...(cause instanceof CallFailure ? { error: cause.error } : {}),
  reason: `${cause instanceof CallFailure ? cause.error.message : "Interrupted while a batch job was created."} The job may exist; the next \`siterag index\` will check.`,
});

function noJob(cause: unknown, isRefused: boolean): NoJob {
  if (!(cause instanceof CallFailure)) {
    return {
      kind: "pending",
      job: null,
      reason: "Interrupted before a batch job was created. Run `siterag index` again.",
    };
  }
  const { error } = cause;
  const isQueueFull = isRefused && error.code === "RATE_LIMITED";
  if (isQueueFull || error.code === "BATCH_UNAVAILABLE") return { kind: "refused", error };
  if (!isTemporary(cause) && error.code !== "QUOTA_OF_DAY") return { kind: "failed", error };
  const reason = `No batch job could be created: ${error.message} Run \`siterag index\` again.`;
  return { kind: "pending", job: null, reason, error };
}

/** Name of the account's job for that work, if it has one that has not failed. */
export async function adopt(
  { displayName, skipped }: Pick<JobRecord, "displayName" | "skipped">,
  service: Pick<JobService<never, unknown>, "find">,
  patience: RetryBounds,
): Promise<string | null> {
  return oldestUseful(await service.find(displayName, patience), skipped)?.name ?? null;
}

/** Every run chooses the same job among twins: the oldest. */
const oldestUseful = (
  jobs: readonly FoundJob[],
  skipped: readonly string[],
): FoundJob | undefined =>
  jobs
    .filter(({ end, name }) => (end === null || end === "SUCCEEDED") && !skipped.includes(name))
    .toSorted((a, b) => a.createdAt - b.createdAt || (a.name < b.name ? -1 : 1))[0];

/** Creates one job. */
class Creation<Input> {
  readonly #record: JobRecord;
  readonly #context: JobContext<Input, unknown>;
  /** Whether some try may have created a job. */
  mayExist = false;
  /** Whether the service refused the last try. */
  isRefused = false;

  constructor(record: JobRecord, context: JobContext<Input, unknown>) {
    this.#record = record;
    this.#context = context;
  }

  /** Uploads the texts, creates the job, and gives its name. */
  async create(items: readonly PlanItem[], patience: RetryBounds): Promise<string> {
    const { service, clock, random, retries: policy, inputsOf, onCreated } = this.#context;
    const { displayName, fingerprints } = this.#record;
    const inputs = await inputsOf(items);
    const texts = inputs.map((input, at) => ({ key: fingerprints[at] ?? "", input }));
    const order = { displayName, texts, taskType: taskOf(items[0]) };
    const upload = await service.upload(order, patience);
    const options = { policy, clock, random, ...patience };
    const name = await withRetries(() => this.#tryOnce(order, upload), options).catch(
      (cause: unknown) => this.#findAfter(cause),
    );
    onCreated(upload.tokens);
    return this.#withoutTwin(name);
  }

  /** If an earlier try may have created a job, looks for it first. */
  async #tryOnce(order: JobOrder<Input>, upload: Upload): Promise<string> {
    const { service, ledger, clock, signal } = this.#context;
    this.isRefused = false;
    const found = this.mayExist ? await adopt(this.#record, service, this.#once()) : null;
    if (found !== null) return found;
    // A run that finds the intent waits until this try must be over.
    await ledger.update({ ...this.#record, leaseUntil: clock.now() + LEASE_MS });
    const mightExist = this.mayExist;
    this.mayExist = true;
    const late = new AbortController();
    const done = new AbortController();
    const cut = (): void => late.abort(signal?.reason);
    if (signal !== undefined) cutAfterGrace(signal, { clock, done: done.signal, cut });
    try {
      return await service.create(order, upload, late.signal);
    } catch (cause) {
      if (cause instanceof CallFailure && !cause.isLost) {
        this.mayExist = mightExist;
        this.isRefused = true;
      }
      throw cause;
    } finally {
      done.abort();
    }
  }

  /** Looks once more for a job that a failed try may have created. */
  async #findAfter(cause: unknown): Promise<string> {
    const { service, signal } = this.#context;
    if (!this.mayExist || signal?.aborted === true) throw cause;
    const found = await adopt(this.#record, service, this.#once()).catch(() => null);
    if (found === null) throw cause;
    return found;
  }

  /** Another run may have created the same job at the same time: cancels ours if it is the younger. */
  async #withoutTwin(name: string): Promise<string> {
    const { service, signal } = this.#context;
    if (signal?.aborted === true) return name;
    const jobs = await service.find(this.#record.displayName, this.#once()).catch(() => []);
    const oldest = oldestUseful(jobs, this.#record.skipped);
    if (oldest === undefined || oldest.name === name) return name;
    await service.cancel(name, this.#once()).catch(() => undefined);
    return oldest.name;
  }

  /** No retries: this look belongs to a try, which is itself retried. */
  #once(): RetryBounds {
    return { signal: this.#context.signal, until: this.#context.clock.now() };
  }
}
