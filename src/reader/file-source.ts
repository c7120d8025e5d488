import { ReaderError } from "./reader-error.ts";

/** How a file is wanted. */
export interface ReadOptions {
  /** Whether no cache may answer: the file may have changed under its name. */
  readonly isFresh?: boolean;
}

/** The place of an index: a site, a folder, a store. */
export interface FileSource {
  /** Its folder or address, for messages. */
  readonly place?: string;
  /** The file's bytes; null: there is no such file. */
  read(name: string, signal?: AbortSignal, options?: ReadOptions): Promise<Uint8Array | null>;
}

/** How hosts say that there is no such file; 403 is what a bucket says whose list is not public. */
const NOT_THERE: ReadonlySet<number> = new Set([403, 404, 410]);

/**
 * Files below an address, with or without a slash at its end; in a browser it may be relative. Each file is asked
 * for with the address's query, which may be a key to the place: no message names it.
 */
function webFiles(address: string): FileSource {
  const [, folder = "", query = ""] = /^([^?#]*)(\?[^#]*)?/u.exec(address) ?? [];
  return {
    place: folder,
    async read(name, signal, { isFresh = false } = {}) {
      const url = folder.replace(/\/*$/u, "/") + name;
      try {
        return await fetched(url, query, {
          ...(signal === undefined ? {} : { signal }),
          ...(isFresh ? { cache: "reload" } : {}),
        });
      } catch (cause) {
        signal?.throwIfAborted();
        if (cause instanceof ReaderError) throw cause;
        throw unreachable(url, "there is no answer, or it is cut", cause);
      }
    },
  };
}

async function fetched(
  url: string,
  query: string,
  options: RequestInit,
): Promise<Uint8Array | null> {
  const response = await fetch(url + query, options);
  if (NOT_THERE.has(response.status)) return null;
  if (!response.ok) throw unreachable(url, `the server answers ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Codes of Node for a file that is not there: no such name, or a file where the folder should be. */
const MISSING: ReadonlySet<unknown> = new Set(["ENOENT", "ENOTDIR"]);

/** Files of a folder, in Node. */
function folderFiles(folder: string | URL): FileSource {
  return {
    place: String(folder),
    async read(name, signal) {
      // Not by an import, which bundlers for browsers would follow.
      const { readFile } = process.getBuiltinModule("node:fs/promises");
      const path = process.getBuiltinModule("node:path");
      const { fileURLToPath } = process.getBuiltinModule("node:url");
      const file = path.join(typeof folder === "string" ? folder : fileURLToPath(folder), name);
      try {
        return new Uint8Array(await readFile(file, signal === undefined ? {} : { signal }));
      } catch (cause) {
        signal?.throwIfAborted();
        if (cause instanceof Error && "code" in cause && MISSING.has(cause.code)) return null;
        throw unreachable(file, "it cannot be read", cause);
      }
    },
  };
}

/** Where the files are that an address or a path names. */
export function filesAt(from: string | URL): FileSource {
  const place = String(from);
  if (/^https?:/iu.test(place) || !isNode()) return webFiles(place);
  return folderFiles(/^file:/iu.test(place) ? new URL(place) : place);
}

const unreachable = (place: string, what: string, cause?: unknown): ReaderError =>
  new ReaderError("unreachable", `${place} of the search index: ${what}. Try again later.`, {
    cause,
  });

const isNode = (): boolean =>
  typeof process === "object" && typeof process.getBuiltinModule === "function";
