import type { BatchJob, EndState } from "./batch-job.ts";
import type { JobOutput } from "./job-store.ts";

const typeOf = ({ input }: BatchJob): string =>
  `type.googleapis.com/google.ai.generativelanguage.v1main.${input.kind}Batch`;

/** Errors of failed and cancelled jobs; none is documented for expired ones. */
const ERRORS: Readonly<
  Partial<Record<EndState, { readonly code: number; readonly message: string }>>
> = {
  FAILED: { code: 13, message: "Internal error encountered." },
  CANCELLED: { code: 13, message: "Batch was cancelled." },
};

const timeOf = (ms: number): string => new Date(ms).toISOString();

/**
 * The operation of a job. `output` is null if there is none yet; it includes inline answers only if
 * `showsAnswers` is set.
 */
export function operationOf(
  job: BatchJob,
  now: number,
  output: JobOutput | null,
  showsAnswers = true,
) {
  const { displayName, fileName, model } = job.input;
  const isDone = job.isDoneAt(now);
  const shown = output === null ? null : shownOutput(output, showsAnswers);
  return {
    name: job.name,
    metadata: {
      "@type": typeOf(job),
      model: model.name,
      ...(displayName === null ? {} : { displayName }),
      createTime: timeOf(job.createdAt),
      updateTime: timeOf(job.updatedAt(now)),
      ...(isDone ? { endTime: timeOf(job.end.at) } : {}),
      ...(fileName === null ? {} : { inputConfig: { fileName } }),
      batchStats: statsOf(job, now, output),
      state: `BATCH_STATE_${job.stateAt(now)}`,
      name: job.name,
      ...(shown === null ? {} : { output: shown }),
    },
    ...(isDone ? { done: true, ...resultOf(job, shown) } : {}),
  };
}

function resultOf(job: BatchJob, shown: object | null): object {
  if (shown !== null) return { response: { "@type": `${typeOf(job)}Output`, ...shown } };
  const error = ERRORS[job.end.state];
  return error === undefined ? {} : { error };
}

function shownOutput(output: JobOutput, showsAnswers: boolean): object | null {
  if (output.fileName !== null) return { responsesFile: output.fileName };
  if (!showsAnswers) return null;
  return { inlinedResponses: { inlinedResponses: output.responses } };
}

/** Counts are strings; zero counts are left out. */
function statsOf(job: BatchJob, now: number, output: JobOutput | null): object {
  const requestCount = job.input.rows.length;
  const counts = {
    requestCount,
    ...(output === null
      ? { [job.stateAt(now) === "FAILED" ? FAILED : "pendingRequestCount"]: requestCount }
      : { successfulRequestCount: output.served, [FAILED]: requestCount - output.served }),
  };
  return Object.fromEntries(
    Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => [name, String(count)]),
  );
}

const FAILED = "failedRequestCount";
