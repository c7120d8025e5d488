import { resolve } from "node:path";
import type { Command } from "commander";
import type { CheckReport } from "../../searching/check.ts";
import type { SearchMode } from "../../words/types.ts";
import {
  carryOut,
  type CommandContext,
  newCommand,
  type Outcome,
  parseLimit,
  parseNumber,
} from "../command.ts";
import { oneLine, type Paint } from "../paint.ts";
import { modeOption } from "./search.ts";

interface CheckFlags {
  readonly minRecall: number;
  readonly k?: number;
  readonly mode?: SearchMode;
}

/** The recall that siterag's own documentation must reach. */
const MIN_RECALL = 0.9;

/** Rounding can leave a mean slightly below its true value. */
const ROUNDING = 1e-9;

/** `siterag check [file]` */
export function checkCommand(context: CommandContext): Command {
  return newCommand(
    "check",
    "Ask the index questions with known answers; fail if too few are found.",
    "check siterag.questions.yaml --min-recall 0.9",
  )
    .argument("[file]", "questions and expected pages, YAML or JSON (default: search.questions)")
    .option(
      "--min-recall <share>",
      "recall below which the command fails",
      parseNumber(0, 1),
      MIN_RECALL,
    )
    .option("--k <count>", "pages of each answer that count (default: 5)", parseLimit)
    .addOption(modeOption())
    .action((file: string | undefined, _flags: CheckFlags, command: Command) =>
      carryOut<CheckFlags>(context, command, async (session) => {
        const { config, directory, flags, paint, useCases, world } = session;
        const report = await useCases.checkQuestions({
          config,
          signal: world.signal,
          ...(file === undefined ? {} : { file: resolve(directory, file) }),
          ...(flags.k === undefined ? {} : { k: flags.k }),
          ...(flags.mode === undefined ? {} : { mode: flags.mode }),
        });
        return outcomeOf(report, flags.minRecall, paint);
      }),
    );
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
      `${questions} ${questions === 1 ? "question" : "questions"} from ${report.file}`,
      ...(degraded === null ? [] : [paint("yellow", `Note: ${degraded}`)]),
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
