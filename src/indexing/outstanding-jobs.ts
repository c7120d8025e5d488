import { randomUUID } from "node:crypto";
import type { CollectedJobs, JobCollection, JobOut } from "../sending/job-collection.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import type { NotOk } from "../sending/given-up.ts";
import type { JobLedger } from "../sending/job-ledger.ts";
import { FAILS_ALL, SiteragError } from "../words/errors.ts";
import type { GenerationClient, GenerationCollection } from "../generation/client.ts";
import { count } from "../words/amounts.ts";
import type { KeyedCache } from "../store/keyed-cache.ts";
import type { Jobs } from "../store/jobs.ts";
import type {
  EmbeddingSpace,
  Fingerprint,
  JobRecord,
  SettledItem,
  OnDeadline,
} from "../words/types.ts";

import { keepSentences } from "./sentences.ts";
import type { SentenceSizes } from "./sentences.ts";

/** The ledger of a store as a client of one provider uses it. */
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

/** No job was out. */
export const NO_JOBS: CollectedJobs = { collected: [], out: [], lost: [] };

/**
 * Looks after the jobs of earlier runs, by whichever index and machine they were ordered, and for
 * whichever model. Vectors that are in the cache already are not written again.
 */
export async function collectInto(
  cacheOf: (space: EmbeddingSpace) => KeyedCache<Float32Array>,
  client: EmbeddingClient,
  collection: Omit<JobCollection, "settle">,
): Promise<CollectedJobs> {
  if (client.collect === undefined || (await collection.ledger.open()).length === 0) return NO_JOBS;
  const settle = async (settled: readonly SettledItem[], { space }: JobRecord): Promise<void> => {
    const cache = cacheOf(space);
    const vectors = settled.flatMap(({ item, result }) =>
      result.status === "ok" ? [{ key: item.fingerprint, value: result.vector }] : [],
    );
    const present = await cache.present(vectors.map(({ key }) => key));
    await cache.commit(vectors.filter(({ key }) => !present.has(key)));
  };
  return client.collect({ ...collection, settle });
}

/** The job that each text is in, by fingerprint. */
export const textsOut = ({ out }: CollectedJobs): ReadonlyMap<Fingerprint, JobOut> =>
  new Map(
    out.flatMap((job) => job.record.fingerprints.map((fingerprint) => [fingerprint, job] as const)),
  );

/**
 * What becomes of a text in a job that goes on. What no later run can read by itself is no success, nor
 * what the user would not wait for.
 */
export function resultOfJobOut({ record, reason, error }: JobOut, onDeadline: OnDeadline): NotOk {
  if (error !== undefined && FAILS_ALL.has(error.code)) {
    return { status: "failed", error: new SiteragError(error.code, reason) };
  }
  return onDeadline === "fail"
    ? { status: "failed", error: new SiteragError("TIMEOUT", reason) }
    : { status: "pending", job: record.name, reason };
}

/** Why a text waits whose job has come to nothing. */
export const LOST = "Nothing came of their batch job. The next `siterag index` sends them anew.";

/**
 * Which jobs of earlier runs are cancelled at the deadline, where that is wished: those of this index
 * that hold nothing but what this run needs. What is in the others, others wait for.
 */
export const cancelledOnlyIfOwn =
  (needed: ReadonlySet<string>, { index }: Pick<JobLedger, "index">, onDeadline: OnDeadline) =>
  (record: JobRecord): "individual" | "defer" =>
    onDeadline === "individual" &&
    record.index === index &&
    record.fingerprints.every((one) => needed.has(one))
      ? "individual"
      : "defer";

/** Looks after jobs of sentences of context, for whichever model; what has come is kept. */
export async function collectSentences(
  contexts: Pick<KeyedCache<string>, "commit">,
  generator: Pick<GenerationClient, "collect">,
  collection: Omit<GenerationCollection, "settle"> & {
    readonly onKept?: (sizes: SentenceSizes) => void;
  },
): Promise<CollectedJobs> {
  const { onKept, ...bounds } = collection;
  if (generator.collect === undefined || (await bounds.ledger.open()).length === 0) return NO_JOBS;
  return generator.collect({
    ...bounds,
    settle: async (settled) => onKept?.(await keepSentences(settled, contexts)),
  });
}

/** What is told of the jobs of earlier runs. */
export const jobSentences = ({ collected, lost, out }: CollectedJobs): string[] => [
  ...(collected.length === 0 ? [] : [`Collected ${listOf(collected)} of an earlier run`]),
  ...lost.map((reason) => `Nothing came of a job of an earlier run: ${reason}`),
  ...(out.length === 0
    ? []
    : [`Still out: ${listOf(out.map(({ record }) => record.name ?? record.displayName))}`]),
];

const listOf = (names: readonly string[]): string =>
  `${count(names.length, "batch job")} (${names.join(", ")})`;
