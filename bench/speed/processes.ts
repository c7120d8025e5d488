import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { quantile } from "../reader/cost.ts";

/** What a process took from start to end. */
export interface Cost {
  readonly wallMs: number;
  /** Of all threads, user and system. */
  readonly cpuMs: number;
  /** Most memory that was resident at once. */
  readonly peakMb: number;
}

export interface Program {
  /** Script and arguments for Node.js. */
  readonly command: readonly string[];
  readonly cwd: string;
  readonly environment?: Readonly<Record<string, string>>;
}

const HOOK = `data:text/javascript,${encodeURIComponent(
  'process.on("exit",()=>{const u=process.resourceUsage();process.stderr.write("\\nused "+(u.userCPUTime+u.systemCPUTime)/1e3+" "+u.maxRSS/1024+"\\n")})',
)}`;

/** Starts a program of Node.js that prints at its end what it used. */
const start = ({ command, cwd, environment = {} }: Program) =>
  spawn(process.execPath, ["--import", HOOK, ...command], {
    cwd,
    // An empty variable counts as unset, so a key of this machine is not used.
    env: { ...process.env, GOOGLE_API_KEY: "", GEMINI_API_KEY: "", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });

/** Runs a program to its end, which must be exit code 0. */
export async function run(program: Program): Promise<Cost & { readonly stdout: string }> {
  const begin = performance.now();
  const child = start(program);
  const [stdout, stderr] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  const wallMs = performance.now() - begin;
  const used = /\nused ([\d.]+) ([\d.]+)\n/.exec(stderr);
  if (child.exitCode !== 0 || used === null) {
    throw new Error(`${program.command.join(" ")} failed: ${stderr}${stdout}`);
  }
  return { wallMs, cpuMs: Number(used[1]), peakMb: Number(used[2]), stdout };
}

/** Starts a program and kills it, if it still runs, when `instant` resolves. */
export async function kill(
  program: Program,
  instant: (hasEnded: () => boolean) => Promise<unknown>,
): Promise<void> {
  const child = start(program);
  const closed = once(child, "close");
  child.stdout.resume();
  child.stderr.resume();
  await instant(() => child.exitCode !== null);
  child.kill("SIGKILL");
  await closed;
}

/**
 * Measures each of several in turn, `runs` times over, so that what else the machine does meets all of them
 * alike. Returns the medians.
 */
export async function inTurn<Name extends string>(
  runs: number,
  measures: Readonly<Record<Name, () => Promise<Cost>>>,
): Promise<(name: Name) => Cost> {
  const costs: { readonly name: Name; readonly cost: Cost }[] = [];
  for (let count = 0; count < runs; count += 1) {
    for (const name in measures) costs.push({ name, cost: await measures[name]() });
  }
  return (name) => medianOf(costs.flatMap((one) => (one.name === name ? one.cost : [])));
}

const medianOf = (costs: readonly Cost[]): Cost => {
  const median = (of: (cost: Cost) => number): number => quantile(costs.map(of), 0.5);
  return {
    wallMs: median(({ wallMs }) => wallMs),
    cpuMs: median(({ cpuMs }) => cpuMs),
    peakMb: median(({ peakMb }) => peakMb),
  };
};
