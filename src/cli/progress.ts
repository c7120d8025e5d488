import type { Logger } from "../words/types.ts";
import { drawProgress, type DrawnProgress } from "../words/draw-progress.ts";
import { oneLine, paint } from "./paint.ts";
import type { CliWorld } from "./world.ts";

/** Shows on stderr how far a run has got. */
export interface ProgressView extends DrawnProgress {
  readonly logger: Logger;
}

/** A bar on a terminal, plain lines elsewhere. With `--json` only warnings and what the command waits for. */
export function showProgress(world: CliWorld, isJson: boolean): ProgressView {
  const { stderr } = world;
  const { onProgress, stop } = isJson ? SILENT : drawProgress(stderr);
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
