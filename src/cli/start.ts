import { INTERRUPTED } from "./failure.ts";
import { run } from "./run.ts";

/** Calls in progress end, their answers are stored, and the exit code is 130. */
const STOP_SIGNALS = ["SIGINT", "SIGTERM"] as const;
const STOPPING = "siterag: stopping… press Ctrl-C again to quit now (calls in progress are lost)";

/**
 * Runs the command line in this process and sets its exit code. The first signal asks the run to
 * stop, the second one ends the process at once.
 */
export async function start(): Promise<void> {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) {
      if (process.stderr.isTTY) process.stderr.write("\n");
      process.exit(INTERRUPTED);
    }
    // The message replaces a progress bar on the same line.
    process.stderr.write(`${process.stderr.isTTY ? "\r\u001B[K" : ""}${STOPPING}\n`);
    controller.abort();
  };
  for (const signal of STOP_SIGNALS) process.on(signal, stop);
  process.stdout.on("error", endWhenClosed);
  // Nobody reads the progress any more; the run goes on.
  process.stderr.on("error", () => undefined);
  try {
    process.exitCode = await run(process.argv.slice(2), {
      cwd: process.cwd(),
      env: process.env,
      stdout: process.stdout,
      stderr: process.stderr,
      signal: controller.signal,
    });
  } finally {
    for (const signal of STOP_SIGNALS) process.off(signal, stop);
  }
}

/** A closed pipe, as after `siterag search … | head -1`, is no failure; a full disk is one. */
function endWhenClosed(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit();
  process.stderr.write(`siterag: the output cannot be written: ${error.message}\n`);
  process.exit(1);
}
