import type { Logger } from "./types.ts";

/** Tells a logger what the work waits for, as information if the logger has no `wait`. */
export const waitTeller =
  (logger: Logger | undefined) =>
  (line: string): void => {
    if (logger?.wait === undefined) logger?.info(line);
    else logger.wait(line);
  };
