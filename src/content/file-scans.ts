import { hash } from "node:crypto";
import { z } from "zod";
import { HTML_READING_VERSION, LEFT_OUT } from "../html/reading.ts";
import { parsedJson } from "../words/json.ts";
import { cutCanonical, joinCanonical } from "./built-addresses.ts";

const found = z.object({
  /** Hash of the bytes of the file. */
  bytes: z.string(),
  contentHash: z.string(),
  leftOut: z.enum(LEFT_OUT).nullable(),
  /** Whether `data-pagefind-body` marks the content. */
  isMarked: z.boolean(),
  /** Hash of what two addresses of a page have in common; null if it has no words. */
  sameness: z.string().nullable(),
});

/** What a scan finds in a file of a built site. */
export interface FileScan extends Readonly<z.infer<typeof found>> {
  readonly id: string;
  /** Address in `<link rel="canonical">`, as written. */
  readonly canonical: string | null;
}

/** A built site has pages that must not be in the store, such as drafts, so nothing here names a page. */
const storedScan = found.extend({
  /** Hash of the id. */
  file: z.string(),
  canonical: z.object({ base: z.string(), isShort: z.boolean() }).nullable(),
});

const stored = z.object({ reading: z.literal(HTML_READING_VERSION), files: z.array(storedScan) });

const nameOf = (id: string): string => hash("sha256", id, "base64url");

/** Scans as the store keeps them, for `scansFromStore`: all but those whose address is that of another page. */
export const scansToStore = (scans: readonly FileScan[]): string =>
  JSON.stringify({
    reading: HTML_READING_VERSION,
    files: scans.flatMap(({ id, ...scan }) => {
      const canonical = cutCanonical({ id, ...scan });
      if (canonical === null && scan.canonical !== null) return [];
      return [{ ...scan, file: nameOf(id), canonical }];
    }),
  } satisfies z.infer<typeof stored>);

/** Scans of an earlier run, by the id of the file. */
export type KnownScans = (id: string) => FileScan | null;

/** The scans of the last run; none if another version of siterag read the files. */
export function scansFromStore(text: string | null): KnownScans {
  const files = stored.safeParse(parsedJson(text ?? "")).data?.files ?? [];
  const byName = new Map(files.map(({ file, ...scan }) => [file, scan]));
  return (id) => {
    const scan = byName.get(nameOf(id));
    if (scan === undefined) return null;
    const { canonical } = scan;
    return { ...scan, id, canonical: canonical && joinCanonical(id, canonical) };
  };
}
