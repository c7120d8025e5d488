import { mkdtempSync, rmdirSync } from "node:fs";
import { open, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SiteragError } from "../words/errors.ts";
import { storeError } from "./store-error.ts";

/** The file in a store's folder that a trial write makes and deletes. */
export const TRIAL_NAME = "trial-write.tmp";

const BLOCK = Buffer.alloc(1 << 20);

/** Most bytes that are written. Whether there is room for more, the disk knows. */
export const MOST_BYTES = 16 * BLOCK.length;

/** Longest time for a trial, in real time: a disk behind a dead connection never answers. */
const LONGEST_MS = 30_000;

/**
 * Finds out whether this many bytes can be written into a folder; what it writes, it deletes. Throws
 * STORE_FAILED if they cannot, or the signal's reason.
 */
export async function tryWriting(
  folder: string,
  bytes: number,
  signal?: AbortSignal,
): Promise<void> {
  const end = new AbortController();
  const late = setTimeout(() => end.abort(new Error(LATE)), LONGEST_MS);
  const signals = AbortSignal.any([end.signal, ...(signal === undefined ? [] : [signal])]);
  const ended = new Promise<never>((_, reject) => {
    signals.addEventListener("abort", () => reject(signals.reason), { once: true });
  });
  try {
    signals.throwIfAborted();
    await Promise.race([writeAndDelete(folder, bytes, signals), ended]);
  } catch (cause) {
    signal?.throwIfAborted();
    throw storeError(`write into the store ${folder}`, cause);
  } finally {
    clearTimeout(late);
  }
}

const LATE = `the disk did not answer for ${LONGEST_MS / 1000} s. Check that it can be reached, then try again`;

async function writeAndDelete(folder: string, bytes: number, signal: AbortSignal): Promise<void> {
  const { bavail, blocks, bsize } = await statfs(folder);
  // Some network drives know nothing of their blocks.
  if (blocks > 0 && bavail * bsize < bytes) throw new Error("ENOSPC");
  const name = join(folder, TRIAL_NAME);
  try {
    await using file = await open(name, "w");
    for (let left = Math.min(bytes, MOST_BYTES); left > 0; left -= BLOCK.length) {
      signal.throwIfAborted();
      await file.writeFile(BLOCK.subarray(0, Math.min(left, BLOCK.length)));
    }
  } finally {
    await rm(name, { recursive: true, force: true });
  }
}

/** LanceDB panics where it cannot make its temporary folders. */
export async function requireTemporaryFolder(): Promise<void> {
  rmdirSync(await withTemporaryFiles(async () => mkdtempSync(join(tmpdir(), "siterag-"))));
}

/** Runs `use`, which writes temporary files. Throws STORE_FAILED if that fails. */
export async function withTemporaryFiles<Value>(use: () => Promise<Value>): Promise<Value> {
  try {
    return await use();
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
    throw new SiteragError(
      "STORE_FAILED",
      `Could not write into the folder for temporary files, ${tmpdir()}${reason}. Free some space there, or set TMPDIR to a folder that exists and has room.`,
      { cause },
    );
  }
}
