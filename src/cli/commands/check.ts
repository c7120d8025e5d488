import { resolve } from "node:path";
import type { CheckOptions } from "../../searching/check.ts";
import type { CheckReport } from "../../searching/check-report.ts";
import { count } from "../../words/amounts.ts";
import {
  newCommand,
  parseLimit,
  parseNumber,
  withSession,
  type AddCommand,
  type Outcome,
  type Session,
} from "../command.ts";
import { showProgress } from "../progress.ts";
import { notesOf } from "../hit-text.ts";
import { oneLine, type Paint } from "../paint.ts";
import { publishedOption, withPublished, type PublishedSession } from "../published.ts";
import { modeOption } from "./search.ts";

interface CheckFlags extends Pick<CheckOptions, "k" | "mode"> {
  readonly minRecall: number;
}

/** The recall that siterag's own documentation must reach. */
const MIN_RECALL = 0.9;
const RECALL_HELP = "recall below which the command fails";

/** Rounding can leave a mean slightly below its true value. */
const ROUNDING = 1e-9;

/** `siterag check [file]` */
export const addCheck: AddCommand = (program, context) => {
  newCommand(
    program,
    "check",
    "Ask the index questions with known answers; fail if too few are found.",
    "check siterag.questions.yaml --min-recall 0.9",
  )
    .argument("[file]", "questions and expected pages, YAML or JSON (default: search.questions)")
    .option("--min-recall <share>", RECALL_HELP, parseNumber(0, 1), MIN_RECALL)
    .option("--k <count>", "pages of each answer that count (default: 5)", parseLimit)
    .addOption(modeOption())
    .addOption(publishedOption())
    .action(withPublished(context, withSession(context, check), checkFiles));
};

async function checkFiles(
  session: PublishedSession<CheckFlags>,
  named = DEFAULT_FILE,
): Promise<Outcome> {
  const { flags, from, paint, useCases, world } = session;
  const { k, minRecall } = flags;
  const options = { from, file: resolve(world.cwd, named), signal: world.signal };
  const report = await useCases.checkPublished({ ...options, ...(k === undefined ? {} : { k }) });
  return outcomeOf(report, minRecall, paint);
}

/** The default of `search.questions`, which needs a configuration. */
const DEFAULT_FILE = "siterag.questions.yaml";

async function check(session: Session<CheckFlags>, named: string | undefined): Promise<Outcome> {
  const { config, directory, isJson, paint, useCases, world } = session;
  const { minRecall, ...settings } = session.flags;
  const file = named === undefined ? config.search.questions : resolve(directory, named);
  const { logger } = showProgress(world, isJson);
  const options = { ...settings, config, file, logger, signal: world.signal };
  return outcomeOf(await useCases.checkQuestions(options), minRecall, paint);
}

function outcomeOf(report: CheckReport, minRecall: number, paint: Paint): Outcome {
  const { questions, mode, k, recall, mrr, degraded, misses, modes } = report;
  const isEnough = recall >= minRecall - ROUNDING;
  const isGood = isEnough && degraded === null;
  const lines = Object.entries(modes).map(([name, quality]) => {
    const figures =
      quality === null
        ? "did not run"
        : `recall@${k} ${quality.recall.toFixed(3)}  MRR ${quality.mrr.toFixed(3)}`;
    return `${name === mode ? "→" : " "} ${name.padEnd(6)}  ${figures}`;
  });
  const measured = `Recall@${k} in ${degraded === null ? mode : "text"} mode is ${recall.toFixed(3)}`;
  const compared = `${measured}, ${isEnough ? "at least" : "below"} ${minRecall}.`;
  const why = degraded === null ? "" : ` Failed: ${mode} mode could not run.`;
  const verdict = isGood ? compared : paint("red", compared + why);
  return {
    json: { questions, mode, k, recall, mrr, minRecall, passed: isGood, degraded, modes, misses },
    text: [
      `${count(questions, "question")} from ${report.file}`,
      ...notesOf({ degraded, pending: 0 }, paint),
      ...lines,
      ...misses.flatMap(({ question, missing, found }) => [
        "",
        `${paint("yellow", "missed")} ${paint("bold", oneLine(question))}`,
        `       expected ${missing.join(", ")}`,
        `       found ${found.length === 0 ? "nothing" : found.join(", ")}`,
      ]),
      "",
      verdict,
    ],
    exitCode: isGood ? 0 : 1,
  };
}
