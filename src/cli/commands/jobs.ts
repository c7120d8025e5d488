import type { Command } from "commander";
import { FAILS_ALL } from "../../words/errors.ts";
import { count } from "../../words/amounts.ts";
import { isOfSentences } from "../../words/job-kind.ts";
import type { Cancellation } from "../../upkeep/jobs.ts";
import type { JobRecord } from "../../words/types.ts";
import { carryOut, type CommandContext, newCommand } from "../command.ts";

/** `siterag jobs list | collect | cancel` */
export function jobsCommand(context: CommandContext): Command {
  return newCommand("jobs", "Look after batch jobs that are still out.", "jobs list")
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
    "Take the vectors of jobs that have ended into the store; the next index run uses them.",
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
          ...out.map(({ reason }) => `Still out: ${reason}`),
          ...lost,
        ],
      };
    }),
  );

const cancelCommand = (context: CommandContext): Command =>
  newCommand(
    "cancel",
    "Cancel a job, keep what it has served already, and forget it.",
    "jobs cancel batches/123",
  )
    .argument("<name>", "name or display name, as `siterag jobs list` shows it")
    .option("--forget", "ask nobody: the job goes on, and its texts are paid for again")
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
  collected: "cancelled; what it had served is in the store",
  nothing: "cancelled; it had served nothing",
  "still out": "has not ended; `siterag jobs collect` looks again",
  forgotten: "forgotten; the next index run sends its texts anew",
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
  if (jobs.length === 0) return ["No batch job is out."];
  return jobs.map((job) => {
    const { name, displayName, fingerprints, tokens, createdAt, index } = job;
    const amount = `${count(fingerprints.length, kindOf(job))}, ${count(tokens, "token")}`;
    return `${name ?? `${displayName} (being created)`}: ${amount}, index ${index}, since ${createdAt}`;
  });
}

const namesOf = (names: readonly string[]): string =>
  names.length === 0 ? "" : `: ${names.join(", ")}`;
