import { closeSync, openSync, readFileSync, readSync } from "node:fs";

/** Bytes; few pages are larger. */
const ROOM = 1 << 20;

/**
 * Reads one file after another into the same memory: to get new memory for each file takes several times as
 * long as to read it.
 */
export class FileBytes {
  readonly #memory = Buffer.allocUnsafeSlow(ROOM);

  /** The bytes of a file, which hold until the next file is read. Throws what the system reports. */
  read(path: string): Uint8Array {
    const file = openSync(path, "r");
    try {
      let length = 0;
      while (length < ROOM) {
        const read = readSync(file, this.#memory, length, ROOM - length, null);
        if (read === 0) return this.#memory.subarray(0, length);
        length += read;
      }
    } finally {
      closeSync(file);
    }
    return readFileSync(path);
  }
}
