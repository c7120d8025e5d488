import { z } from "zod";
import { HTML_READING_VERSION, LEFT_OUT } from "../html/page-facts.ts";
import { parsedJson } from "../words/json.ts";

const fileScan = z
  .object({
    id: z.string(),
    /** Hash of the bytes of the file. */
    bytes: z.string(),
    contentHash: z.string(),
    leftOut: z.enum(LEFT_OUT).nullable(),
    /** Whether `data-pagefind-body` marks the content. */
    isMarked: z.boolean(),
    /** Address in `<link rel="canonical">`, as written. */
    canonical: z.string().nullable(),
    /** Hash of what two addresses of a page have in common; null if it has no words. */
    sameness: z.string().nullable(),
  })
  .readonly();

/** What a scan finds in a file of a built site. */
export type FileScan = z.infer<typeof fileScan>;

const stored = z.object({ reading: z.literal(HTML_READING_VERSION), files: z.array(fileScan) });

/** Scans as the store keeps them, for `scansFromStore`. */
export const scansToStore = (files: readonly FileScan[]): string =>
  JSON.stringify({ reading: HTML_READING_VERSION, files });

/** The scans of the last run; none if another version of siterag read the files. */
export const scansFromStore = (text: string | null): readonly FileScan[] =>
  stored.safeParse(parsedJson(text ?? "")).data?.files ?? [];
