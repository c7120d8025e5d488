import type { KnownTerm } from "../ranking/term-source.ts";
import type { FileSource } from "./file-source.ts";
import { ReaderError } from "./reader-error.ts";
import { unsealed } from "./sealed-file.ts";
import { sharedLoads, type SharedLoads } from "./shared-loads.ts";
import { readWords, readTermShard, type TermShard } from "./term-shard.ts";

/** The files of an index, each fetched and read once. */
export interface PublishedFiles {
  readonly contents: SharedLoads<Uint8Array>;
  readonly shards: SharedLoads<TermShard>;
  /** Words without postings: spellings and endings. */
  readonly words: SharedLoads<readonly KnownTerm[]>;
}

/** Files of a source; damage and gaps are errors with a code that `isOutdated` knows. */
export function publishedFiles(source: FileSource): PublishedFiles {
  const contents = sharedLoads((name, signal) => contentOf(source, name, signal));
  return {
    contents,
    shards: sharedLoads((name, signal) => readFrom(contents, name, readTermShard, signal)),
    words: sharedLoads((name, signal) => readFrom(contents, name, readWords, signal)),
  };
}

const FRESH = { isFresh: true } as const;

async function contentOf(
  source: FileSource,
  name: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const file = await source.read(name, signal);
  if (file === null) {
    throw new ReaderError(
      "incomplete",
      `The file ${name} of the search index is missing: load the page again, or publish the index again, with all its files.`,
    );
  }
  // A cache may hold a copy whose transfer was cut.
  const content = unsealed(file) ?? unsealed((await source.read(name, signal, FRESH)) ?? file);
  if (content === null) throw damaged(name);
  return content;
}

const damaged = (name: string, cause?: unknown): ReaderError =>
  new ReaderError(
    "damaged",
    `The file ${name} of the search index is cut or changed: publish the index again, and let nothing rewrite its files.`,
    { cause },
  );

/** Reads a file's content with a function that throws for anything else than it expects. */
export async function readFrom<Value>(
  contents: SharedLoads<Uint8Array>,
  name: string,
  read: (content: Uint8Array) => Value,
  signal?: AbortSignal,
): Promise<Value> {
  const content = await contents.get(name, signal);
  try {
    return read(content);
  } catch (cause) {
    throw damaged(name, cause);
  }
}
