import { randomUUID } from "node:crypto";
import type { CollectedJobs, JobOut } from "../sending/client.ts";
import type { JobLedger } from "../sending/job-ledger.ts";
import type { Jobs } from "../store/jobs.ts";
import { count } from "../words/amounts.ts";
import { FAILS_ALL, SiteragError } from "../words/errors.ts";
import type { JobRecord, OnDeadline } from "../words/plans.ts";
import type { EmbeddingSpace, Fingerprint, Unfinished } from "../words/types.ts";

/** A store's ledger, limited to the jobs of one provider. */
export function ledgerOf(
  jobs: Jobs,
  { provider }: Pick<EmbeddingSpace, "provider">,
  index: string,
): JobLedger {
  return {
    owner: randomUUID(),
    index,
    open: async () => (await jobs.all()).filter((job) => job.space.provider === provider),
    insert: (record) => jobs.insert(record),
    update: (record) => jobs.update(record),
    close: (displayName) => jobs.remove(displayName),
  };
}

/** The job that each text is in, by fingerprint. */
export const textsOut = ({ out }: CollectedJobs): ReadonlyMap<Fingerprint, JobOut> =>
  new Map(
    out.flatMap((job) => job.record.fingerprints.map((fingerprint) => [fingerprint, job] as const)),
  );

/** The outcome of a text in an unfinished job: failed if no later run can read it, or by `onDeadline`. */
export function resultOfJobOut(
  { record, reason, error }: JobOut,
  onDeadline: OnDeadline,
): Unfinished {
  if (error !== undefined && FAILS_ALL.has(error.code)) {
    return { status: "failed", error: new SiteragError(error.code, reason) };
  }
  return onDeadline === "fail"
    ? { status: "failed", error: new SiteragError("TIMEOUT", reason) }
    : { status: "pending", job: record.name, reason };
}

/** The outcome of a text whose job ended without it. */
export const LOST: Unfinished = {
  status: "pending",
  job: null,
  reason: "Their batch job ended without them. Run `siterag index` again to send them.",
};

/**
 * With `onDeadline: "individual"`, cancels the jobs of this index that hold only texts that this run
 * needs; other runs wait for the rest.
 */
export const cancelledOnlyIfOwn =
  (needed: ReadonlySet<string>, { index }: Pick<JobLedger, "index">, onDeadline: OnDeadline) =>
  (record: JobRecord): "individual" | "defer" =>
    onDeadline === "individual" &&
    record.index === index &&
    record.fingerprints.every((one) => needed.has(one))
      ? "individual"
      : "defer";

export const jobSentences = ({ collected, lost, out }: CollectedJobs): string[] => [
  ...listOf(collected).map((jobs) => `Collected ${jobs} from an earlier run`),
  ...lost.map((reason) => `A batch job from an earlier run ended without results: ${reason}`),
  ...listOf(out.map(({ record }) => record.name ?? record.displayName)).map(
    (jobs) => `Not finished yet: ${jobs}`,
  ),
];

const listOf = (names: readonly string[]): readonly string[] =>
  names.length === 0 ? [] : [`${count(names.length, "batch job")} (${names.join(", ")})`];
