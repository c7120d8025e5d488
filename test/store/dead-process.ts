import { spawn } from "node:child_process";
import { once } from "node:events";

/** The number of a process that has just ended. */
export async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await once(child, "exit");
  if (child.pid === undefined) throw new Error("No process could be started.");
  return child.pid;
}
