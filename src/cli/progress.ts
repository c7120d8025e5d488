import type { Logger, Progress } from "../words/types.ts";
import { oneLine, paint } from "./paint.ts";
import type { CliWorld, Terminal } from "./world.ts";

/** Shows on stderr how far a run has got. */
export interface ProgressView {
  readonly onProgress: (progress: Progress) => void;
  readonly logger: Logger;
  /** Removes the bar. A second call does nothing. */
  readonly stop: () => void;
}

/** A bar on a terminal, plain lines elsewhere. With `--json` only warnings and what the command waits for. */
export function showProgress(world: CliWorld, isJson: boolean): ProgressView {
  const { stderr } = world;
  const { onProgress, stop } = isJson
    ? SILENT
    : stderr.isTTY === true
      ? bar(stderr)
      : plainLines(stderr);
  const write = (line: string): void => {
    stop();
    stderr.write(`${line}\n`);
  };
  const warning = paint(world, stderr)("yellow", "warning:");
  const writeLine = (message: string): void => write(oneLine(message));
  const logger: Logger = {
    info: isJson ? nothing : writeLine,
    warn: (message) => write(`${warning} ${oneLine(message)}`),
    wait: writeLine,
  };
  return { onProgress, logger, stop };
}

const nothing = (): void => undefined;
const SILENT = { onProgress: nothing, stop: nothing };

const PHASES: Readonly<Record<Progress["phase"], string>> = {
  read: "Reading pages",
  enrich: "Writing sentences of context",
  embed: "Embedding texts",
  write: "Writing the index",
};

const STEPS = 10;

/** Prints a line for each phase, and for every 10 % of a phase whose size is known. */
function plainLines(stderr: Terminal): Omit<ProgressView, "logger"> {
  let shown = "";
  const onProgress = ({ phase, done, total }: Progress): void => {
    const tenth = total === null || total === 0 ? 0 : Math.floor((done * STEPS) / total);
    const line = tenth === 0 ? PHASES[phase] : `${PHASES[phase]}: ${tenth * STEPS} %`;
    if (line !== shown) stderr.write(`${line}\n`);
    shown = line;
  };
  return { onProgress, stop: nothing };
}

const BAR_WIDTH = 30;
const CLEAR_LINE = "\r\u001B[K";

/** Draws one line over and over, cut to the width: a line that wraps cannot be drawn over. */
function bar(stderr: Terminal): Omit<ProgressView, "logger"> {
  const width = (stderr.columns || 80) - 1;
  let isDrawn = false;
  const onProgress = (progress: Progress): void => {
    isDrawn = true;
    stderr.write(`${CLEAR_LINE}${barLine(progress).slice(0, width)}`);
  };
  const stop = (): void => {
    if (isDrawn) stderr.write(CLEAR_LINE);
    isDrawn = false;
  };
  return { onProgress, stop };
}

function barLine({ phase, done, total }: Progress): string {
  if (total === null || total === 0) return `${PHASES[phase]} ${done}`;
  const filled = Math.min(BAR_WIDTH, Math.floor((done * BAR_WIDTH) / total));
  const blocks = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
  return `${PHASES[phase]} ${blocks} ${done}/${total}`;
}
