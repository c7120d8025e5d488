import type { Logger } from "../words/types.ts";

/** What went wrong in a run: gathered for its report, and logged at once. */
export interface Messages {
  readonly warnings: readonly string[];
  readonly failures: readonly string[];
  /** Is logged, and stands in no report. */
  readonly tell: (message: string) => void;
  readonly warn: (message: string) => void;
  readonly fail: (message: string) => void;
}

/** Starts with nothing gathered. */
export function collectMessages(logger: Logger | undefined): Messages {
  const warnings: string[] = [];
  const failures: string[] = [];
  const keep =
    (list: string[]) =>
    (message: string): void => {
      list.push(message);
      logger?.warn(message);
    };
  const tell = (message: string): void => logger?.info(message);
  return { warnings, failures, tell, warn: keep(warnings), fail: keep(failures) };
}
