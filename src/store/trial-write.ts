import { mkdtemp, open, rm, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SiteragError } from "../words/errors.ts";
import { storeError } from "./store-error.ts";

/** The file in a store's folder that a trial write makes and deletes. */
export const TRIAL_NAME = "trial-write.tmp";

const BLOCK = Buffer.alloc(1 << 20);

/** Writes this many bytes into a folder and deletes them. Throws STORE_FAILED if that fails. */
export async function tryWriting(folder: string, bytes: number): Promise<void> {
  const name = join(folder, TRIAL_NAME);
  try {
    await using file = await open(name, "w");
    for (let left = bytes; left > 0; left -= BLOCK.length) {
      await file.writeFile(BLOCK.subarray(0, Math.min(left, BLOCK.length)));
    }
  } catch (cause) {
    throw storeError(`write into the store ${folder}`, cause);
  } finally {
    await rm(name, { recursive: true, force: true });
  }
}

/** LanceDB panics where it cannot make its temporary folders. */
export async function requireTemporaryFolder(): Promise<void> {
  await rmdir(await withTemporaryFiles(() => mkdtemp(join(tmpdir(), "siterag-"))));
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
