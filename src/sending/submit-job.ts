import { createHash } from "node:crypto";
import { SiteragError } from "../words/errors.ts";
import type { JobRecord, PlanItem } from "../words/plans.ts";
import type { Clock, EmbeddingSpace } from "../words/types.ts";
import { CallFailure } from "./call-failure.ts";
import type { JobLedger } from "./job-ledger.ts";
import { withRetries, type RetryPolicy } from "./retry.ts";
import type { FoundJob, JobOrder, JobService, RetryBounds, Upload } from "./provider.ts";
import { taskOf } from "../planning/pack.ts";

/** Longer than a create can be under way: the timeout of one try, and some. */
export const LEASE_MS = 45_000;

export interface SubmitContext<Input> {
  readonly service: JobService<Input, unknown>;
  readonly ledger: JobLedger;
  readonly clock: Clock;
  readonly random: () => number;
  readonly retries: RetryPolicy;
  readonly space: EmbeddingSpace;
  /** Estimated tokens of the texts as they are sent. */
  readonly tokens: number;
  readonly signal: AbortSignal;
  /** On the clock, in milliseconds since the epoch: no further try begins later. */
  readonly until: number;
  readonly inputsOf: (items: readonly PlanItem[]) => Promise<readonly Input[]>;
  /** Is told that a job was created and not found, and the estimated tokens of each text as sent. */
  readonly onCreated: (tokens: readonly number[]) => void;
}

export type NamedJob = JobRecord & { readonly name: string };

/** Why there is no job to wait for. */
export type NoJob =
  /** There may be one all the same (`mayExist`), or it could not come to one yet. */
  | {
      readonly kind: "pending";
      readonly job: null;
      readonly reason: string;
      readonly error?: SiteragError;
      readonly mayExist?: true;
    }
  /** The service takes no job now, or never from this account. */
  | { readonly kind: "refused"; readonly error: SiteragError }
  | { readonly kind: "failed"; readonly error: SiteragError };

/** The same work has the same name, whoever orders it and when. */
const displayNameOf = (items: readonly PlanItem[]): string => {
  const fingerprints = items.map((item) => item.fingerprint).toSorted();
  const hash = createHash("sha256").update(fingerprints.join("\n")).digest("hex");
  return `siterag-${hash.slice(0, 40)}`;
};

/**
 * Sees to it that there is one job for a pack of texts, and gives its record: intent first, then
 * whatever the account has already, and only then a new one. Only when it is certain that there is no
 * job does nothing stay in the ledger. Throws what the ledger throws.
 */
export async function submitJob<Input>(
  items: readonly PlanItem[],
  context: SubmitContext<Input>,
): Promise<{ readonly kind: "job"; readonly record: NamedJob } | NoJob> {
  const { ledger, service, signal } = context;
  const intent = intentOf(items, context);
  const known = await ledger.insert(intent);
  const { name: knownName, skipped } = known;
  if (knownName !== null) return { kind: "job", record: { ...known, name: knownName } };
  const record = { ...intent, skipped };
  const creation = new Creation(items, record, context);
  let name: string;
  try {
    const adopted = await adopt(record, service, context);
    name = adopted ?? (await creation.toName());
  } catch (cause) {
    if (!(cause instanceof CallFailure) && !signal.aborted) throw cause;
    if (creation.mayExist) return unsure(cause);
    await ledger.close(record.displayName);
    return noJob(cause, creation.isRefused);
  }
  const created = { ...record, name };
  await ledger.update(created);
  return { kind: "job", record: created };
}

const unsure = (cause: unknown): NoJob => ({
  kind: "pending",
  job: null,
  mayExist: true,
  ...(cause instanceof CallFailure ? { error: cause.error } : {}),
  reason: `${cause instanceof CallFailure ? cause.error.message : "Interrupted while a batch job was created."} Whether there is a batch job all the same is found out by the next \`siterag index\`.`,
});

/** What passes by itself before there is a job: the next run tries again. */
const PASSING: ReadonlySet<string> = new Set([
  "UNAVAILABLE",
  "TIMEOUT",
  "RATE_LIMITED",
  "ANSWER_MALFORMED",
  "QUOTA_OF_DAY",
]);

function noJob(cause: unknown, isRefused: boolean): NoJob {
  if (!(cause instanceof CallFailure)) {
    return { kind: "pending", job: null, reason: "Interrupted before there was a batch job." };
  }
  const { error } = cause;
  const isNoRoom = isRefused && error.code === "RATE_LIMITED";
  if (isNoRoom || error.code === "BATCH_UNAVAILABLE") return { kind: "refused", error };
  if (!PASSING.has(error.code)) return { kind: "failed", error };
  const reason = `No batch job could be created: ${error.message} Run \`siterag index\` again.`;
  return { kind: "pending", job: null, reason, error };
}

function intentOf(
  items: readonly PlanItem[],
  context: Omit<SubmitContext<unknown>, "service" | "inputsOf">,
): JobRecord {
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
    skipped: [],
    leaseUntil: now + LEASE_MS,
    createdAt: new Date(now).toISOString(),
  };
}

/** Name of the account's job for that work, if it has one that has not failed. */
export async function adopt(
  { displayName, skipped }: Pick<JobRecord, "displayName" | "skipped">,
  service: Pick<JobService<never, unknown>, "find">,
  patience: RetryBounds,
): Promise<string | null> {
  return oldestUseful(await service.find(displayName, patience), skipped)?.name ?? null;
}

/** Of twins the oldest counts, for every run alike. */
function oldestUseful(jobs: readonly FoundJob[], skipped: readonly string[]): FoundJob | undefined {
  return jobs
    .filter(({ end, name }) => (end === null || end === "SUCCEEDED") && !skipped.includes(name))
    .toSorted((one, other) => one.createdAt - other.createdAt || compare(one.name, other.name))[0];
}

const compare = (one: string, other: string): number => (one < other ? -1 : 1);

/** One job on its way into being. */
class Creation<Input> {
  readonly #items: readonly PlanItem[];
  readonly #record: JobRecord;
  readonly #context: SubmitContext<Input>;
  /** Whether some try may have made a job. */
  mayExist = false;
  /** Whether the last try was refused by the service. */
  isRefused = false;

  constructor(items: readonly PlanItem[], record: JobRecord, context: SubmitContext<Input>) {
    this.#items = items;
    this.#record = record;
    this.#context = context;
  }

  /** Creates the job, and gives its name. */
  async toName(): Promise<string> {
    const { service, clock, random, retries, inputsOf } = this.#context;
    const { displayName } = this.#record;
    const inputs = await inputsOf(this.#items);
    const texts = inputs.map((input, at) => ({ key: this.#items[at]?.fingerprint ?? "", input }));
    const order = { displayName, texts, taskType: taskOf(this.#items[0]) };
    const upload = await service.upload(order, this.#context);
    const name = await withRetries(() => this.#tryOnce(order, upload), {
      policy: retries,
      clock,
      random,
      signal: this.#context.signal,
      until: this.#context.until,
      onFailure: () => undefined,
    }).catch((cause: unknown) => this.#lastLook(cause));
    this.#context.onCreated(upload.tokens);
    return this.#withoutTwin(name);
  }

  /** A lost answer may have left a job: it is looked for before another one is made. */
  async #tryOnce(order: JobOrder<Input>, upload: Upload): Promise<string> {
    const { service, ledger, clock } = this.#context;
    this.isRefused = false;
    const found = this.mayExist ? await adopt(this.#record, service, this.#once()) : null;
    if (found !== null) return found;
    // Whoever finds the intent waits for as long as this try can take.
    await ledger.update({ ...this.#record, leaseUntil: clock.now() + LEASE_MS });
    const mightExist = this.mayExist;
    this.mayExist = true;
    try {
      return await service.create(order, upload);
    } catch (cause) {
      if (cause instanceof CallFailure && !cause.isLost) {
        this.mayExist = mightExist;
        this.isRefused = true;
      }
      throw cause;
    }
  }

  async #lastLook(cause: unknown): Promise<string> {
    const { service, signal } = this.#context;
    if (!this.mayExist || signal.aborted) throw cause;
    const found = await adopt(this.#record, service, this.#once()).catch(() => null);
    if (found === null) throw cause;
    return found;
  }

  /** Another run may have made the same job at the same time: the younger one goes. */
  async #withoutTwin(name: string): Promise<string> {
    const { service, signal } = this.#context;
    if (signal.aborted) return name;
    const jobs = await service.find(this.#record.displayName, this.#once()).catch(() => []);
    const oldest = oldestUseful(jobs, this.#record.skipped);
    if (oldest === undefined || oldest.name === name) return name;
    await service.cancel(name, this.#once()).catch(() => undefined);
    return oldest.name;
  }

  /** A look that is part of a try, which is what is repeated. */
  #once(): RetryBounds {
    const { clock, signal } = this.#context;
    return { signal, until: clock.now() };
  }
}
