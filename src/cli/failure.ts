import { CommanderError } from "commander";
import { SiteragError } from "../words/errors.ts";
import { safeMessage } from "../words/safe-message.ts";
import { oneLine, paint } from "./paint.ts";
import { type CliWorld, variable } from "./world.ts";

/** Exit code of a run that the user has stopped. */
export const INTERRUPTED = 130;
/** What is said of such a run. */
export const STOPPED = "interrupted; what is stored is kept. Run the command again to go on.";
const USAGE = 2;
const UNEXPECTED = 1;

/**
 * Prints the failure on stderr and returns the exit code. A failure is one line; a configuration
 * has one line for each problem, unless `singleLine` is true. `SITERAG_DEBUG` adds the stack.
 */
export function reportFailure(world: CliWorld, error: unknown, singleLine: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
  const { lines, exitCode } = describeFailure(world, error);
  for (const line of singleLine ? [lines.join("; ")] : lines) complain(world, line);
  if (variable(world, "SITERAG_DEBUG") !== undefined && error instanceof Error) {
    world.stderr.write(`${safeMessage(error.stack ?? "")}\n`);
  }
  return exitCode;
}

/** Prints one line about a failure on stderr. */
export function complain(world: CliWorld, line: string): void {
  world.stderr.write(`${paint(world, world.stderr)("red", "siterag:")} ${oneLine(line)}\n`);
}

function describeFailure(world: CliWorld, error: unknown) {
  if (world.signal.aborted) {
    return { lines: [STOPPED], exitCode: INTERRUPTED };
  }
  if (error instanceof SiteragError) {
    return { lines: error.message.split("\n"), exitCode: error.exitCode };
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const first = text.split("\n", 1).join("");
  const hint = "set SITERAG_DEBUG=1 to see where it comes from";
  return { lines: [`unexpected error: ${safeMessage(first)} (${hint})`], exitCode: UNEXPECTED };
}
