import { mkdtemp, open, rm, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Chunk } from "../words/types.ts";
import { withTemporaryFiles } from "./trial-write.ts";

/** Where a chunk lies in the file, in bytes. */
export interface SpoolReference {
  readonly offset: number;
  readonly length: number;
}

/** Keeps a run's changed chunks on disk until they are written: memory does not grow with the site. */
export class ChunkSpool {
  readonly #folder: string;
  readonly #file: FileHandle;
  #end = 0;

  private constructor(folder: string, file: FileHandle) {
    this.#folder = folder;
    this.#file = file;
  }

  /** Throws STORE_FAILED if the folder for temporary files is missing or full; so does `append`. */
  static create(): Promise<ChunkSpool> {
    return withTemporaryFiles(() => ChunkSpool.#make());
  }

  static async #make(): Promise<ChunkSpool> {
    const folder = await mkdtemp(join(tmpdir(), "siterag-"));
    const file = await open(join(folder, "chunks.jsonl"), "w+");
    // Unlinked while open, where the system allows it, so that a killed process leaves nothing behind.
    if (process.platform !== "win32") await rm(folder, { recursive: true });
    return new ChunkSpool(folder, file);
  }

  /** Call it again only after it has resolved. */
  async append(chunks: readonly Chunk[]): Promise<SpoolReference[]> {
    const lines = chunks.map((chunk) => Buffer.from(`${JSON.stringify(chunk)}\n`));
    const references = lines.map((line) => {
      const reference = { offset: this.#end, length: line.length };
      this.#end += line.length;
      return reference;
    });
    await withTemporaryFiles(() => this.#file.appendFile(Buffer.concat(lines)));
    return references;
  }

  async read({ length, offset }: SpoolReference): Promise<Chunk> {
    const { buffer } = await this.#file.read(Buffer.alloc(length), 0, length, offset);
    const chunk: unknown = JSON.parse(buffer.toString("utf8"));
    if (isChunk(chunk)) return chunk;
    throw new TypeError("The temporary file of chunks is damaged. Run siterag again.");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

// `append` wrote the line in this run, so this check only guards against a damaged file.
const isChunk = (value: unknown): value is Chunk =>
  typeof value === "object" && value !== null && "id" in value && "text" in value;
