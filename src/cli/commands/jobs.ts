import type { Command } from "commander";
import { FAILS_ALL } from "../../words/errors.ts";
import { count } from "../../words/amounts.ts";
import { isOfSentences } from "../../words/job-kind.ts";
import type { Cancellation } from "../../upkeep/jobs.ts";
import type { JobRecord } from "../../words/types.ts";
import { carryOut, type CommandContext, newCommand } from "../command.ts";

/** `siterag jobs list | collect | cancel` */
export function jobsCommand(context: CommandContext): Command {
  return newCommand("jobs", "List, collect or cancel unfinished batch jobs.", "jobs list")
    .addCommand(listCommand(context))
    .addCommand(collectCommand(context))
    .addCommand(cancelCommand(context));
}

const listCommand = (context: CommandContext): Command =>
  newCommand("list", "List the jobs that have not been collected.", "jobs list --json").action(
    (_flags: object, command: Command) =>
      carryOut(context, command, async ({ config, useCases }) => {
        const jobs = await useCases.listJobs({ config });
        return { json: { jobs: jobs.map(asView) }, text: listed(jobs) };
      }),
  );

const collectCommand = (context: CommandContext): Command =>
  newCommand(
    "collect",
    "Store the results of finished jobs; the next `siterag index` uses them.",
    "jobs collect",
  ).action((_flags: object, command: Command) =>
    carryOut(context, command, async ({ config, useCases, world }) => {
      const { signal } = world;
      const { collected, out, lost } = await useCases.collectJobs({ config, signal });
      const stillOut = out.map(({ record, reason }) => ({ ...asShort(record), reason }));
      return {
        json: { collected, out: stillOut, lost },
        exitCode: out.some(({ error }) => error !== undefined && FAILS_ALL.has(error.code)) ? 1 : 0,
        text: [
          `Collected ${count(collected.length, "batch job")}${namesOf(collected)}.`,
          ...out.map(({ reason }) => `Unfinished: ${reason}`),
          ...lost,
        ],
      };
    }),
  );

const cancelCommand = (context: CommandContext): Command =>
  newCommand(
    "cancel",
    "Cancel a job, store the results it already has, and forget it.",
    "jobs cancel batches/123",
  )
    .argument("<name>", "name or display name, as `siterag jobs list` shows it")
    .option("--forget", "only forget the job: it runs on, and its texts are paid for again")
    .action((name: string, { forget = false }: { forget?: boolean }, command: Command) =>
      carryOut(context, command, async ({ config, useCases, world }) => {
        const { signal } = world;
        const { outcome, reason, error } = await useCases.cancelJob({
          config,
          name,
          forget,
          signal,
        });
        const why = reason === null ? [] : [reason];
        return {
          json: { name, outcome, reason },
          exitCode: error !== null && FAILS_ALL.has(error.code) ? 1 : 0,
          text: [`${name}: ${OUTCOMES[outcome]}.`, ...why],
        };
      }),
    );

const OUTCOMES: Readonly<Record<Cancellation, string>> = {
  collected: "cancelled; the results it had are stored",
  nothing: "cancelled; it had no results",
  "still out": "not finished yet; run `siterag jobs collect` later",
  forgotten: "forgotten; the next `siterag index` sends its texts again",
};

const asShort = ({ name, displayName }: Pick<JobRecord, "name" | "displayName">) => ({
  name,
  displayName,
});

/** What the job makes: vectors of texts, or sentences of context. */
const kindOf = (job: JobRecord): "text" | "sentence" => (isOfSentences(job) ? "sentence" : "text");

/** Leaves out the fingerprints, of which there may be thousands. */
function asView(job: JobRecord) {
  const { fingerprints, tokens, index, createdAt, space } = job;
  const { provider, model, dimensions } = space;
  const texts = fingerprints.length;
  const sent = { texts, tokens, index, createdAt };
  return { ...asShort(job), kind: kindOf(job), ...sent, provider, model, dimensions };
}

function listed(jobs: readonly JobRecord[]): readonly string[] {
  if (jobs.length === 0) return ["There are no unfinished batch jobs."];
  return jobs.map((job) => {
    const { name, displayName, fingerprints, tokens, createdAt, index } = job;
    const amount = `${count(fingerprints.length, kindOf(job))}, ${count(tokens, "token")}`;
    return `${name ?? `${displayName} (being created)`}: ${amount}, index ${index}, since ${createdAt}`;
  });
}

const namesOf = (names: readonly string[]): string =>
  names.length === 0 ? "" : `: ${names.join(", ")}`;
