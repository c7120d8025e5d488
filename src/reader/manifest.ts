import type { FieldAverages } from "../ranking/section-index.ts";
import { ReaderError } from "./reader-error.ts";

/** Version of the format that this reader knows. A change that an older reader cannot read raises it. */
export const FORMAT = 1;

/** The one file whose name does not change: it names all others. */
export const MANIFEST_NAME = "index.json";

/** What `index.json` says. Names are those of files in the same folder. */
export interface Manifest {
  readonly sections: number;
  readonly pages: number;
  /** In words, each a power of 1.25. */
  readonly averages: FieldAverages;
  /** Locales of the pages; null: pages without one. */
  readonly locales: readonly (string | null)[];
  readonly versions: readonly (string | null)[];
  /** What made the vectors of the index that these files were made with. */
  readonly provider: string;
  readonly model: string | null;
  readonly table: string;
  /** Shards in the order of their terms; `from` is the beginning of the first one, at most four letters. */
  readonly terms: readonly NamedPart[];
  /** By first letter. */
  readonly spellings: readonly NamedPart[];
  /** Shards of the same words backwards, in their order; `from` is as that of `terms`. */
  readonly endings: readonly NamedPart[];
  /** Letters of each file's name, without its ending. */
  readonly nameLength: number;
  /** Null: not known, so addresses are as they are written. */
  readonly place: SitePlace | null;
}

/** Where a published index is in its site. */
export interface SitePlace {
  /** What the addresses of its pages begin with: `/docs/`. */
  readonly base: string;
  /** The way from the folder of the index to that of the site: `../`. */
  readonly root: string;
}

/** A file with the beginning of the terms that it holds. */
export interface NamedPart {
  readonly from: string;
  readonly name: string;
}

/** The files that a manifest names; the table names the others. */
export const namedFiles = ({ table, terms, spellings, endings }: Manifest): string[] => [
  table,
  ...[...terms, ...spellings, ...endings].map(({ name }) => name),
];

/**
 * Reads `index.json`.
 * @throws ReaderError `newer` for a format of a later siterag, `damaged` for anything but a manifest
 */
export function readManifest(bytes: Uint8Array): Manifest {
  const written = parsed(bytes);
  const format = written["format"];
  if (typeof format === "number" && format > FORMAT) {
    throw new ReaderError(
      "newer",
      `The search index has format ${format}, and this reader knows format ${FORMAT}: load the page again, or update siterag.`,
    );
  }
  const length = wholeNumber(written["nameLength"]);
  const names = (value: unknown): string[] => namesIn(text(value), length);
  const [table] = names(written["table"]);
  if (format !== FORMAT || table === undefined) throw damaged();
  return {
    sections: wholeNumber(written["sections"]),
    pages: wholeNumber(written["pages"]),
    averages: averagesIn(record(written["averages"])),
    locales: listOf(written["locales"], textOrNull),
    versions: listOf(written["versions"], textOrNull),
    provider: text(written["provider"]),
    model: textOrNull(written["model"]),
    table,
    terms: partsIn(written["terms"], names),
    spellings: partsIn(written["spellings"], names),
    endings: partsIn(written["endings"], names),
    nameLength: length,
    place: placeIn(written["place"] ?? null),
  };
}

/** Adds to the text of a manifest where it is published. */
export function withPlace(bytes: Uint8Array, place: SitePlace): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ ...parsed(bytes), place }));
}

function placeIn(value: unknown): SitePlace | null {
  if (value === null) return null;
  const { base, root } = record(value);
  const way = text(root);
  if (!/^(?:\.\/|(?:\.\.\/)+)$/u.test(way)) throw damaged();
  return { base: text(base), root: way };
}

const damaged = (cause?: unknown): ReaderError =>
  new ReaderError(
    "damaged",
    `${MANIFEST_NAME} is not the manifest of a search index: check the address, which may answer with a web page, or publish the index again.`,
    { cause },
  );

function parsed(bytes: Uint8Array): Record<string, unknown> {
  try {
    return record(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw damaged(cause);
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

function record(value: unknown): Record<string, unknown> {
  if (!isRecord(value)) throw damaged();
  return value;
}

function wholeNumber(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw damaged();
  return value;
}

function text(value: unknown): string {
  if (typeof value !== "string") throw damaged();
  return value;
}

const textOrNull = (value: unknown): string | null => (value === null ? null : text(value));

function listOf<Value>(value: unknown, read: (entry: unknown) => Value): Value[] {
  if (!Array.isArray(value)) throw damaged();
  return value.map(read);
}

function averagesIn(written: Record<string, unknown>): FieldAverages {
  const read = (field: string): number => {
    const value = written[field];
    if (typeof value !== "number") throw damaged();
    return value;
  };
  return {
    title: read("title"),
    heading: read("heading"),
    trail: read("trail"),
    prose: read("prose"),
    code: read("code"),
  };
}

/**
 * Names of files that are side by side, without their ending: a list of 1,000 files has to be small.
 * @throws ReaderError `damaged` if these are no names of such a length
 */
export function namesIn(whole: string, length: number): string[] {
  if (length < 1 || whole.length % length !== 0 || !/^[a-z2-7]*$/.test(whole)) throw damaged();
  return Array.from({ length: whole.length / length }, (_, at) =>
    fileName(whole.slice(at * length, (at + 1) * length)),
  );
}

/**
 * The name of a file by its hash. The ending is one that all static hosts compress, which they do by type:
 * files without a known type would cost twice the bytes.
 */
export const fileName = (hash: string): string => `${hash}.txt`;

function partsIn(value: unknown, names: (value: unknown) => string[]): NamedPart[] {
  const written = record(value);
  const beginnings = listOf(written["from"], text);
  const files = names(written["names"]);
  if (beginnings.length !== files.length) throw damaged();
  return files.map((name, at) => ({ from: beginnings[at] ?? "", name }));
}
