import * as fs from "node:fs";
import { dirname } from "node:path";
import type { GlobbyOptions } from "globby";

type StatCallback = (error: NodeJS.ErrnoException | null, stats: fs.Stats) => void;

/**
 * Node's file system for a walk that follows links; a link to a folder that contains it counts as
 * broken. Otherwise one such link would repeat every page forty times, and with two of them the
 * walk would never end.
 */
export const loopGuardedFileSystem: NonNullable<GlobbyOptions["fs"]> = {
  ...fs,
  stat: statOutsideLoops,
};

function statOutsideLoops(path: string, callback: StatCallback): void {
  fs.stat(path, (error, stats) => {
    if (error !== null || !stats.isDirectory()) return callback(error, stats);
    leadsBack(path).then(
      (isLoop) => callback(isLoop ? new Error(`${path} links to a folder above it`) : null, stats),
      (failure: Error) => callback(failure, stats),
    );
  });
}

async function leadsBack(path: string): Promise<boolean> {
  const target = await fs.promises.realpath(path);
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    if ((await fs.promises.realpath(folder)) === target) return true;
  }
  return false;
}
