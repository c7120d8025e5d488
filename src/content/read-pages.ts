import { hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "../words/types.ts";
import { discoverFiles, inByteOrder } from "./discover.ts";
import { includeFolders, type IncludeFolders } from "./included-files.ts";
import { withIncludes, type WithIncludes } from "./page-includes.ts";
import { chosenRoutes, type PageRoute } from "./page-routes.ts";
import type { PagePlaces } from "./page-place.ts";
import { pagePlaces } from "./page-places.ts";
import { readAhead } from "./read-ahead.ts";
import { isRouteTemplate, templatesSentence } from "./route-templates.ts";
import { isSelected, pageOfFile, type ContentOptions, type PageOfFile } from "./page-of-file.ts";

/** Receives the problems found while reading, one sentence per call. */
export interface ReadReport {
  /** Something was repaired, or a page with broken frontmatter was left out. */
  warn(message: string): void;
  /** Several things of one kind: `message` sums them up, and `each` has a sentence for each. */
  warnOfAll(message: string, each: readonly string[]): void;
  /** Something worth knowing that is no problem. */
  tell(message: string): void;
  /** The page could not be read and is missing. */
  fail(id: string, message: string): void;
}

type Outcome =
  | (PageOfFile & Pick<WithIncludes, "included" | "unread"> & { readonly id: string })
  | { readonly id: string; readonly failure: string };

/**
 * Streams the pages of a site in the byte order of their ids and holds at most sixteen of them.
 * Skips pages that are not selected; reports a page that cannot be read, and goes on.
 *
 * @param only Paths from the content root: yields these pages and those that include such a file;
 *   null for all.
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
  const unread = new Map<string, number>();
  const templates: string[] = [];
  const files = await discoverFiles(content);
  const isFile = new Set(files);
  const routes = Object.entries(chosenRoutes(content)).filter(([, { file }]) => isFile.has(file));
  const ids = inByteOrder([...files, ...routes.map(([id]) => id)]);
  const made = new Set(Object.values(content.routes).map(({ file }) => file));
  const places = await pagePlaces(content, ids);
  if (places.warning !== null) report.warn(places.warning);
  const site: Site = {
    content,
    signal,
    placeOf: places.placeOf,
    folders: includeFolders(content.root),
  };
  const isRead = (id: string): boolean => only?.size !== 0 && isSelected({ id, frontmatter: {} });
  const loadOne = (id: string): Promise<Outcome> => load(id, site);
  for await (const outcome of readAhead(ids.filter(isRead), loadOne, signal)) {
    if (only !== null && !isNamed(outcome, only)) continue;
    if ("failure" in outcome) {
      report.fail(outcome.id, outcome.failure);
      continue;
    }
    outcome.warnings.forEach((warning) => report.warn(warning));
    if (outcome.page === null) continue;
    if (isRouteTemplate(outcome.page.id, content.pathStyle)) {
      if (!made.has(outcome.page.id)) templates.push(outcome.page.id);
      continue;
    }
    warnOfSameUrl(outcome.page, idByUrl, report);
    if (outcome.unread.length > 0) {
      unread.set(outcome.page.id, outcome.unread.length);
      report.warnOfAll(summaryOf(outcome.page.id, outcome.unread), outcome.unread);
    }
    yield outcome.page;
  }
  if (templates.length > 0) report.warn(templatesSentence(templates));
  if (unread.size > 1) report.warnOfAll(totalOf([...unread.values()]), []);
}

const isNamed = (outcome: Outcome, only: ReadonlySet<string>): boolean =>
  only.has(outcome.id) || ("included" in outcome && outcome.included.some((id) => only.has(id)));

function summaryOf(id: string, unread: readonly string[]): string {
  const [first = ""] = unread;
  return unread.length === 1
    ? first
    : `${id}: ${unread.length} files are not included (\`siterag index --json\` lists them). Line ${first.slice(id.length + 1)}`;
}

const totalOf = (counts: readonly number[]): string =>
  `In total ${counts.reduce((sum, one) => sum + one)} files are not included in ${counts.length} pages; \`siterag index --json\` lists each of them.`;

interface Site {
  readonly content: ContentOptions;
  readonly signal: AbortSignal | undefined;
  readonly placeOf: PagePlaces["placeOf"];
  readonly folders: IncludeFolders;
}

async function load(id: string, site: Site): Promise<Outcome> {
  const { content, folders, placeOf, signal } = site;
  try {
    const route = content.routes[id];
    const file = join(content.root, route?.file ?? id);
    const bytes = await readFile(file, signal === undefined ? {} : { signal });
    const { page, warnings } = pageOfFile(id, bytes, content, placeOf(id));
    if (page === null) return { id, page, warnings, included: [], unread: [] };
    const made = route === undefined ? page : madeBy(route, page);
    return { id, warnings, ...(await withIncludes(made, content.pathStyle, folders, route)) };
  } catch (error) {
    return { id, failure: explainReadError(id, error) };
  }
}

/** A page that changes with its route. */
const madeBy = (route: PageRoute, page: Page): Page => ({
  ...page,
  contentHash: hash("sha256", JSON.stringify([page.contentHash, route])),
});

/** Warns of a second page at one address; `idByUrl` holds the first ones. */
export function warnOfSameUrl(
  page: Pick<Page, "id" | "url">,
  idByUrl: Map<string, string>,
  report: Pick<ReadReport, "warn">,
): void {
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
