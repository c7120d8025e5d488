import type { Logger } from "../words/types.ts";
import { drawProgress, type DrawnProgress } from "../words/draw-progress.ts";
import { oneLine, paint } from "./paint.ts";
import type { CliWorld } from "./world.ts";

/** Shows on stderr how far a run has got. */
export interface ProgressView extends DrawnProgress {
  readonly logger: Logger;
}

/** A bar on a terminal, plain lines elsewhere, nothing if `isSilent`. */
export function showProgress(world: CliWorld, isSilent: boolean): ProgressView {
  const { stderr } = world;
  if (isSilent) {
    return { onProgress: nothing, logger: { info: nothing, warn: nothing }, stop: nothing };
  }
  const { onProgress, stop } = drawProgress(stderr);
  const write = (line: string): void => {
    stop();
    stderr.write(`${line}\n`);
  };
  const warning = paint(world, stderr)("yellow", "warning:");
  const logger: Logger = {
    info: (message) => write(oneLine(message)),
    warn: (message) => write(`${warning} ${oneLine(message)}`),
  };
  return { onProgress, logger, stop };
}

const nothing = (): void => undefined;
