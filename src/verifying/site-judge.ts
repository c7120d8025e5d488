import { uncorrected } from "../chunking/correct-chunk.ts";
import type { ResolvedConfig } from "../config/schema.ts";
import type { BuiltFile } from "../content/survey-site.ts";
import type { PageFacts } from "../html/page-facts.ts";
import type { StoredChunk } from "../store/chunk-index.ts";
import type { IndexReader } from "../store/index-reader.ts";
import type { PageRecord } from "../store/page-records.ts";
import type { Corrections } from "../words/corrections.ts";
import { LEAST_LIKENESS } from "./find-moved.ts";
import { judgePage } from "./judge-page.ts";
import type { SiteFiles } from "./site-files.ts";
import { holds, likenessOf, toStore, type KnownVerdict, type PageVerdict } from "./verdict.ts";

export interface JudgeWork {
  readonly reader: IndexReader;
  readonly files: SiteFiles;
  readonly config: ResolvedConfig;
  readonly readPage: (html: string) => Promise<PageFacts>;
  readonly signal: AbortSignal | undefined;
}

/** What is found out about one page. */
export interface Finding {
  readonly page: string;
  /** Its address in the published index. */
  readonly url: string;
  /** Its HTML; null: there is none, neither at its address nor elsewhere. */
  readonly file: string | null;
  /** From its expected address to that of its HTML; null: they are the same, or there is no HTML. */
  readonly moved: Corrections["url"];
  /** How the page agrees with its HTML, once `corrections` hold; null without HTML. */
  readonly verdict: PageVerdict | null;
  /** The anchors of the published index; null without HTML. */
  readonly anchors: PageVerdict["anchors"] | null;
  /** The corrections that the published index has. */
  readonly before: Corrections | null;
  /** Those that it should have. */
  readonly corrections: Corrections | null;
}

/** A page of the index that is to be compared. */
export interface Task extends Pick<Finding, "page" | "url" | "before"> {
  /** Null: the store lost it, or an interrupted run wrote it. */
  readonly record: PageRecord | null;
  /** The last verdict. */
  readonly known: KnownVerdict | null;
}

/** A page with its HTML, whose chunks are still to be read. */
interface Pending extends Task {
  readonly file: BuiltFile;
  readonly moved: Finding["moved"];
  /** Whether this is the last place where the page is looked for. */
  readonly isLast: boolean;
}

/** The address that the index had before corrections. */
export const expectedUrl = ({ url, before }: Pick<Finding, "url" | "before">): string =>
  before?.url?.to === url ? before.url.from : url;

/** Looks up the rows of this many pages together: bounds memory and the number of queries. */
const GROUP_SIZE = 32;

/** Compares pages with their HTML. Parses only what has changed since the last verdict. */
export class SiteJudge {
  readonly findings: Finding[] = [];
  /** What the store should know from now on. */
  readonly records: PageRecord[] = [];
  /** Pages without HTML at their address. */
  readonly lost: Task[] = [];
  /** Files that pages have. */
  readonly claimed = new Set<BuiltFile>();
  readonly hasOverlap: boolean;
  /** How many built pages were parsed. */
  parsed = 0;
  readonly #work: JudgeWork;
  #group: Pending[] = [];

  constructor(work: JudgeWork) {
    this.#work = work;
    this.hasOverlap = work.config.chunking.overlapTokens > 0;
  }

  /** Judges a page by the HTML at its address, or where it was found before. */
  async add(task: Task): Promise<void> {
    this.#work.signal?.throwIfAborted();
    const { files } = this.#work;
    const url = expectedUrl(task);
    const at = pageIn(files.fileOf(url));
    const own = pageIn(files.ofPage(task.page));
    if (own !== null) {
      const moved = own === at ? null : { from: url, to: own.url };
      return this.#addAt({ ...task, file: own, moved, isLast: true });
    }
    if (at !== null) return this.#addAt({ ...task, file: at, moved: null, isLast: false });
    const known = task.before?.url?.to;
    const file = pageIn(known === undefined ? files.fileBelow(url) : files.fileOf(known));
    if (file === null) this.lost.push(task);
    else {
      const moved = { from: url, to: known ?? file.url };
      await this.#addAt({ ...task, file, moved, isLast: false });
    }
  }

  /** Judges a page by HTML that has its words, under another address. */
  addMoved(task: Task, file: BuiltFile): Promise<void> {
    const moved = { from: expectedUrl(task), to: file.url };
    return this.#addAt({ ...task, file, moved, isLast: true });
  }

  /** Nothing is known of a page without HTML, corrections included, but how it was looked for. */
  addLost({ page, url, before, record }: Task, verdict: string): void {
    const nothing = { file: null, moved: null, verdict: null, anchors: null, corrections: null };
    this.findings.push({ page, url, before, ...nothing });
    if (record !== null && (before !== null || record.verdict !== verdict)) {
      this.records.push({ ...record, corrections: null, verdict });
    }
  }

  async #addAt(pending: Pending): Promise<void> {
    const { before, file, known, moved, page, url } = pending;
    this.claimed.add(file);
    const basis = this.#basisOf(pending, before);
    const isSettled = moved?.to === before?.url?.to || !this.#isOfSource(page);
    if (known !== null && holds(known, basis) && isSettled) {
      const { verdict } = known;
      const found = { page, url, file: file.id, moved, verdict, anchors: verdict.anchors };
      this.findings.push({ ...found, before, corrections: before });
      return;
    }
    this.#group.push(pending);
    if (this.#group.length >= GROUP_SIZE) await this.judgeGroup();
  }

  /** Only the addresses of such a page are guesses, which can be corrected. */
  #isOfSource(page: string): boolean {
    const { config, files } = this.#work;
    return config.content.from === "source" && files.ofPage(page) === null;
  }

  #basisOf({ file, record }: Pending, corrections: Corrections | null) {
    const rest = JSON.stringify([corrections, this.hasOverlap]);
    return { html: file.contentHash, key: record?.key ?? "", rest };
  }

  /** Judges the pages gathered so far. */
  async judgeGroup(): Promise<void> {
    const group = this.#group.splice(0);
    if (group.length === 0) return;
    const rows = await this.#work.reader.rowsOf(group.map(({ page }) => page));
    const byPage = Map.groupBy(rows, ({ page }) => page);
    for (const pending of group) {
      await this.#judge(pending, byPage.get(pending.page) ?? []);
    }
  }

  async #judge(pending: Pending, rows: readonly StoredChunk[]): Promise<void> {
    const { page, url, file, before, record, moved } = pending;
    const { files, readPage } = this.#work;
    const facts = await readPage(files.read(file));
    this.parsed += 1;
    const chunks = rows.map((row) => uncorrected(row, before));
    const mayCorrect = record !== null && this.#isOfSource(page);
    const options = { before, hasOverlap: this.hasOverlap, mayCorrect };
    const { verdict, anchors, anchorsBefore } = judgePage(chunks, facts, options);
    const isUnlike = moved !== null && likenessOf(verdict) < LEAST_LIKENESS;
    if (isUnlike && !pending.isLast) {
      this.claimed.delete(file);
      this.lost.push(pending);
      return;
    }
    const corrects = mayCorrect && (moved !== null || anchors.length > 0);
    const corrections = corrects ? { url: moved, anchors } : null;
    const found = { page, url, file: file.id, moved, verdict };
    this.findings.push({ ...found, anchors: anchorsBefore, before, corrections });
    if (record === null) return;
    const kept = toStore(this.#basisOf(pending, corrections), verdict);
    this.records.push({ ...record, corrections, verdict: kept });
  }
}

/** A file that only leads to another page is none. */
const pageIn = (file: BuiltFile | null): BuiltFile | null =>
  file?.leftOut === "redirect" ? null : file;
