import { hash } from "node:crypto";
import { join } from "node:path";
import { scanPage } from "../html/scan-page.ts";
import type { LeftOut } from "../html/reading.ts";
import { builtAddresses } from "./built-addresses.ts";
import { decodeText } from "./decode.ts";
import { FileBytes } from "./file-bytes.ts";
import type { FileScan, KnownScans } from "./file-scans.ts";
import { discoverFiles, type ContentFiles } from "./discover.ts";
import type { UrlRules } from "./page-url.ts";
import { readAhead } from "./read-ahead.ts";
import { originals } from "./same-pages.ts";
import { ERROR_PAGE } from "./error-page.ts";
import { explainReadError, type ReadReport } from "./read-pages.ts";

/** A file of a built site that may be a page. */
export interface BuiltFile {
  /** Path below the folder of the site, with forward slashes. */
  readonly id: string;
  readonly url: string;
  /** sha-256 (hex) over what counts of the HTML: an unchanged one means an unchanged page. */
  readonly contentHash: string;
  /** Why the file is no page of the index, as far as a scan tells; null: it may be one. */
  readonly leftOut: LeftOut | "not marked" | "copy" | null;
  /** Of a copy: the id of the page with the same content. */
  readonly copyOf: string | null;
  /** Whether its main content has words. */
  readonly hasWords: boolean;
  readonly scan: FileScan;
}

/** What a caller knows of files, and wants to know. */
export interface SurveyMemory {
  /** Earlier scans. Files with the same bytes are not scanned again. */
  readonly known: () => Promise<KnownScans>;
  /** Is given the HTML of each file that is scanned, without what never counts. */
  readonly keep?: (id: string, stable: string) => void;
  /** Is given the scans of all files of which nothing is to be told. */
  readonly found?: (scans: readonly FileScan[]) => void;
}

const NO_MEMORY: SurveyMemory = { known: async () => () => null };

/**
 * Scans all HTML of a built site, without a parse: where its pages are, which of them belong in the index,
 * and what tells them from what they were. Files are in byte order; one that cannot be read is reported
 * and missing.
 */
export async function surveySite(
  files: ContentFiles,
  rules: Pick<UrlRules, "baseUrl" | "urlStyle">,
  report: Pick<ReadReport, "warn" | "fail">,
  signal: AbortSignal | undefined,
  memory: SurveyMemory = NO_MEMORY,
): Promise<readonly BuiltFile[]> {
  // Together: a walk through the folders takes as long as the store needs to open.
  const [found, known] = await Promise.all([discoverFiles(files), memory.known()]);
  signal?.throwIfAborted();
  const ids = found.filter((id) => !MACHINERY.test(id));
  const scans: FileScan[] = [];
  const lasting: FileScan[] = [];
  const contents = new FileBytes();
  const load = async (id: string): Promise<Loaded> =>
    loadFile(id, () => contents.read(join(files.root, id)), known(id), memory.keep);
  for await (const { failure, id, scan, warnings } of readAhead(ids, load, signal)) {
    warnings.forEach((warning) => report.warn(warning));
    if (scan === null) report.fail(id, failure);
    else scans.push(scan);
    if (scan !== null && warnings.length === 0) lasting.push(scan);
  }
  memory.found?.(lasting);
  const isMarked = scans.some((scan) => scan.isMarked);
  const urlOf = builtAddresses(rules, scans);
  const original = originals(
    scans.filter((scan) => scan.leftOut === null && (scan.isMarked || !isMarked)),
    urlOf,
  );
  return scans.map((scan): BuiltFile => {
    const { id, contentHash } = scan;
    const first = original.get(scan.sameness) ?? id;
    const copyOf = first === id || scan.leftOut !== null ? null : first;
    const here = isMarked && !scan.isMarked ? "not marked" : copyOf === null ? null : "copy";
    const hasWords = scan.sameness !== null;
    const leftOut = scan.leftOut ?? here;
    return { id, contentHash, url: urlOf(id), leftOut, copyOf, hasWords, scan };
  });
}

/** What generators write beside the pages: code for browsers, and sources. */
const MACHINERY = /(?:^|\/)(?:_static|_modules|_sources|_downloads|_next)\//;

interface Loaded {
  readonly id: string;
  /** Null: the file cannot be read. */
  readonly scan: FileScan | null;
  readonly warnings: readonly string[];
  readonly failure: string;
}

/** At once: promises take several times as long as a file that the system has in memory. */
function loadFile(
  id: string,
  read: () => Uint8Array,
  known: FileScan | null,
  keep: SurveyMemory["keep"] = () => {},
): Loaded {
  try {
    const content = read();
    const bytes = hash("sha256", content);
    if (known?.bytes === bytes) return { id, scan: known, warnings: [], failure: "" };
    const { text, warnings } = decodeText(content, id);
    const { stable, sameness, leftOut, ...found } = scanPage(text);
    keep(id, stable);
    const scan = {
      ...found,
      id,
      bytes,
      contentHash: hash("sha256", stable),
      sameness: sameness === null ? null : hash("sha256", sameness),
      leftOut: ERROR_PAGE.test(id) ? ("not found" as const) : leftOut,
    };
    return { id, scan, warnings, failure: "" };
  } catch (error) {
    return { id, scan: null, warnings: [], failure: explainReadError(id, error) };
  }
}
