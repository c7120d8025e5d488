import { createHash } from "node:crypto";
import { SiteragError } from "../errors.ts";
import type { Clock, EmbeddingInput, EmbeddingSpace, JobRecord, PlanItem } from "../types.ts";
import { CallFailure } from "./call-failure.ts";
import type { JobLedger } from "./job-ledger.ts";
import { RETRY_POLICY, withRetries } from "./retry.ts";
import type { FoundJob, JobOrder, JobService, Upload } from "./service.ts";
import { taskOf } from "./settle-calls.ts";

/** Longer than a create can be under way: the timeout of one try, and some. */
export const LEASE_MS = 45_000;

export interface SubmitContext {
  readonly service: JobService;
  readonly ledger: JobLedger;
  readonly clock: Clock;
  readonly random: () => number;
  readonly space: EmbeddingSpace;
  /** Estimated tokens of the texts as they are sent. */
  readonly tokens: number;
  readonly signal: AbortSignal;
  readonly inputsOf: (items: readonly PlanItem[]) => Promise<readonly EmbeddingInput[]>;
  /** Is told that a job was created and not found, and its estimated tokens as they were sent. */
  readonly onCreated: (tokens: number) => void;
}

/** The same work has the same name, whoever orders it and when. */
const displayNameOf = (items: readonly PlanItem[]): string => {
  const fingerprints = items.map((item) => item.fingerprint).toSorted();
  const hash = createHash("sha256").update(fingerprints.join("\n")).digest("hex");
  return `siterag-${hash.slice(0, 40)}`;
};

/**
 * Sees to it that there is one job for a pack of texts, and gives its record: intent first, then
 * whatever the account has already, and only then a new one. Throws CallFailure; when it is certain
 * that there is no job, nothing stays in the ledger.
 */
export async function submitJob(
  items: readonly PlanItem[],
  context: SubmitContext,
): Promise<JobRecord & { readonly name: string }> {
  const { ledger, service, signal } = context;
  const record = await ledger.insert(intentOf(items, context));
  if (record.name !== null) return { ...record, name: record.name };
  const creation = new Creation(items, record, context);
  try {
    const adopted = await adopt(record.displayName, service, signal);
    const created = { ...record, name: adopted ?? (await creation.toName()) };
    await ledger.update(created);
    return created;
  } catch (cause) {
    if (creation.isUnsure) throw unsure(cause);
    await ledger.close(record.displayName);
    throw cause;
  }
}

function intentOf(items: readonly PlanItem[], context: SubmitContext): JobRecord {
  const { ledger, clock, space, tokens } = context;
  const now = clock.now();
  return {
    displayName: displayNameOf(items),
    name: null,
    fingerprints: items.map((item) => item.fingerprint),
    tokens,
    space,
    index: ledger.index,
    owner: ledger.owner,
    leaseUntil: now + LEASE_MS,
    createdAt: new Date(now).toISOString(),
  };
}

/** Name of the account's job for that work, if it has one that has not failed. */
export async function adopt(
  displayName: string,
  service: JobService,
  signal?: AbortSignal,
): Promise<string | null> {
  return oldestUseful(await service.find(displayName, signal))?.name ?? null;
}

/** Of twins the oldest counts, for every run alike. */
function oldestUseful(jobs: readonly FoundJob[]): FoundJob | undefined {
  return jobs
    .filter(({ end }) => end === null || end === "SUCCEEDED")
    .toSorted((one, other) => one.createdAt - other.createdAt || compare(one.name, other.name))[0];
}

const compare = (one: string, other: string): number => (one < other ? -1 : 1);

/** One job on its way into being. */
class Creation {
  readonly #items: readonly PlanItem[];
  readonly #record: JobRecord;
  readonly #context: SubmitContext;
  /** Whether some try may have made a job that nobody has seen. */
  isUnsure = false;

  constructor(items: readonly PlanItem[], record: JobRecord, context: SubmitContext) {
    this.#items = items;
    this.#record = record;
    this.#context = context;
  }

  /** Creates the job, and gives its name. */
  async toName(): Promise<string> {
    const { service, ledger, clock, random, signal, inputsOf } = this.#context;
    const { displayName } = this.#record;
    const inputs = await inputsOf(this.#items);
    const texts = inputs.map((input, at) => ({ key: this.#items[at]?.fingerprint ?? "", input }));
    const order = { displayName, texts, taskType: taskOf(this.#items) };
    const upload = await service.upload(order, signal);
    await ledger.update({ ...this.#record, leaseUntil: clock.now() + LEASE_MS });
    const name = await withRetries(() => this.#tryOnce(order, upload), {
      policy: RETRY_POLICY,
      clock,
      random,
      signal,
      onFailure: ({ isLost }) => {
        this.isUnsure ||= isLost;
      },
    }).catch((cause: unknown) => this.#lastLook(cause));
    this.#context.onCreated(upload.tokens);
    return this.#withoutTwin(name);
  }

  /** A lost answer may have left a job: it is looked for before another one is made. */
  async #tryOnce(order: JobOrder, upload: Upload): Promise<string> {
    const { service, signal } = this.#context;
    const found = this.isUnsure ? await adopt(order.displayName, service, signal) : null;
    return found ?? service.create(order, upload);
  }

  async #lastLook(cause: unknown): Promise<string> {
    const { service } = this.#context;
    if (!this.isUnsure) throw cause;
    const found = await adopt(this.#record.displayName, service).catch(() => null);
    if (found === null) throw cause;
    return found;
  }

  /** Another run may have made the same job at the same time: the younger one goes. */
  async #withoutTwin(name: string): Promise<string> {
    const { service } = this.#context;
    const jobs = await service.find(this.#record.displayName).catch(() => []);
    const oldest = oldestUseful(jobs);
    if (oldest === undefined || oldest.name === name) return name;
    await service.cancel(name).catch(() => undefined);
    return oldest.name;
  }
}

/** Whatever came last, there may be a job. */
const unsure = (cause: unknown): CallFailure => {
  const error =
    cause instanceof CallFailure
      ? cause.error
      : new SiteragError("INTERRUPTED", "Interrupted while a batch job was created.", { cause });
  return new CallFailure(error, "fail", { isLost: true });
};

/** Longest piece of the service's own words in a message. */
const MAX_WORDS = 200;

/** What is said of a job that ended without rows. */
export const jobFailed = (name: string, state: string, message: string | null): SiteragError =>
  new SiteragError(
    "JOB_FAILED",
    `The batch job ${name} ended as ${state}${message === null ? "" : ` (${message.slice(0, MAX_WORDS)})`}. Run \`siterag index\` again to send its texts anew.`,
  );
