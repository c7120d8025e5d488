/**
 * Reads and chunks a page of 1 MB for each construct that a page can overdo, and prints its processor
 * time beside that of plain prose: `npm run bench:bounds -- [part of a name…]`. `own` counts siterag's own
 * code, without the parsers of Markdown and frontmatter. Exits 1 if that takes more than ten times as
 * long as for prose.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { CONSTRUCTS } from "./bounds/constructs.ts";
import type { Times } from "./bounds/measure.ts";

const MOST = 10;

/** The parsers of Markdown need minutes for some constructs. */
const LONGEST_MS = 120_000;

/** A thread that is warm. */
async function start(): Promise<Worker> {
  const thread = new Worker(new URL("bounds/measure.ts", import.meta.url));
  await once(thread, "message");
  return thread;
}

/** Null if it takes too long. */
async function measure(name: string): Promise<Times | null> {
  worker.postMessage(name);
  const signal = AbortSignal.timeout(LONGEST_MS);
  try {
    const [times] = await once(worker, "message", { signal });
    return times;
  } catch (error) {
    if (!signal.aborted) throw error;
    await worker.terminate();
    worker = await start();
    return null;
  }
}

let worker = await start();
const column = (milliseconds: number, prose: number): string =>
  `${`${Math.round(milliseconds)} ms`.padStart(10)}${`${(milliseconds / prose).toFixed(1)}×`.padStart(8)}`;

const prose = await measure("plain prose");
if (prose === null) throw new Error("Plain prose takes too long.");
const wanted = process.argv.slice(2);
const names = Object.keys(CONSTRUCTS).filter(
  (name) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
);
console.log(`${"".padEnd(44)}${"total".padStart(18)}${"own".padStart(18)}`);
for (const name of ["plain prose", ...names]) {
  const times = name === "plain prose" ? prose : await measure(name);
  if (times === null) {
    console.log(`${name.padEnd(44)}${`over ${LONGEST_MS / 1000} s`.padStart(18)}`);
    continue;
  }
  const { total, own, slowest } = times;
  const isSlow = own > MOST * prose.own;
  const tail = isSlow ? `  ${slowest}` : "";
  console.log(`${name.padEnd(44)}${column(total, prose.total)}${column(own, prose.own)}${tail}`);
  if (isSlow) process.exitCode = 1;
}
await worker.terminate();
