import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page, PageIdentity } from "../words/types.ts";
import { discoverFiles, inByteOrder } from "./discover.ts";
import { isSelected } from "./hidden-pages.ts";
import { rulesOf, type KnownPage, type PageMemory } from "./known-pages.ts";
import type { ContentOptions } from "./page-of-file.ts";
import { chosenRoutes } from "./page-routes.ts";
import type { PagePlaces } from "./page-place.ts";
import { pagePlaces } from "./page-places.ts";
import { readAhead } from "./read-ahead.ts";
import { isRouteTemplate, templatesSentence } from "./route-templates.ts";
import type { SitePage } from "./site-page.ts";
import type { ReadWhole, WholePage } from "./whole-page.ts";

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

interface Loaded extends Omit<WholePage, "page"> {
  readonly id: string;
  /** Null: it does not belong in the index. */
  readonly page: SitePage | null;
  /** Null: the page has to be read each time. */
  readonly known: KnownPage | null;
}

type Outcome = Loaded | { readonly id: string; readonly failure: string };

/**
 * Streams the pages of a site in the byte order of their ids and holds at most sixteen of them.
 * Skips pages that are not selected; reports a page that cannot be read, and goes on.
 *
 * @param only Paths from the content root: yields these pages and those that include such a file;
 *   null for all.
 * @param memory Pages of an earlier run, which are not read again while their files are unchanged.
 * @throws SiteragError CONTENT_ROOT_MISSING or PAGE_UNREADABLE, as `discoverFiles` does; the
 *   signal's reason if it is aborted.
 */
export async function* sourcePages(
  content: ContentOptions,
  report: ReadReport,
  signal?: AbortSignal,
  only: ReadonlySet<string> | null = null,
  memory?: PageMemory,
): AsyncGenerator<SitePage> {
  const idByUrl = new Map<string, string>();
  const unread = new Map<string, number>();
  const templates: string[] = [];
  const made = new Set(Object.values(content.routes).map(({ file }) => file));
  for await (const loaded of loadedPages(content, report, signal, only, memory)) {
    const { id, page, warnings } = loaded;
    warnings.forEach((warning) => report.warn(warning));
    if (page === null) continue;
    if (isRouteTemplate(id, content.pathStyle)) {
      if (!made.has(id)) templates.push(id);
      continue;
    }
    warnOfSameUrl({ id, url: page.identity.url }, idByUrl, report);
    if (loaded.unread.length > 0) {
      unread.set(id, loaded.unread.length);
      report.warnOfAll(summaryOf(id, loaded.unread), loaded.unread);
    }
    yield page;
  }
  if (templates.length > 0) report.warn(templatesSentence(templates));
  if (unread.size > 1) report.warnOfAll(totalOf([...unread.values()]), []);
}

/** Loads the files and routes of a site that `only` names, and reports those that cannot be read. */
async function* loadedPages(
  content: ContentOptions,
  report: ReadReport,
  signal: AbortSignal | undefined,
  only: ReadonlySet<string> | null,
  memory: PageMemory | undefined,
): AsyncGenerator<Loaded> {
  signal?.throwIfAborted();
  const [files, earlier = []] = await Promise.all([discoverFiles(content), memory?.known()]);
  const isFile = new Set(files);
  const routes = Object.entries(chosenRoutes(content)).filter(([, { file }]) => isFile.has(file));
  const ids = inByteOrder([...files, ...routes.map(([id]) => id)]);
  const places = await pagePlaces(content, ids);
  if (places.warning !== null) report.warn(places.warning);
  const site: Site = {
    content,
    known: new Map(earlier.map((page) => [page.id, page])),
    rulesOf: rulesOf(content),
    placeOf: places.placeOf,
    readWhole: readerOnDemand(content, places.placeOf),
  };
  const isRead = (id: string): boolean => only?.size !== 0 && isSelected({ id, frontmatter: {} });
  const known: KnownPage[] = [];
  for await (const outcome of readAhead(ids.filter(isRead), (id) => load(id, site), signal)) {
    const isWanted = only === null || isNamed(outcome, only);
    if ("failure" in outcome) {
      if (isWanted) report.fail(outcome.id, outcome.failure);
      continue;
    }
    if (outcome.known !== null) known.push(outcome.known);
    if (isWanted) yield outcome;
  }
  if (only?.size !== 0) memory?.found(known);
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
  readonly known: ReadonlyMap<string, KnownPage>;
  readonly rulesOf: ReturnType<typeof rulesOf>;
  readonly placeOf: PagePlaces["placeOf"];
  readonly readWhole: ReadWhole;
}

/** Loads what reads a page when the first one is read: on an unchanged site, none is. */
function readerOnDemand(content: ContentOptions, placeOf: PagePlaces["placeOf"]): ReadWhole {
  let reader: Promise<ReadWhole> | null = null;
  return async (id, bytes) => {
    reader ??= import("./whole-page.ts").then((whole) => whole.pageReader(content, placeOf));
    return (await reader)(id, bytes);
  };
}

async function load(id: string, site: Site): Promise<Outcome> {
  const { content, known, placeOf } = site;
  try {
    // At once: promises take several times as long as a file that the system has in memory.
    const bytes = readFileSync(fileOf(id, site));
    const route = content.routes[id];
    const rules = site.rulesOf(placeOf(id));
    const before = route === undefined ? known.get(id) : undefined;
    if (before?.rules === rules && before.identity.contentHash === hash("sha256", bytes)) {
      // These bytes, because the identity is theirs: the file may change before the page is read.
      const read = async (): Promise<Page | null> => (await site.readWhole(id, bytes)).page;
      const page = { id, identity: before.identity, read };
      return { id, page, warnings: [], included: [], unread: [], known: before };
    }
    const { page, ...about } = await site.readWhole(id, bytes);
    if (page === null) return { id, page, ...about, known: null };
    const { warnings, included, unread } = about;
    const isPlain = warnings.length + included.length + unread.length === 0 && route === undefined;
    const isPage = isPlain && !isRouteTemplate(id, content.pathStyle);
    const lasting = isPage ? { id, rules, identity: identityOf(page) } : null;
    return { id, page: { id, identity: page, read: async () => page }, ...about, known: lasting };
  } catch (error) {
    return { id, failure: explainReadError(id, error) };
  }
}

const fileOf = (id: string, { content }: Site): string =>
  join(content.root, content.routes[id]?.file ?? id);

function identityOf(page: Page): PageIdentity {
  const { contentHash, format, host, locale, slugger, title, url, version } = page;
  return { contentHash, format, host, locale, slugger, title, url, version };
}

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
