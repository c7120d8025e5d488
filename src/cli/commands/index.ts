import { dirname, resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Option } from "commander";
import type { IndexReport, PlanReport } from "../../words/reports.ts";
import { once } from "../../words/once.ts";
import { STRATEGIES } from "../../words/plans.ts";
import type { Progress } from "../../words/types.ts";
import {
  batchSizeOption,
  newCommand,
  providerOption,
  withSession,
  type AddCommand,
  type Outcome,
  type Session,
} from "../command.ts";
import { indexText } from "../index-text.ts";
import { readList } from "../list-file.ts";
import { planText } from "../plan-text.ts";
import { showProgress } from "../progress.ts";
import { startAgainIfLarge } from "../start-again.ts";

interface IndexFlags {
  readonly dryRun?: boolean;
  readonly batchFromFile?: string;
  readonly keyOptional?: boolean;
}

const STRATEGY_HELP = "how texts are sent (default: batching.strategy)";

/** `siterag index` */
export const addIndex: AddCommand = (program, context) => {
  const description = "Bring the index up to date with the site.";
  newCommand(program, "index", description, "index --json > report.json")
    .addOption(new Option("--batching-strategy <name>", STRATEGY_HELP).choices(STRATEGIES))
    .option("--dry-run", "show the plan and its cost; send and write nothing")
    .option("--batch-from-file <file>", "index only the pages that this file lists, one per line")
    .addOption(
      new Option("--site <folder>", "read the built site in this folder (default: content.from)")
        // A name of its own: for other commands, a folder of the built site does not say what is indexed.
        .implies({ contentFrom: "html" }),
    )
    .option("--key-optional", "without a key, index words and leave the vectors to a later run")
    .addOption(providerOption())
    .addOption(batchSizeOption())
    .action(withSession(context, index));
};

async function index(session: Session<IndexFlags>): Promise<Outcome> {
  const { config, flags, isJson, useCases, world } = session;
  const { from, root, site } = config.content;
  const folder = from === "html" ? (site ?? root) : root;
  // A dry run writes no rows, which is what takes the memory.
  if (flags.dryRun !== true) await startAgainIfLarge(world, folder);
  const listed =
    flags.batchFromFile === undefined ? {} : await listedIn(flags.batchFromFile, session);
  const { logger, onProgress, stop } = showProgress(world, isJson);
  try {
    // The JSON has the warnings.
    const log = isJson ? { ...logger, warn: () => undefined } : logger;
    const collecting = collectingGarbage(onProgress);
    const options = {
      config,
      signal: world.signal,
      logger: log,
      onProgress: collecting,
      ...listed,
    };
    if (flags.dryRun === true) {
      const report = await useCases.planSite(options);
      return outcomeOf(report, planText(report));
    }
    const isKeyOptional = flags.keyOptional === true;
    const report = await useCases.indexSite({ ...options, isKeyOptional });
    return outcomeOf(report, indexText(report, config.store));
  } finally {
    stop();
  }
}

/** The pages that a file lists, by paths from its folder or from the working directory. */
async function listedIn(file: string, { directory, world }: Session) {
  const onlyFrom = [dirname(resolve(directory, file)), resolve(world.cwd)];
  return { only: await readList(directory, file), onlyFrom };
}

/** So many rows, or files, are worth the tenth of a second that collecting takes. */
const MANY = 2000;

/**
 * Collects garbage sooner from where pages are read; and all of it each time that some of many search files are
 * written, and when LanceDB is about to merge and index many rows.
 */
function collectingGarbage(onProgress: (progress: Progress) => void) {
  let isSooner = false;
  return (progress: Progress): void => {
    onProgress(progress);
    const { done, phase } = progress;
    if ((phase === "files" || phase === "merge") && done >= MANY) collectGarbage();
    if (phase !== "read" || isSooner) return;
    isSooner = true;
    collectGarbageSooner();
  };
}

/**
 * Parsing makes much garbage, and V8 would let the heap grow to several times what is in use:
 * `npm run bench:memory` shows the difference. Not later: the part for new objects may grow to 128 MB while
 * files are found, and keeps them. Not at the start: V8 takes no compiled code that Node has kept from a process with
 * other flags, so what a run without work loads is loaded before.
 */
function collectGarbageSooner(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--heap-growing-percent=20");
}

/**
 * V8 would keep all garbage while this thread waits for LanceDB: half of a heap of 120 MB. Of the bytes of files, which
 * are not in its heap, it keeps 30 MB.
 */
function collectGarbage(): void {
  collector()({ type: "major", execution: "sync", flavor: "last-resort" });
}

/** V8's own function, which programs do not see. */
const collector = once((): ((options: object) => void) => {
  setFlagsFromString("--expose-gc");
  const gc: (options: object) => void = runInNewContext("gc");
  setFlagsFromString("--no-expose-gc");
  return gc;
});

function outcomeOf(report: IndexReport | PlanReport, text: readonly string[]): Outcome {
  const { failures, warnings, ...rest } = report;
  const exitCode = failures.length === 0 ? 0 : 1;
  return { json: { ...rest, warnings: [...warnings, ...failures] }, text, exitCode };
}
