import { INTERRUPTED, STOPPED } from "./failure.ts";
import { run } from "./run.ts";
import type { CliWorld } from "./world.ts";

/** Calls in progress end, their answers are stored, and the exit code is 130. */
const STOP_SIGNALS = ["SIGINT", "SIGTERM"] as const;
const STOPPING = "siterag: stopping… press Ctrl-C again to quit now (calls in progress are lost)";
const CUT_SHORT =
  "siterag: the command was cut short. Either it waited for something that never came, or the configuration called `process.exit`.";

/** A run that was asked to stop ends within this time, whatever it waits for. */
const STOP_MS = 4_500;

/** What is left of a program in the configuration may end within this time. */
const LEFT_MS = 200;

/**
 * Runs the command line in this process and sets its exit code. The first signal asks the run to
 * stop, the second one ends the process at once.
 */
export async function start(): Promise<void> {
  const controller = new AbortController();
  let isOver = false;
  const end = (code?: number): never => {
    isOver = true;
    process.exit(code);
  };
  const giveUp = (): void => {
    process.stderr.write(`siterag: ${STOPPED}\n`);
    end(INTERRUPTED);
  };
  const stop = (): void => {
    if (controller.signal.aborted) {
      if (process.stderr.isTTY) process.stderr.write("\n");
      end(INTERRUPTED);
    }
    // The message replaces a progress bar on the same line.
    process.stderr.write(`${process.stderr.isTTY ? "\r\u001B[K" : ""}${STOPPING}\n`);
    controller.abort();
    setTimeout(giveUp, STOP_MS).unref();
  };
  for (const signal of STOP_SIGNALS) process.on(signal, stop);
  process.once("exit", (code) => {
    if (isOver || code !== 0) return;
    process.stderr.write(`${CUT_SHORT}\n`);
    process.exitCode = controller.signal.aborted ? INTERRUPTED : 1;
  });
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // A closed pipe, as after `siterag search … | head -1`, is no failure; a full disk is one.
    if (error.code === "EPIPE") end();
    process.stderr.write(`siterag: the output cannot be written: ${error.message}\n`);
    end(1);
  });
  // Nobody reads the progress any more; the run goes on.
  process.stderr.on("error", () => undefined);
  const { columns, isTTY } = process.stdout;
  const write = takeStdout();
  process.exitCode = await run(process.argv.slice(2), {
    cwd: process.cwd(),
    env: process.env,
    stdout: { columns, isTTY, write: (text) => write(text) },
    stderr: process.stderr,
    signal: controller.signal,
    startAgain: startAgain(),
  });
  isOver = true;
  for (const signal of STOP_SIGNALS) process.off(signal, stop);
  // Timers and servers that the configuration has started would keep the process alive.
  write("", () => setTimeout(() => process.exit(), LEFT_MS).unref());
}

/**
 * Puts this program in its own place once more. Nothing may be open then but standard input and output: a program that
 * forked this one would wait for its messages for ever.
 */
function startAgain(): CliWorld["startAgain"] {
  const { argv, connected, execArgv, execPath, platform } = process;
  const execve = process.execve?.bind(process);
  if (platform !== "linux" || connected || execve === undefined) return undefined;
  return (env) => execve(execPath, [execPath, ...execArgv, ...argv.slice(1)], { ...env });
}

/** Keeps standard output for the result: what a configuration prints goes to standard error. */
function takeStdout(): typeof process.stdout.write {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  return write;
}
