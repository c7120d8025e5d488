import type { Progress } from "./types.ts";

/** Where progress is drawn. */
interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface DrawnProgress {
  readonly onProgress: (progress: Progress) => void;
  /** Removes the bar. A second call does nothing. */
  readonly stop: () => void;
}

/** A bar on a terminal, plain lines elsewhere. */
export function drawProgress(screen: Screen): DrawnProgress {
  const { onProgress, stop } = screen.isTTY === true ? bar(screen) : plainLines(screen);
  return { onProgress: (progress) => isLong(progress) && onProgress(progress), stop };
}

/** Fewer files are written, and fewer rows merged, before anyone has read that they are. */
const LEAST_TOLD: Partial<Record<Progress["phase"], number>> = { files: 500, merge: 2000 };

const isLong = ({ done, phase }: Progress): boolean => done >= (LEAST_TOLD[phase] ?? 0);

const nothing = (): void => undefined;

const PHASES: Readonly<Record<Progress["phase"], string>> = {
  read: "Reading pages",
  enrich: "Writing sentences of context",
  embed: "Embedding texts",
  write: "Writing the index",
  files: "Writing search files",
  merge: "Merging and indexing rows",
};

const STEPS = 10;

/** Prints a line for each phase, and for every 10 % of a phase whose size is known. */
function plainLines(screen: Screen): DrawnProgress {
  let shown = "";
  const onProgress = ({ phase, done, total }: Progress): void => {
    const tenth = total === null || total === 0 ? 0 : Math.floor((done * STEPS) / total);
    const line = tenth === 0 ? PHASES[phase] : `${PHASES[phase]}: ${tenth * STEPS} %`;
    if (line !== shown) screen.write(`${line}\n`);
    shown = line;
  };
  return { onProgress, stop: nothing };
}

const BAR_WIDTH = 30;
const CLEAR_LINE = "\r\u001B[K";

/** Draws one line over and over, cut to the width: a line that wraps cannot be drawn over. */
function bar(screen: Screen): DrawnProgress {
  const width = (screen.columns || 80) - 1;
  let isDrawn = false;
  const onProgress = (progress: Progress): void => {
    isDrawn = true;
    screen.write(`${CLEAR_LINE}${barLine(progress).slice(0, width)}`);
  };
  const stop = (): void => {
    if (isDrawn) screen.write(CLEAR_LINE);
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
