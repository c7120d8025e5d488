import type { Chunk } from "../words/types.ts";
import { TemporaryFile } from "./temporary-file.ts";

/** Where a chunk lies in the file, in bytes. */
export interface SpoolReference {
  readonly offset: number;
  readonly length: number;
}

/** Keeps a run's changed chunks on disk until they are written: memory does not grow with the site. */
export class ChunkSpool {
  readonly #file: TemporaryFile;

  private constructor(file: TemporaryFile) {
    this.#file = file;
  }

  /** Throws STORE_FAILED if the folder for temporary files is missing or full; so does `append`. */
  static async create(): Promise<ChunkSpool> {
    return new ChunkSpool(await TemporaryFile.create());
  }

  /** Call it again only after it has resolved. */
  async append(chunks: readonly Chunk[]): Promise<SpoolReference[]> {
    const lines = chunks.map((chunk) => Buffer.from(`${JSON.stringify(chunk)}\n`));
    let offset = await this.#file.append(Buffer.concat(lines));
    return lines.map(({ length }) => {
      const reference = { offset, length };
      offset += length;
      return reference;
    });
  }

  read({ length, offset }: SpoolReference): Chunk {
    const line = this.#file.readSync(offset, length);
    const chunk: unknown = JSON.parse(line.toString("utf8"));
    if (isChunk(chunk)) return chunk;
    throw new TypeError("The temporary file of chunks is damaged. Run siterag again.");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]();
  }
}

// `append` wrote the line in this run, so this check only guards against a damaged file.
const isChunk = (value: unknown): value is Chunk =>
  typeof value === "object" && value !== null && "id" in value && "text" in value;
