import { readSync } from "node:fs";
import { mkdtemp, open, rm, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withTemporaryFiles } from "./trial-write.ts";

/** A file that grows at its end, and is gone when it is disposed of. */
export class TemporaryFile {
  readonly #folder: string;
  readonly #file: FileHandle;
  #end = 0;

  private constructor(folder: string, file: FileHandle) {
    this.#folder = folder;
    this.#file = file;
  }

  /** Throws STORE_FAILED if the folder for temporary files is missing or full; so does `append`. */
  static create(): Promise<TemporaryFile> {
    return withTemporaryFiles(async () => {
      const folder = await mkdtemp(join(tmpdir(), "siterag-"));
      const file = await open(join(folder, "data"), "w+");
      // Unlinked while open, where the system allows it, so that a killed process leaves nothing behind.
      if (process.platform !== "win32") await rm(folder, { recursive: true });
      return new TemporaryFile(folder, file);
    });
  }

  /** Returns where the bytes begin. Call it again only after it has resolved. */
  async append(bytes: Uint8Array): Promise<number> {
    const offset = this.#end;
    this.#end += bytes.length;
    await withTemporaryFiles(() => this.#file.appendFile(bytes));
    return offset;
  }

  /** Reads at once: some kilobytes that this process wrote, and thousands of waiting reads take memory. */
  readSync(offset: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    readSync(this.#file.fd, bytes, 0, length, offset);
    return bytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
