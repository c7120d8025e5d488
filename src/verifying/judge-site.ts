import { hash } from "node:crypto";
import { scansFromStore, scansToStore } from "../content/file-scans.ts";
import type { BuiltFile } from "../content/survey-site.ts";
import type { IndexReader } from "../store/index-reader.ts";
import type { PageRecord } from "../store/page-records.ts";
import { findMoved, type NamedWords } from "./find-moved.ts";
import { SiteFiles } from "./site-files.ts";
import { SiteJudge, type Finding, type JudgeWork, type Task } from "./site-judge.ts";
import { fromStore, notFound } from "./verdict.ts";
import { wordsOfChunks } from "./words-of-chunks.ts";
import { wordsOfHtml } from "./words-of-html.ts";

/** What is found out about the whole site. */
export interface SiteFindings {
  readonly published: IndexReader["published"];
  /** Whether the records of the pages are those of the published index. */
  readonly isComplete: boolean;
  readonly pages: readonly Finding[];
  /** HTML files that belong in an index, and that no page of this one has. */
  readonly notIndexed: readonly string[];
  /** What the store should know from now on. */
  readonly records: readonly PageRecord[];
  /** Scans of files, for the store. Some sites get new bytes with every build: these alone are worth no commit. */
  readonly scans: string;
  /** How many built pages were parsed. */
  readonly parsed: number;
}

export interface JudgeOptions extends Omit<JudgeWork, "files"> {
  readonly warn: (message: string) => void;
}

/** Compares every page of the published index with its HTML. */
export async function judgeSite(options: JudgeOptions): Promise<SiteFindings> {
  const { config, reader, signal } = options;
  const scans = async () => scansFromStore(await reader.knownFiles.read("built"));
  const [files, { isComplete, tasks }] = await Promise.all([
    SiteFiles.of(config, options.warn, signal, scans),
    readIndex(reader),
  ]);
  const work = { ...options, files };
  const judge = new SiteJudge(work);
  for (const task of tasks) await judge.add(task);
  await judge.judgeGroup();
  const others = files.all.filter((file) => isPage(file) && !judge.claimed.has(file));
  await findElsewhere(judge, others, work);
  const { claimed, findings, parsed, records } = judge;
  const copied = new Set([...claimed].map(({ copyOf }) => copyOf));
  const notIndexed = others.filter((file) => !claimed.has(file) && !copied.has(file.id));
  return {
    published: reader.published,
    isComplete,
    pages: findings,
    notIndexed: notIndexed.map(({ id }) => id),
    records,
    scans: scansToStore(files.lasting),
    parsed,
  };
}

/** All pages of the published index with what the store knows of them, and whether it knows of any. */
async function readIndex(reader: IndexReader) {
  const reading = reader.records().then((records) => records?.read());
  const [records, pages] = await Promise.all([reading, reader.pages()]);
  const tasks = [...pages].map(([page, { url }]): Task => {
    const record = records?.get(page) ?? null;
    const known = fromStore(record?.verdict ?? null);
    return { page, url, record, known, before: record?.corrections ?? null };
  });
  return { tasks, isComplete: records !== undefined };
}

/** Whether a file belongs in an index, as far as a scan tells. */
const isPage = ({ hasWords, leftOut }: BuiltFile): boolean => hasWords && leftOut === null;

/**
 * Looks for pages without HTML among the files that no page has, unless the same search has found none
 * of them before.
 */
async function findElsewhere(
  judge: SiteJudge,
  others: readonly BuiltFile[],
  work: JudgeWork,
): Promise<void> {
  const { lost } = judge;
  const stored = notFound(nameOfSearch(judge, others));
  const isKnown = lost.every(({ record }) => record?.verdict === stored);
  const moved = isKnown ? null : await findByWords(judge, others, work);
  for (const task of lost) {
    const file = moved?.get(task.page);
    if (file === undefined) judge.addLost(task, stored);
    else await judge.addMoved(task, file);
  }
  await judge.judgeGroup();
}

/** A hash of what decides whether pages are found. */
function nameOfSearch({ hasOverlap, lost }: SiteJudge, others: readonly BuiltFile[]): string {
  const pages = lost.map(({ page, record }) => [page, record?.key]);
  const files = others.map(({ id, contentHash }) => [id, contentHash]);
  return hash("sha256", JSON.stringify([pages, files, hasOverlap]));
}

/** Finds the files of lost pages by their words. */
async function findByWords(
  judge: SiteJudge,
  others: readonly BuiltFile[],
  { files, reader, readPage }: JudgeWork,
): Promise<Map<string, BuiltFile>> {
  const { hasOverlap, lost } = judge;
  const ours: NamedWords<string>[] = [];
  const theirs: NamedWords<BuiltFile>[] = [];
  for (const file of others) {
    const { required } = wordsOfHtml(await readPage(files.read(file)));
    judge.parsed += 1;
    theirs.push({ name: file, words: required.counts });
  }
  for (const { page } of others.length === 0 ? [] : lost) {
    const { required } = wordsOfChunks(await reader.rowsOf([page]), { hasMath: false, hasOverlap });
    ours.push({ name: page, words: required.counts });
  }
  return findMoved(ours, theirs);
}
