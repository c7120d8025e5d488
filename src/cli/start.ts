import { accessSync, constants } from "node:fs";
import { basename } from "node:path";
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

/** In the environment of a program that was started again, until that runs. */
const STARTED_AGAIN = "SITERAG_STARTED_AGAIN";

/**
 * Puts this program in its own place once more, as it was called: a configuration may have changed the folder and the
 * environment. Nothing may be open then but standard input and output.
 */
function startAgain(): CliWorld["startAgain"] {
  const { connected, execPath, platform } = process;
  const [args, cwd, env] = [
    [...process.execArgv, ...process.argv.slice(1)],
    process.cwd(),
    { ...process.env },
  ];
  const execve = process.execve?.bind(process);
  const isFirst = env[STARTED_AGAIN] === undefined;
  delete process.env[STARTED_AGAIN];
  // The program loses its channel to a parent that forked it. And `ld-…` is the system's loader, which some wrappers run
  // Node with: it would be started without Node.
  const cannot = platform !== "linux" || connected || basename(execPath).startsWith("ld-");
  if (!isFirst || cannot || execve === undefined) return undefined;
  return (variables) => {
    const folder = process.cwd();
    try {
      // Where this failed later, it would end the process.
      accessSync(execPath, constants.X_OK);
      process.chdir(cwd);
      execve(execPath, [execPath, ...args], { ...env, ...variables, [STARTED_AGAIN]: "1" });
    } catch {
      // Without another start, the run takes more memory.
      process.chdir(folder);
    }
  };
}

/** Keeps standard output for the result: what a configuration prints goes to standard error. */
function takeStdout(): typeof process.stdout.write {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  return write;
}
