import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Recorded } from "../cli/recording.ts";

const BIN = fileURLToPath(new URL("../../dist/cli/bin.js", import.meta.url));
/** Of most processes; one that runs longer hangs. */
const LONGEST_MS = 20_000;

/** An empty variable counts as unset: whatever this machine has must not count. */
const WITHOUT_KEY = { GOOGLE_API_KEY: "", GEMINI_API_KEY: "", GOOGLE_GEMINI_BASE_URL: "" };

interface Place {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly longestMs?: number;
}

/** Runs the built command line in a process of its own. The exit code is -1 if it hangs or crashes. */
export async function recordProcess(
  argv: readonly string[],
  { cwd, env = {}, longestMs = LONGEST_MS }: Place,
): Promise<Recorded> {
  const child = spawn(process.execPath, [BIN, ...argv], {
    cwd,
    env: { ...process.env, ...WITHOUT_KEY, ...env },
    timeout: longestMs,
    killSignal: "SIGKILL",
  });
  const written = { stdout: "", stderr: "" };
  child.stdout.on("data", (data) => (written.stdout += String(data)));
  child.stderr.on("data", (data) => (written.stderr += String(data)));
  await once(child, "close");
  return { exitCode: child.exitCode ?? -1, ...written };
}
