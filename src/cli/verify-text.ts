import type { DifferenceKind, Figure, PageDifference, VerifyReport } from "../verifying/report.ts";
import { count, grouped } from "../words/amounts.ts";
import { oneLine, type Paint } from "./paint.ts";

interface Judged {
  readonly min: number | null;
  readonly passed: boolean | null;
  readonly paint: Paint;
}

/** A verification for people: the figures, then the pages that differ most, by kind. */
export function verifyText(report: VerifyReport, { min, passed, paint }: Judged): string[] {
  const { advice, figures, notStored, pages, site } = report;
  const { urls, anchors, missing, neverShown } = figures;
  const rows = [
    right("URLs that exist", urls),
    right("anchors that exist", anchors),
    wrong("words missing", missing),
    wrong("words never shown", neverShown),
  ];
  const verdict = passed === null ? [] : ["", verdictOf(passed, min, paint)];
  return [
    `${count(pages, "page")} of the index, compared with ${site}`,
    ...rows,
    ...correctionLines(report),
    ...KINDS.flatMap((kind) => kindLines(kind, report.differing, paint)),
    ...listLines("not indexed", count(report.notIndexed.length, "file"), report.notIndexed, paint),
    ...(notStored === null ? [] : ["", `${paint("yellow", "not stored")} ${oneLine(notStored)}`]),
    ...(advice === null ? [] : ["", advice]),
    ...verdict,
  ];
}

/** Rounded down: 100 % means all. */
const right = (name: string, { share, total, wrong: few }: Figure): string =>
  row(name, Math.floor(share * 10_000), total - few, total);

/** Rounded up: 0 % means none. No words at all prove nothing. */
const wrong = (name: string, { total, wrong: few }: Figure): string =>
  row(name, total === 0 ? 10_000 : Math.ceil((10_000 * few) / total), few, total);

/** `hundredths`: of a per cent. */
const row = (name: string, hundredths: number, some: number, all: number): string => {
  const percent = hundredths % 10_000 === 0 ? hundredths / 100 : (hundredths / 100).toFixed(2);
  return `  ${name.padEnd(19)} ${`${percent} %`.padStart(8)}  ${grouped(some)} of ${grouped(all)}`;
};

const verdictOf = (passed: boolean, min: number | null, paint: Paint): string =>
  passed ? `All shares are at least ${min}.` : paint("red", `A share is below ${min}.`);

function correctionLines({ corrections }: VerifyReport): string[] {
  const { urls, anchors, withdrawn } = corrections;
  const parts = [
    ...(urls.length === 0 ? [] : [count(urls.length, "URL")]),
    ...(anchors.length === 0 ? [] : [count(anchors.length, "anchor")]),
  ];
  return [
    ...(parts.length === 0 ? [] : ["", `Corrected in the index: ${parts.join(", ")}.`]),
    ...(withdrawn.length === 0
      ? []
      : ["", `Earlier corrections withdrawn: ${count(withdrawn.length, "page")}.`]),
  ];
}

/** The worst first. */
const KINDS = [
  "no such page",
  "hardly any HTML",
  "empty",
  "rewritten",
  "anchors missing",
  "words missing",
  "words never shown",
] as const satisfies readonly DifferenceKind[];

/** Pages of one kind that are listed. */
const MAX_PAGES = 5;
/** Words or anchors of one page that are listed. */
const MAX_WORDS = 6;
/** Characters of a word or an anchor that are shown. */
const MAX_SIGNS = 32;

function kindLines(
  kind: DifferenceKind,
  differing: readonly PageDifference[],
  paint: Paint,
): string[] {
  const pages = differing.filter(({ kinds }) => kinds.includes(kind));
  const found = pages.map((page) => ({ page, detail: DETAILS[kind](page) }));
  const worst = found.sort((one, other) => other.detail.weight - one.detail.weight);
  const lines = worst.map(({ page, detail }) => `${page.page}: ${detail.text}`);
  return listLines(kind, count(lines.length, "page"), lines, paint);
}

function listLines(
  title: string,
  counted: string,
  lines: readonly string[],
  paint: Paint,
): string[] {
  if (lines.length === 0) return [];
  const more = lines.length - MAX_PAGES;
  return [
    "",
    `${paint("yellow", title)} (${counted})`,
    ...lines.slice(0, MAX_PAGES).map((line) => `  ${oneLine(line)}`),
    ...(more > 0 ? [`  and ${grouped(more)} more; --json lists all`] : []),
  ];
}

interface Detail {
  readonly text: string;
  readonly weight: number;
}

const url = (page: PageDifference): Detail => ({ text: page.url, weight: 0 });

const DETAILS: Readonly<Record<DifferenceKind, (page: PageDifference) => Detail>> = {
  "no such page": url,
  rewritten: (page) => ({ text: `${page.url} is ${page.file ?? "nowhere"}`, weight: 0 }),
  "hardly any HTML": url,
  empty: url,
  "anchors missing": ({ anchors }) => ({
    text: some(anchors.map((anchor) => `#${shortened(anchor)}`)),
    weight: anchors.length,
  }),
  "words missing": ({ missing }) => wordsOf(missing),
  "words never shown": ({ neverShown }) => wordsOf(neverShown),
};

function wordsOf(words: Readonly<Record<string, number>>): Detail {
  const weight = Object.values(words).reduce((sum, times) => sum + times, 0);
  const names = Object.entries(words).map(([word, times]) =>
    times === 1 ? shortened(word) : `${shortened(word)} (${times}×)`,
  );
  return { text: `${count(weight, "word")}: ${some(names)}`, weight };
}

const some = (names: readonly string[]): string =>
  names.slice(0, MAX_WORDS).join(", ") + (names.length > MAX_WORDS ? ", …" : "");

/** Hashes and keys are words, too. */
const shortened = (name: string): string => {
  const signs = Array.from(name);
  return signs.length > MAX_SIGNS ? `${signs.slice(0, MAX_SIGNS).join("")}…` : name;
};
