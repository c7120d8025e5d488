import { gzipSync } from "node:zlib";
import type { ReadersIndex } from "../../src/publishing/make-readers-index.ts";
import { openReader, type FileSource, type SiteReader } from "../../src/reader/index.ts";
import { namedFiles, readManifest } from "../../src/reader/manifest.ts";
import { filesOfIndex } from "../../src/reader/open-index.ts";

/** What a host sends for something: bytes as gzip, and requests. */
export interface Sent {
  readonly bytes: number;
  readonly requests: number;
  /** Requests that were sent one after another's answer. */
  readonly roundTrips: number;
}

/** The files of an index as a host has them. */
export interface Host {
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Bytes as gzip, by name. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Names by what the files hold. */
  readonly kinds: Readonly<Record<Kind, readonly string[]>>;
}

export const KINDS = ["manifest", "table", "terms", "spellings", "endings", "texts"] as const;
type Kind = (typeof KINDS)[number];

const namesOf = (parts: readonly { readonly name: string }[]): string[] =>
  parts.map(({ name }) => name);

/** Puts an index on a host that compresses. */
export async function hosted({ files, manifest }: ReadersIndex): Promise<Host> {
  const all = [manifest, ...files];
  const byName = new Map(all.map(({ bytes, name }) => [name, bytes]));
  const source = { read: async (name: string) => byName.get(name) ?? null };
  const read = readManifest(manifest.bytes);
  const named = new Set(namedFiles(read));
  const others = await filesOfIndex(source, read);
  return {
    files: byName,
    sizes: new Map(all.map(({ bytes, name }) => [name, gzipSync(bytes).length])),
    kinds: {
      manifest: [manifest.name],
      table: [read.table],
      terms: namesOf(read.terms),
      spellings: namesOf(read.spellings),
      endings: namesOf(read.endings),
      texts: others.filter((name) => !named.has(name)),
    },
  };
}

/** A connection on which answers to all requests that wait arrive together: one round trip. */
interface Connection extends FileSource {
  /** Names that were asked for, in order. */
  readonly asked: string[];
  roundTrips: number;
}

/** Connects to a host. */
function connect({ files }: Host): Connection {
  const asked: string[] = [];
  let waiting: (() => void)[] = [];
  const connection: Connection = {
    asked,
    roundTrips: 0,
    read: (name) =>
      new Promise((resolve) => {
        asked.push(name);
        waiting.push(() => resolve(files.get(name) ?? null));
        if (waiting.length > 1) return;
        setImmediate(() => {
          const arrived = waiting;
          waiting = [];
          connection.roundTrips += 1;
          for (const answer of arrived) answer();
        });
      }),
  };
  return connection;
}

/** What a new reader is sent for one piece of work, and which files. */
export async function sentFor(
  host: Host,
  work: (reader: SiteReader) => Promise<unknown>,
): Promise<Sent & { readonly asked: readonly string[] }> {
  const connection = connect(host);
  await work(await openReader(connection));
  const { asked, roundTrips } = connection;
  return { asked, bytes: bytesOf(host, asked), requests: asked.length, roundTrips };
}

/** Bytes of files as gzip. */
export const bytesOf = ({ sizes }: Host, names: readonly string[]): number =>
  names.reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0);

/** The value below which a share of all values lies. */
export const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((one, other) => one - other)[
    Math.min(values.length - 1, Math.floor(share * values.length))
  ] ?? 0;
