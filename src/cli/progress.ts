import { Writable } from "node:stream";
import { SingleBar } from "cli-progress";
import type { Logger, Progress } from "../words/types.ts";
import { oneLine, paint } from "./paint.ts";
import type { CliWorld, Terminal } from "./world.ts";

/** How a run is shown while it lasts, on stderr. */
export interface ProgressView {
  readonly onProgress: (progress: Progress) => void;
  readonly logger: Logger;
  /** Takes the bar away; may be called twice. */
  stop(): void;
}

/** A bar on a terminal, plain lines elsewhere, nothing when `isSilent`. */
export function showProgress(world: CliWorld, isSilent: boolean): ProgressView {
  if (isSilent) return SILENT;
  return world.stderr.isTTY === true ? bar(world) : plainLines(world);
}

const nothing = (): void => undefined;
const SILENT: ProgressView = {
  onProgress: nothing,
  logger: { info: nothing, warn: nothing },
  stop: nothing,
};

const PHASES: Readonly<Record<Progress["phase"], string>> = {
  read: "Reading pages",
  enrich: "Writing sentences of context",
  embed: "Embedding texts",
  write: "Writing the index",
};

const STEPS = 10;

/** A line for each phase, and for each tenth of one whose size is known. */
function plainLines(world: CliWorld): ProgressView {
  let shown = "";
  const onProgress = ({ phase, done, total }: Progress): void => {
    const tenth = total === null || total === 0 ? 0 : Math.floor((done * STEPS) / total);
    const line = tenth === 0 ? PHASES[phase] : `${PHASES[phase]}: ${tenth * STEPS} %`;
    if (line !== shown) world.stderr.write(`${line}\n`);
    shown = line;
  };
  return { onProgress, logger: loggerTo(world, nothing), stop: nothing };
}

const BAR_WIDTH = 30;
const CLEAR_LINE = "\r\u001B[K";

function bar(world: CliWorld): ProgressView {
  let latest: Progress | null = null;
  const single = new SingleBar({
    stream: streamTo(world.stderr),
    format: () => (latest === null ? "" : barLine(latest)),
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
    forceRedraw: true,
  });
  const onProgress = (progress: Progress): void => {
    const isFirst = latest === null;
    latest = progress;
    if (isFirst) single.start(1, 0);
    single.update(0);
  };
  const clear = (): void => {
    if (latest !== null) world.stderr.write(CLEAR_LINE);
  };
  return { onProgress, logger: loggerTo(world, clear), stop: () => single.stop() };
}

function barLine({ phase, done, total }: Progress): string {
  if (total === null || total === 0) return `${PHASES[phase]} ${done}`;
  const filled = Math.min(BAR_WIDTH, Math.floor((done * BAR_WIDTH) / total));
  const blocks = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
  return `${PHASES[phase]} ${blocks} ${done}/${total}`;
}

/** Save and restore of the cursor: going back would wipe a line that was logged meanwhile. */
const CURSOR_JUMPS: ReadonlySet<string> = new Set(["\u001B7", "\u001B8"]);

/** The bar insists on a stream of Node's. */
function streamTo(terminal: Terminal): NodeJS.WritableStream {
  const stream = new Writable({
    write(chunk, _encoding, done) {
      const text = String(chunk);
      if (!CURSOR_JUMPS.has(text)) terminal.write(text);
      done();
    },
  });
  return Object.assign(stream, { isTTY: true, columns: terminal.columns || 80 });
}

function loggerTo(world: CliWorld, before: () => void): Logger {
  const colour = paint(world, world.stderr);
  const write = (line: string): void => {
    before();
    world.stderr.write(`${line}\n`);
  };
  return {
    info: (message) => write(oneLine(message)),
    warn: (message) => write(`${colour("yellow", "warning:")} ${oneLine(message)}`),
  };
}
