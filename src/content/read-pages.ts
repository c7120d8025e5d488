import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "../words/types.ts";
import { discoverFiles } from "./discover.ts";
import { isSelected, pageOfFile, type ContentOptions, type PageOfFile } from "./page-of-file.ts";

/** Receives the problems found while reading, one sentence per call. */
export interface ReadReport {
  /** Something was repaired, or a page with broken frontmatter was left out. */
  warn(message: string): void;
  /** The page could not be read and is missing. */
  fail(id: string, message: string): void;
}

type Outcome = PageOfFile | { readonly id: string; readonly failure: string };

/** Files read ahead: enough to hide the disk's latency, few enough to keep memory small. */
const READ_AHEAD = 16;

/**
 * Streams the pages of a site in the byte order of their ids and holds at most sixteen of them.
 * Skips pages that are not selected; reports a page that cannot be read, and goes on.
 *
 * @param only Ids of the pages to read; null for all.
 * @throws SiteragError CONTENT_ROOT_MISSING or PAGE_UNREADABLE, as `discoverFiles` does; the
 *   signal's reason if it is aborted.
 */
export async function* readPages(
  content: ContentOptions,
  report: ReadReport,
  signal?: AbortSignal,
  only: ReadonlySet<string> | null = null,
): AsyncGenerator<Page> {
  signal?.throwIfAborted();
  const idByUrl = new Map<string, string>();
  for await (const outcome of loadInOrder(content, signal, only)) {
    if ("failure" in outcome) {
      report.fail(outcome.id, outcome.failure);
      continue;
    }
    outcome.warnings.forEach((warning) => report.warn(warning));
    if (outcome.page === null) continue;
    warnOfSameUrl(outcome.page, idByUrl, report);
    yield outcome.page;
  }
}

async function* loadInOrder(
  content: ContentOptions,
  signal: AbortSignal | undefined,
  only: ReadonlySet<string> | null,
): AsyncGenerator<Outcome> {
  const underWay: Promise<Outcome>[] = [];
  try {
    for (const id of await discoverFiles(content)) {
      if (!isSelected({ id, frontmatter: {} }) || only?.has(id) === false) continue;
      underWay.push(load(id, content, signal));
      if (underWay.length >= READ_AHEAD) yield* takeFirst(underWay, signal);
    }
    while (underWay.length > 0) yield* takeFirst(underWay, signal);
  } finally {
    await Promise.allSettled(underWay);
  }
}

async function* takeFirst(
  underWay: Promise<Outcome>[],
  signal: AbortSignal | undefined,
): AsyncGenerator<Outcome> {
  const outcome = await underWay.shift();
  signal?.throwIfAborted();
  if (outcome !== undefined) yield outcome;
}

async function load(id: string, content: ContentOptions, signal?: AbortSignal): Promise<Outcome> {
  try {
    const bytes = await readFile(join(content.root, id), signal === undefined ? {} : { signal });
    return pageOfFile(id, bytes, content);
  } catch (error) {
    return { id, failure: explainReadError(id, error) };
  }
}

function warnOfSameUrl(page: Page, idByUrl: Map<string, string>, report: ReadReport): void {
  const other = idByUrl.get(page.url);
  if (other === undefined) idByUrl.set(page.url, page.id);
  else {
    report.warn(
      `${page.id}: has the same URL as ${other} (${page.url}); ` +
        "rename one, give it a slug of its own, or name it in content.exclude.",
    );
  }
}

/** What each system error code means for an author, and what to do about it. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "it no longer exists, or it is a broken link; restore the file or delete the link"],
  ["EACCES", "permission denied; make it readable or name it in content.exclude"],
  ["EPERM", "permission denied; make it readable or name it in content.exclude"],
  ["EISDIR", "it is a folder; rename it or name it in content.exclude"],
  ["ELOOP", "its links form a loop; correct or delete them"],
  ["EMFILE", "too many files are open; raise the limit (ulimit -n) and run again"],
  ["ERR_FS_FILE_TOO_LARGE", "it is larger than 2 GiB; split it or name it in content.exclude"],
]);

/** One sentence: which file cannot be read, why, and what to do. */
export function explainReadError(id: string, error: unknown): string {
  const code =
    typeof error === "object" && error !== null && "code" in error ? String(error.code) : null;
  const cause = code === null ? "the reason is unknown" : `the system reports ${code}`;
  const reason = REASONS.get(code ?? "") ?? `${cause}; check the file and its disk`;
  return `${id} cannot be read: ${reason}.`;
}
