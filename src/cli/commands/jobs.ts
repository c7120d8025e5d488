import { FAILS_ALL, type SiteragError } from "../../words/errors.ts";
import { count } from "../../words/amounts.ts";
import { isOfSentences } from "../../words/job-kind.ts";
import type { Cancellation } from "../../upkeep/jobs.ts";
import type { JobRecord } from "../../words/plans.ts";
import {
  newCommand,
  withSession,
  type AddCommand,
  type Outcome,
  type Session,
} from "../command.ts";
import { showProgress } from "../progress.ts";

/** `siterag jobs list | collect | cancel` */
export const addJobs: AddCommand = (program, context) => {
  const description = "List, collect or cancel unfinished batch jobs.";
  const jobs = newCommand(program, "jobs", description, "jobs list");
  const listing = "List the jobs that have not been collected.";
  newCommand(jobs, "list", listing, "jobs list --json").action(withSession(context, list));
  const storing = "Store the results of finished jobs; the next `siterag index` uses them.";
  newCommand(jobs, "collect", storing, "jobs collect").action(withSession(context, collect));
  newCommand(
    jobs,
    "cancel",
    "Cancel a job, store the results it already has, and forget it.",
    "jobs cancel batches/123",
  )
    .argument("<name>", "name or display name, as `siterag jobs list` shows it")
    .option("--forget", "only forget the job: it runs on, and its texts are paid for again")
    .action(withSession(context, cancel));
};

async function list({ config, useCases }: Session): Promise<Outcome> {
  const jobs = await useCases.listJobs({ config });
  const lines = jobs.length === 0 ? ["There are no unfinished batch jobs."] : jobs.map(asLine);
  return { json: { jobs: jobs.map(asView) }, text: lines };
}

async function collect({ config, isJson, useCases, world }: Session): Promise<Outcome> {
  const { logger } = showProgress(world, isJson);
  const options = { config, logger, signal: world.signal };
  const { collected, out, lost } = await useCases.collectJobs(options);
  const stillOut = out.map(({ record: { name, displayName }, reason }) => {
    return { name, displayName, reason };
  });
  const names = collected.length === 0 ? "" : `: ${collected.join(", ")}`;
  return {
    json: { collected, out: stillOut, lost },
    exitCode: exitCodeOf(out.flatMap(({ error }) => error ?? [])),
    text: [
      `Collected ${count(collected.length, "batch job")}${names}.`,
      ...out.map(({ reason }) => `Unfinished: ${reason}`),
      ...lost,
    ],
  };
}

async function cancel(session: Session<{ forget?: boolean }>, name: string): Promise<Outcome> {
  const { config, flags, isJson, useCases, world } = session;
  const { logger } = showProgress(world, isJson);
  const options = { ...flags, config, logger, name, signal: world.signal };
  const { outcome, reason, error } = await useCases.cancelJob(options);
  return {
    json: { name, outcome, reason },
    exitCode: exitCodeOf(error === null ? [] : [error]),
    text: [`${name}: ${OUTCOMES[outcome]}.`, ...(reason === null ? [] : [reason])],
  };
}

const exitCodeOf = (errors: readonly SiteragError[]): number =>
  errors.some(({ code }) => FAILS_ALL.has(code)) ? 1 : 0;

const OUTCOMES: Readonly<Record<Cancellation, string>> = {
  collected: "cancelled; the results it had are stored",
  nothing: "cancelled; it had no results",
  "still out": "not finished yet; run `siterag jobs collect` later",
  forgotten: "forgotten; the next `siterag index` sends its texts again",
};

/** What the job makes: vectors of texts, or sentences of context. */
const kindOf = (job: JobRecord): "text" | "sentence" => (isOfSentences(job) ? "sentence" : "text");

/** Leaves out the fingerprints, of which there may be thousands. */
function asView(job: JobRecord) {
  const { name, displayName, fingerprints, tokens, index, createdAt } = job;
  const { provider, model, dimensions } = job.space;
  const sent = { texts: fingerprints.length, tokens, index, createdAt };
  return { name, displayName, kind: kindOf(job), ...sent, provider, model, dimensions };
}

function asLine(job: JobRecord): string {
  const { name, displayName, fingerprints, tokens, createdAt, index } = job;
  const amount = `${count(fingerprints.length, kindOf(job))}, ${count(tokens, "token")}`;
  return `${name ?? `${displayName} (being created)`}: ${amount}, index ${index}, since ${createdAt}`;
}
